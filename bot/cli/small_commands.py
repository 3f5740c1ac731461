"""The small commands: check, invite, graph, schema, replay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from bot import language_parts, process_files
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.process.process import Process
from models.process.reference import json_schema, language_page
from models.roles import Role
from services import processes


def check(files: Sequence[Path]) -> tuple[list[str], list[str]]:
    """(Every problem of the process files, what is told of them if there is none).

    Without files those in force are checked: the owner's, and the shipped ones that he has not replaced.
    """
    found = process_files.given(files) if files else process_files.find(conf.load().data_dir)
    count = len(found.files)
    said = [] if files else found.lines()
    language_parts.load()
    problems = [*language_parts.missing(), *map(str, found.problems())]
    return problems, [*said, f"{count} process file{'' if count == 1 else 's'}: all well"]


async def invite(role: Role, name: str | None) -> str:
    """A one-time invitation: the link to give to the person."""
    from bot import app as root
    from scheduler.clock import utc_now
    from services import invitations
    from services.unit_of_work import UnitOfWork

    settings = conf.load()
    db = await root.open_ready(settings)
    try:
        company = root.read_company(settings)
        token = await db.run(lambda tx: invitations.invite(UnitOfWork(tx, utc_now(), company), role, name))
        username = await db.run(root.find_username)
    finally:
        await db.close()
    if not username and settings.bot_token is not None:
        username = await _ask_username(settings)
    hours = int(invitations.LIFE.total_seconds() // 3600)
    once = f"It works once, within {hours} hours."
    if username:
        return f"https://t.me/{username}?start={token}\n{once}"
    return f"Send this to the bot:\n/start {token}\n{once}"


async def _ask_username(settings: conf.Settings) -> str:
    from aiogram.exceptions import TelegramAPIError

    from bot import telegram_client

    assert settings.bot_token is not None
    proxy = settings.proxy_url.get_secret_value() if settings.proxy_url else None
    telegram = telegram_client.TelegramClient(settings.bot_token.get_secret_value(), settings.bot_api_url, proxy=proxy)
    try:
        return str((await telegram_client.wait_for(telegram, patience=3.0)).get("username") or "")
    except TelegramAPIError:
        return ""  # the invitation is made; without Telegram in reach it is given as a command
    finally:
        await telegram.close()


async def replay(number: int | None) -> str:
    """Put updates back that were put aside; a running bot takes them up within seconds."""
    from bot import app as root
    from bot.updates import inbox

    db = await root.open_ready(conf.load())
    try:

        def again(tx: Connection) -> int:
            return len(inbox.replay(tx, number))

        count = await db.run(again)
    finally:
        await db.close()
    if number is not None and not count:
        raise CliError(f"no update {number} was put aside")
    return f"{count} put back; a running bot takes them up within half a minute, another one when it starts"


def graph(name: str) -> str:
    """A process as a Mermaid flowchart; Trouble if no file describes it."""
    found = process_files.find(conf.load().data_dir)
    return draw(processes.load(found.files, [name], found.papers)[name])


def schema(*, markdown: bool) -> str:
    """The process language as a JSON Schema, or as a page to read."""
    return language_page.markdown() if markdown else json_schema.text()


def write(text: str, file: Path) -> None:
    """Into a file; CliError if it cannot be written."""
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}") from error


def draw(process: Process) -> str:
    """The stages of every pipeline, and the ways on from each; conditions make a dotted way."""
    lines = ["flowchart LR"]
    for key, pipeline in process.pipelines.items():
        lines.append(f'  subgraph {key}["{_quoted(pipeline.title)}"]')
        for name, stage in pipeline.stages.items():
            left, right = ('(["', '"])') if stage.ending else ('["', '"]')
            lines.append(f"    {key}__{name}{left}{_quoted(stage.title)}{right}")
        for name in pipeline.stages:
            lines += [
                f"    {key}__{name} {'-.->' if way.if_ else '-->'} {key}__{way.to}" for way in process.ways(key, name)
            ]
        lines.append("  end")
    lines += [f"  {source} ==> {target}" for source, target in _leaps(process)]
    return "\n".join(lines)


def _leaps(process: Process) -> list[tuple[str, str]]:
    """From which stage a robot carries a deal over into another pipeline."""
    found = []
    for pipeline, name, stage in process.every_stage:
        for robot in stage.robots:
            for action in robot.do:
                to = getattr(action, "carry", None) or getattr(action, "convert", None)
                if to:
                    line, _, target = to.partition(".")
                    first = target or next(iter(process.pipelines[line].stages))
                    found.append((f"{pipeline}__{name}", f"{line}__{first}"))
    return list(dict.fromkeys(found))


def _quoted(title: str) -> str:
    return title.replace('"', "#quot;")
