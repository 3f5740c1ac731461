"""Which backups stay, and what is cleared away."""

from __future__ import annotations

import os
import stat
import time
from datetime import date, timedelta
from pathlib import Path

from bot.backup import backup_folder

TODAY = date(2026, 11, 26)  # a Thursday


def every_day(number: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in range(number)]


def test_a_week_of_days_and_four_weeks_stay_and_nothing_is_older_than_a_month() -> None:
    kept = sorted(backup_folder.to_keep(every_day(100), TODAY, days=7, weeks=4))
    assert [one.isoformat() for one in kept] == [
        "2026-11-08", "2026-11-15",  # Sundays
        "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26",
    ]  # fmt: skip
    for day in range(366):
        today = TODAY + timedelta(days=day)
        oldest = min(backup_folder.to_keep([today - timedelta(days=n) for n in range(100)], today, days=7, weeks=4))
        assert (today - oldest).days <= 28


def test_weeks_survive_nights_without_a_backup_and_no_weeks_are_kept_if_none_are_wished() -> None:
    kept = backup_folder.to_keep([date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 26)], TODAY, days=1, weeks=4)
    assert kept == {date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 26)}
    assert backup_folder.to_keep(every_day(30), TODAY, days=2, weeks=0) == set(every_day(2))


def test_a_backup_of_tomorrow_stays_because_the_clock_may_have_been_wrong() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert tomorrow in backup_folder.to_keep([tomorrow, TODAY], TODAY, days=1, weeks=0)


def test_only_what_the_bot_made_is_deleted(tmp_path: Path) -> None:
    kept = {"verstak-2026-11-26.zip", "verstak-2026-11-26.zip.age", "mine.zip", "verstak-before-update.zip"}
    gone = {"verstak-2026-01-01.zip", "verstak-2026-11-25.zip.age"}
    for name in kept | gone:
        (tmp_path / name).touch()
    assert set(backup_folder.rotate(tmp_path, TODAY, days=7, weeks=4)) == gone
    assert {one.name for one in tmp_path.iterdir()} == kept


def test_what_was_left_by_a_backup_that_was_killed_is_cleared_away_once_it_is_a_day_old(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name in ("old", "new"):
        (tmp_path / f".verstak-{name}").mkdir()
        (tmp_path / f".verstak-{name}" / "verstak.db").touch()
        (tmp_path / f"verstak-{name}.zip.part").touch()
    (tmp_path / "others.part").touch()
    before = time.time() - 2 * backup_folder.A_DAY
    for name in (".verstak-old", "verstak-old.zip.part", "others.part"):
        os.utime(tmp_path / name, (before, before))
    backup_folder.prepare(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {".verstak-new", "verstak-new.zip.part", "others.part"}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
