"""The command line. A wrong word gets a clear line and exit status 1, never a traceback.

Modules are imported when a command needs them: aiogram alone takes seconds, and `verstak check` does without it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.cli import journal_arguments
from models.roles import ROLES

PROGRAM = "verstak"
Runner = Callable[[argparse.Namespace], int]


def run(argv: Sequence[str]) -> int:
    """Carry out a command; the exit status."""
    from bot import log, private_files
    from bot.cli.cli_error import CliError

    log.configure()
    os.umask(private_files.OTHERS)  # whatever is written by us or a library is nobody else's to read
    given = parser().parse_args(argv)
    try:
        return RUNNERS[given.command](given) if given.command else _by_token(given)
    except KeyboardInterrupt:
        return 130
    except CliError as trouble:
        return _refuse([str(trouble)])
    except Exception as error:  # noqa: BLE001 — a person gets a line, the log what happened
        problems = getattr(error, "problems", None)  # SettingsRefused, StartRefused, ProcessesBroken
        if problems is not None:
            return _refuse([str(one) for one in problems])
        from bot import start_words

        if (line := start_words.of_anything(error)) is not None:
            return _refuse([line])
        log.get("bot.cli.command_line").error("unexpected", exc_info=error)
        return _refuse([f"unexpected trouble: {log.describe(error)}"])


def parser() -> argparse.ArgumentParser:
    """What can be said."""
    top = argparse.ArgumentParser(PROGRAM, description="A CRM for furniture and kitchen makers that lives in Telegram.")
    commands = top.add_subparsers(
        dest="command", metavar="command", title="commands (none: run with a BOT_TOKEN, else sandbox)"
    )
    commands.add_parser("run", help="run the bot (needs BOT_TOKEN)")
    box = commands.add_parser("sandbox", help="run everything on this machine, with a Telegram of its own")
    box.add_argument("--port", type=int, default=8080, help="of the page; 0 takes a free one (default: 8080)")
    check = commands.add_parser("check", help="check process files")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all that are in force")
    invite = commands.add_parser("invite", help="make a one-time invitation")
    invite.add_argument("--role", required=True, choices=sorted(ROLES))
    invite.add_argument("--name", help="what the person is called in the bot")
    commands.add_parser("doctor", help="say what is wrong, and what helps; changes nothing")
    backup = commands.add_parser("backup", help="save database and files into a file, proven by restoring it")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = commands.add_parser("restore", help="take database and files from a backup, encrypted or not")
    restore.add_argument("file", type=Path, metavar="FILE", help="of several parts: any of them, beside the others")
    restore.add_argument("--key", type=Path, metavar="FILE", help="with the key of an encrypted one (default: ask)")
    restore.add_argument("--force", action="store_true", help="even if there is data; it is kept beside")
    graph = commands.add_parser("graph", help="draw a process as Mermaid text")
    graph.add_argument("process", metavar="PROCESS")
    schema = commands.add_parser("schema", help="tell the process language: as JSON Schema, or as a page to read")
    schema.add_argument("--markdown", action="store_true", help="the page")
    schema.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to write it (default: print it)")
    export = commands.add_parser(
        "export",
        usage=f"{PROGRAM} export [FILE.zip] | export REPORT [FILE.xlsx|FILE.csv]",
        help="write clients and deals as tables (CSV, in a ZIP file), or a report by its word: `export ledger`",
    )
    export.add_argument("words", nargs="*", metavar="[REPORT] FILE")
    compare = commands.add_parser("compare", help="list where a ledger of another program (.xlsx, .csv) differs")
    compare.add_argument("file", type=Path, metavar="FILE")
    bring = commands.add_parser("import", help="take clients or leads from a table (CSV)")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--as", dest="kind", choices=("leads", "clients"), default="leads")
    journal_arguments.add(commands.add_parser("journal", help="who looked at clients, took them out or erased them"))
    replay = commands.add_parser("replay", help="give updates that were put aside another try")
    replay.add_argument("id", type=int, nargs="?", metavar="ID", help="default: all")
    return top


def _by_token(given: argparse.Namespace) -> int:
    from bot import settings

    if settings.load().bot_token is not None:
        return _run(given)
    given.port = 8080
    return _sandbox(given)


def _run(_: argparse.Namespace) -> int:
    from bot.cli import run_command

    return _go(run_command.run())


def _sandbox(given: argparse.Namespace) -> int:
    from bot.cli import sandbox_command

    return _go(sandbox_command.run(given.port, partial(print, flush=True)))


def _check(given: argparse.Namespace) -> int:
    from bot.cli import small_commands

    problems, said = small_commands.check(given.files)
    if problems:
        return _refuse(problems)
    print(*said, sep="\n")
    return 0


def _invite(given: argparse.Namespace) -> int:
    from bot.cli import small_commands

    return _say(small_commands.invite(given.role, given.name))


def _doctor(_: argparse.Namespace) -> int:
    from bot.cli import doctor_command

    lines, wrong = asyncio.run(doctor_command.look())
    print(*lines, sep="\n")
    return 1 if wrong else 0


def _backup(given: argparse.Namespace) -> int:
    from bot.backup import backup

    return _say(backup.backup(given.file))


def _restore(given: argparse.Namespace) -> int:
    from bot.cli import restore_command

    return _say(restore_command.restore(given.file, key=given.key, force=given.force))


def _graph(given: argparse.Namespace) -> int:
    from bot.cli import small_commands

    print(small_commands.graph(given.process))
    return 0


def _schema(given: argparse.Namespace) -> int:
    from bot.cli import small_commands

    told = small_commands.schema(markdown=given.markdown)
    if given.file is None:
        print(told, end="")
    else:
        small_commands.write(told, given.file)
    return 0


def _export(given: argparse.Namespace) -> int:
    from bot.cli import csv_io, report_commands

    what, *rest = given.words or ["verstak-export.zip"]
    if Path(what).suffix:
        if rest:
            return _refuse([f"export: one file at a time, not also {rest[-1]}"])
        return _say(csv_io.export(Path(what)))
    if len(rest) > 1:
        return _refuse([f"export: one file at a time, not also {rest[-1]}"])
    return _say(report_commands.export(what, Path(rest[0]) if rest else None))


def _compare(given: argparse.Namespace) -> int:
    from bot.cli import register_commands

    differences, summary = asyncio.run(register_commands.compare(given.file))
    print(*differences, summary, sep="\n")
    return 1 if differences else 0


def _import(given: argparse.Namespace) -> int:
    from bot.cli import csv_io

    return _say(csv_io.bring(given.file, given.kind))


def _journal(given: argparse.Namespace) -> int:
    from bot.cli import journal_commands

    lines, wrong = asyncio.run(journal_commands.answer(given))
    print(*lines, sep="\n")
    return 1 if wrong else 0


def _replay(given: argparse.Namespace) -> int:
    from bot.cli import small_commands

    return _say(small_commands.replay(given.id))


RUNNERS: dict[str, Runner] = {
    "run": _run, "sandbox": _sandbox, "check": _check, "doctor": _doctor, "invite": _invite, "backup": _backup,
    "restore": _restore, "graph": _graph, "schema": _schema, "export": _export, "compare": _compare, "import": _import,
    "journal": _journal, "replay": _replay,
}  # fmt: skip


def _say(work: Coroutine[Any, Any, str]) -> int:
    print(asyncio.run(work))
    return 0


def _go(work: Coroutine[Any, Any, None]) -> int:
    """Run until stopped, on the faster loop where there is one."""
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)
    return 0


def _refuse(lines: Sequence[str]) -> int:
    for line in lines:
        print(f"{PROGRAM}: {line}", file=sys.stderr)
    return 1
