"""The folder of nightly backups: what each is called, which go, and what was left behind by one that was cut off."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from bot import private_files
from bot.backup.backup import WORKSHOP
from bot.backup.backup_encryption import SUFFIX

NAME = re.compile(r"verstak-(\d{4}-\d\d-\d\d)\.zip")
A_DAY = 86_400.0  # seconds


def prepare(folder: Path) -> None:
    """Make the folder ours alone, and clear away what backups that were killed have left in it."""
    private_files.make_folder(folder)
    private_files.tighten(folder)
    for one in folder.iterdir():
        if time.time() - one.lstat().st_mtime < A_DAY:
            continue  # somebody may be at it
        if one.name.startswith(WORKSHOP) and one.is_dir():
            shutil.rmtree(one)
        elif one.name.startswith("verstak-") and one.name.endswith(".part"):
            one.unlink()


def name_of(night: date) -> str:
    """What a night's backup is called."""
    return f"verstak-{night.isoformat()}.zip"


def rotate(folder: Path, today: date, days: int, weeks: int) -> list[str]:
    """Delete the backups whose time is over, and encrypted ones of other nights; their names."""
    nights = {one: date.fromisoformat(found[1]) for one in folder.iterdir() if (found := NAME.fullmatch(one.name))}
    kept = to_keep(nights.values(), today, days, weeks)
    gone = [one for one, night in nights.items() if night not in kept]
    gone += [one for one in folder.glob(f"verstak-*.zip{SUFFIX}") if one.name != f"{name_of(today)}{SUFFIX}"]
    for one in gone:
        one.unlink()
    return sorted(one.name for one in gone)


def to_keep(nights: Iterable[date], today: date, days: int, weeks: int) -> set[date]:
    """Those of the last `days` days, and the newest one of each of the last `weeks` weeks (from Monday, this one too).

    Of a later day than today's (the clock was wrong) all stay.
    """
    monday = today - timedelta(days=today.weekday())
    newest: dict[date, date] = {}
    for night in sorted(nights):
        newest[night - timedelta(days=night.weekday())] = night
    weekly = {night for week, night in newest.items() if (monday - week).days < 7 * weeks}
    return weekly | {night for night in nights if (today - night).days < days}
