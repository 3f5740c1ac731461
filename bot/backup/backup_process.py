"""A nightly backup in a process of its own: no press waits for its work, and it can be stopped at any moment.

`python -m bot.backup.backup_process`, with a `BackupOrder` on its input; a `BackupAnswer` comes out.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot import log, private_files
from bot.backup import backup, backup_encryption, backup_folder
from bot.backup.backup_order import BackupAnswer, BackupOrder
from bot.backup.manifest import checksum
from bot.cli.cli_error import CliError
from bot.personal import erased_list

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 55 * 60.0  # seconds; shorter than the hour for which a night is claimed
GENTLY = 10  # of 19: whoever presses goes before
logger = log.get("bot.backup.backup_process")


async def carry_out(order: BackupOrder) -> BackupAnswer:
    """Have it done by another process, which is gone afterwards, also if this task is cancelled."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.backup.backup_process",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd(),
        env={**os.environ, "PYTHONPATH": _search_path(), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate(order.model_dump_json().encode())
    except TimeoutError:
        return BackupAnswer(trouble=f"it took longer than {PATIENCE / 60:.0f} minutes")
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)  # pg_dump too
            await process.wait()
    if process.returncode != 0 or not said:
        return BackupAnswer(trouble=f"the process that makes it ended with {process.returncode}")
    return BackupAnswer.model_validate_json(said)


def make(order: BackupOrder) -> BackupAnswer:
    """Make, prove, encrypt, rotate. Old ones go only once there is a new one that is proven."""
    try:
        backup_folder.prepare(order.folder)
        file = order.folder / backup_folder.name_of(order.night)
        made = backup.make(order.database.get_secret_value(), order.data_dir, file)
        size = _encrypt(order, file)
        erased_list.add(order.folder, erased_list.read(order.data_dir))
        backup_folder.rotate(order.folder, order.night, order.days, order.weeks)
    except CliError as trouble:
        return BackupAnswer(trouble=str(trouble))
    except OSError as error:
        return BackupAnswer(trouble=f"{error.filename or order.folder}: {error.strerror or error}")
    except Exception as error:
        logger.error("unexpected", exc_info=error)
        return BackupAnswer(trouble=f"unexpected trouble: {log.reason(error)}")
    return BackupAnswer(made=made, encrypted=size)


def _encrypt(order: BackupOrder, file: Path) -> int:
    if order.recipient is None or order.secret is None:
        return 0
    to = file.with_name(f"{file.name}{backup_encryption.SUFFIX}")
    backup_encryption.encrypt(file, to, order.recipient)
    backup_encryption.prove(to, order.secret.get_secret_value(), checksum(file))
    return to.stat().st_size


def _search_path() -> str:
    known = os.environ.get("PYTHONPATH")
    return f"{ROOT}{os.pathsep}{known}" if known else str(ROOT)


def main() -> None:
    """Read the order, carry it out, answer."""
    log.configure()
    log.hush_python()
    os.umask(private_files.OTHERS)
    if os.name == "posix":
        os.nice(GENTLY)
        signal.alarm(int(PATIENCE))  # its bot may have been killed: then nobody else ends it
    answer = make(BackupOrder.model_validate_json(sys.stdin.buffer.read()))
    sys.stdout.write(answer.model_dump_json())


if __name__ == "__main__":
    main()
