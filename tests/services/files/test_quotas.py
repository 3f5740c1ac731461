"""How much of files there may be: of one person in a day, of the company in all (safety 21)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.database import Database
from models.files.file_limits import MEGABYTE, FileLimits
from models.tables.outbox import ScheduledRow
from models.troubles import TroubleKind
from models.values.invalid_value import InvalidValue
from services.files import deal_files, file_bin, folder_changes, quotas, stored_files
from services.files.incoming_files import IncomingFile
from services.operation import troubles
from tests.worlds.office import Office, open_office

NUMBERS = itertools.count(1000)


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def sent(office: Office, n: int, megabytes: int = 10, who: str = "manager") -> int:
    """One more file."""
    deals = getattr(office, "deals", None) or [await office.deal()]
    office.deals = deals  # type: ignore[attr-defined]
    file = IncomingFile("document", f"tg-{n}", f"u-{n}", f"{n}.pdf", megabytes * MEGABYTE, None)
    return await office.run(lambda work: deal_files.attach(work, deals[0].id, None, file), who)


async def filled(office: Office, megabytes: int) -> list[int]:
    """Files of a hundred megabytes, as many as it takes, until so many are taken."""
    keys = []
    while (missing := megabytes * MEGABYTE - await office.run(quotas.taken)) > 0:
        keys.append(key := await sent(office, next(NUMBERS), 1))
        size = min(missing, 100 * MEGABYTE)
        await office.run(lambda work, key=key, size=size: stored_files.mark(work, key, f"{key:064}", size))
    return keys


def limited(office: Office, **limits: int) -> None:
    office.company = replace(office.company, files=FileLimits(**limits))


async def test_what_a_person_sends_in_a_day_has_a_limit_and_the_next_day_begins_anew(office: Office) -> None:
    limited(office, daily_megabytes=25)
    await sent(office, 1)
    await sent(office, 2)
    with pytest.raises(InvalidValue, match="вы прислали 20 МБ файлов, больше 25 МБ в день"):
        await sent(office, 3)
    assert await sent(office, 1), "the same file once more is no more of it"
    assert await sent(office, 4, who="owner"), "everybody has his own"
    office.later(hours=11, minutes=59)
    with pytest.raises(InvalidValue):
        await sent(office, 5)
    office.later(minutes=1)
    assert await sent(office, 5), "it is midnight where the company is"


async def test_what_all_files_take_has_a_limit_and_the_owner_hears_before(office: Office) -> None:
    limited(office, total_gigabytes=1, daily_megabytes=0)
    await filled(office, 900)
    assert await lasting(office) == []
    await sent(office, 10, 20)
    await sent(office, 11, 2)
    assert await lasting(office) == [(TroubleKind.FILES_FULL, {"percent": 90, "limit": 1})]
    await filled(office, 1022)
    with pytest.raises(InvalidValue, match="Место для файлов кончилось"):
        await sent(office, 12, 3)
    await sent(office, 13, 2)
    told = select(ScheduledRow.employee_id).where(ScheduledRow.rule == troubles.RULE)
    assert await office.run(lambda work: work.tx.execute(told).scalars().all()) == [office.staff["owner"].id], "once"


async def lasting(office: Office) -> list[tuple[TroubleKind, dict[str, object]]]:
    found = await office.run(lambda work: troubles.open_now(work.tx))
    return [(one.kind, dict(one.details)) for one in found]


async def test_what_the_bin_gives_back_is_room_again(office: Office) -> None:
    limited(office, total_gigabytes=1, daily_megabytes=0)
    keys = await filled(office, 1000)
    await office.run(quotas.warn)
    assert await lasting(office)
    assert await office.run(quotas.recount) == 1000 * MEGABYTE
    for key in keys[:2]:
        await office.run(lambda work, key=key: folder_changes.remove(work, key), "manager")
    assert await office.run(quotas.recount) == 1000 * MEGABYTE, "the bin takes room too"
    office.later(days=31)
    await office.run(file_bin.empty)
    assert await office.run(quotas.recount) == 800 * MEGABYTE
    assert await lasting(office) == []
    assert await sent(office, 20, 20)
    assert await office.run(quotas.taken) == 820 * MEGABYTE, "what came since is counted without the night"


async def test_the_same_bytes_take_room_once(office: Office) -> None:
    for n in range(3):
        key = await sent(office, n, 10)
        await office.run(lambda work, key=key: stored_files.mark(work, key, "a" * 64, 10 * MEGABYTE))
    assert await office.run(quotas.recount) == 10 * MEGABYTE


async def test_without_a_limit_there_is_none(office: Office) -> None:
    limited(office, total_gigabytes=0, daily_megabytes=0)
    await filled(office, 3000)
    assert await sent(office, 1)
    assert await lasting(office) == []
