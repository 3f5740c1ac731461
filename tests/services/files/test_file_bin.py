"""The bin: a removed file waits thirty days to be put back, seen by who saw it, and is then destroyed (safety 21)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.database import Database
from models.entities import Deal, RemovedFile
from models.errors import NotAllowed, NotFound
from models.fields.groups import FileLike
from models.files.file_limits import FileLimits
from models.tables.deals import DealRow, HistoryRow
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from services.deals import deal_queries
from services.files import deal_files, file_bin, folder_changes, stored_files
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, hire, open_office


@dataclass(frozen=True)
class Sent:
    unique_id: str = "u"
    kind: str = "document"
    name: str = "plan.pdf"
    size: int | None = 1000
    mime: str | None = None
    caption: str = ""

    @property
    def telegram_id(self) -> str:
        return f"tg-{self.unique_id}"


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def put(office: Office, deal: Deal, field: str | None = None, sent: Sent | None = None) -> int:
    return await office.run(lambda work: deal_files.attach(work, deal.id, field, sent or Sent()), "manager")


async def removed(office: Office, key: int, who: str = "manager") -> None:
    await office.run(lambda work: folder_changes.remove(work, key), who)


async def restored(office: Office, key: int, who: Any = "manager") -> str:
    return (await office.run(lambda work: file_bin.restore(work, key), who)).outcome


async def bin_of(office: Office, deal: Deal, who: Any = "manager") -> list[RemovedFile]:
    return await office.run(lambda work: file_bin.of_deal(work, deal.id), who)


async def folder_of(office: Office, deal: Deal) -> list[tuple[int, str | None]]:
    found = await office.run(lambda work: deal_files.of_deal(work, deal.id), "manager")
    return [(one.id, one.field) for one in found]


async def value_of(office: Office, deal: Deal, field: str) -> Any:
    found = await office.run(lambda work: deal_queries.get(work, deal.id), "manager")
    return found.fields.get(field)


def with_field(office: Office, field: str, **settings: Any) -> None:
    """The process, with a field set otherwise."""
    process = office.company.processes["furniture"]
    changed = process.fields[field].model_copy(update=settings)
    assert isinstance(changed, FileLike)
    processes = {"furniture": process.model_copy(update={"fields": {**process.fields, field: changed}})}
    office.company = replace(office.company, processes=processes)


async def test_a_removed_file_is_in_no_folder_and_comes_back_as_the_same_one_where_it_was(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal)
    await office.run(lambda work: folder_changes.move(work, key, "design"), "manager")
    await removed(office, key)
    assert await folder_of(office, deal) == []
    assert await value_of(office, deal, "design") is None
    assert await office.run(lambda work: deal_files.count(work, deal)) == 0
    assert await office.run(lambda work: stored_files.find(work, key)) is None, "and it cannot be sent"
    with pytest.raises(NotFound):
        await office.run(lambda work: deal_files.get(work, key), "owner")
    (one,) = await bin_of(office, deal)
    assert (one.file.id, one.by, one.removed_at, (one.until - one.removed_at).days) == (key, "Анна", office.now, 30)
    assert await restored(office, key) == "back"
    assert await folder_of(office, deal) == [(key, "design")]
    assert await value_of(office, deal, "design") == (key,)
    assert await bin_of(office, deal) == []
    line = await office.run(
        lambda work: work.tx.execute(select(HistoryRow).where(HistoryRow.kind == "file_restored")).one()
    )
    assert (line.data["name"], line.actor_id) == ("plan.pdf", office.staff["manager"].id)


async def test_twice_is_once(office: Office) -> None:
    """Twice: removed by two, put back by two."""
    deal = await office.deal()
    key = await put(office, deal)
    await removed(office, key)
    with pytest.raises(NotFound):
        await removed(office, key, "owner")
    assert [one.by for one in await bin_of(office, deal)] == ["Анна"]
    await restored(office, key)
    with pytest.raises(NotFound):
        await restored(office, key, "owner")
    assert await folder_of(office, deal) == [(key, None)]


async def test_a_place_that_is_taken_meanwhile_keeps_what_is_in_it(office: Office) -> None:
    """Changed: a field that holds one file has another by now; the old one comes back beside the folders."""
    with_field(office, "design", many=False)
    deal = await office.deal()
    old = await put(office, deal)
    await office.run(lambda work: folder_changes.move(work, old, "design"), "manager")
    await removed(office, old)
    new = await put(office, deal, None, Sent("new"))
    await office.run(lambda work: folder_changes.move(work, new, "design"), "manager")
    assert await restored(office, old) == "beside"
    assert await value_of(office, deal, "design") == (new,)
    assert await folder_of(office, deal) == [(old, None), (new, "design")]


async def test_among_many_it_joins_them(office: Office) -> None:
    deal = await office.deal()
    first, second = await put(office, deal), await put(office, deal, None, Sent("2"))
    for key in (first, second):
        await office.run(lambda work, key=key: folder_changes.move(work, key, "design"), "manager")
    await removed(office, first)
    assert await restored(office, first) == "back"
    assert await value_of(office, deal, "design") == (second, first)


async def test_a_place_that_the_process_no_longer_has_is_none(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal, "design")
    await removed(office, key)
    process = office.company.processes["furniture"]
    fields = {name: one for name, one in process.fields.items() if name != "design"}
    office.company = replace(office.company, processes={"furniture": process.model_copy(update={"fields": fields})})
    assert await restored(office, key) == "beside"
    assert await folder_of(office, deal) == [(key, None)]


async def test_the_same_file_sent_anew_is_there_already(office: Office) -> None:
    deal = await office.deal()
    old = await put(office, deal)
    await removed(office, old)
    new = await put(office, deal)
    assert new != old
    assert await restored(office, old) == "same"
    assert await folder_of(office, deal) == [(new, None)]
    assert await bin_of(office, deal) == []


async def test_the_bin_shows_nobody_what_he_may_not_see(office: Office) -> None:
    """Rights: a hidden field, a foreign deal, a deal that is gone."""
    with_field(office, "design", hidden_from=("installer",))
    office.company.processes["furniture"].__dict__.pop("hidden_by_role", None)  # what was computed once is copied too
    deal, _ = await office.assembly()
    secret, plain = await put(office, deal, "design"), await put(office, deal, None, Sent("2"))
    for key in (secret, plain):
        await removed(office, key)
    assert [one.file.id for one in await bin_of(office, deal, "installer")] == [plain]
    for key in (secret, plain):
        with pytest.raises(NotAllowed):
            await restored(office, key, "installer")
    stranger = await hire(office, "manager", 2001, "Пётр")
    with pytest.raises(NotAllowed):
        await bin_of(office, deal, stranger)
    with pytest.raises(NotAllowed):
        await restored(office, plain, stranger)
    await office.run(
        lambda work: work.tx.execute(update(DealRow).where(DealRow.id == deal.id).values(deleted_at=work.now))
    )
    for refused in (bin_of(office, deal, "owner"), restored(office, plain, "owner")):
        with pytest.raises(NotFound):
            await refused


async def test_who_removed_it_puts_it_back_and_so_do_those_above_when_he_is_gone(office: Office) -> None:
    deal, _ = await office.assembly()
    me = office.staff["installer"].id
    keys = [
        await office.run(lambda work, n=n: deal_files.attach(work, deal.id, None, Sent(n)), "installer") for n in "ab"
    ]
    await office.run(lambda work: folder_changes.take_back(work, deal.id, keys, None, me), "installer")
    assert await restored(office, keys[0], "installer") == "back"
    await office.run(lambda work: work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == me).values(active=False)))
    (one,) = await bin_of(office, deal, "owner")
    assert one.by == "Игорь", "the bin still says who it was"
    assert await restored(office, keys[1], "owner") == "back"


async def test_a_closed_deal_gets_its_file_back(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal, "design")
    await removed(office, key)
    await office.run(lambda work: work.tx.execute(update(DealRow).where(DealRow.id == deal.id).values(status="won")))
    assert await restored(office, key) == "back"
    assert await value_of(office, deal, "design") == (key,)


# --- the end ----------------------------------------------------------------------------------------------------


async def emptied(office: Office) -> int:
    return await office.run(file_bin.empty)


async def test_after_its_days_it_is_destroyed_and_its_bytes_with_it(office: Office) -> None:
    """Forgotten: nobody puts it back; a moment before its time it is still there, at its time it is gone."""
    deal = await office.deal()
    key = await put(office, deal)
    await office.run(lambda work: stored_files.mark(work, key, "a" * 64, 10))
    await removed(office, key)
    office.later(days=29, hours=23)
    assert await emptied(office) == 0
    assert await office.run(lambda work: stored_files.is_used(work, "a" * 64)), "the bytes wait with it"
    assert [one.file.id for one in await bin_of(office, deal)] == [key]
    office.later(hours=1)
    assert await bin_of(office, deal) == [], "its time is over, though the night has not come yet"
    with pytest.raises(NotFound):
        await restored(office, key)
    assert await emptied(office) == 1
    assert await emptied(office) == 0
    assert await office.run(lambda work: work.tx.execute(select(FileRow.id)).all()) == []
    jobs = await office.run(
        lambda work: work.tx.execute(select(ScheduledRow).where(ScheduledRow.rule == "forget")).all()
    )
    assert [row.payload for row in jobs] == [{"sha": "a" * 64}]


async def test_a_file_with_the_same_bytes_keeps_them(office: Office) -> None:
    first, second = await office.deal(), await office.deal(phone="+79120000002")
    keys = [await put(office, first, None, Sent("1")), await put(office, second, None, Sent("2"))]
    for key in keys:
        await office.run(lambda work, key=key: stored_files.mark(work, key, "b" * 64, 10))
    await removed(office, keys[0])
    office.later(days=30)
    assert await emptied(office) == 1
    assert await office.run(lambda work: stored_files.is_used(work, "b" * 64))


async def test_the_bin_of_a_deleted_deal_is_emptied_too_and_nothing_that_lies_in_a_folder(office: Office) -> None:
    deal, other = await office.deal(), await office.deal(phone="+79120000002")
    key, kept = await put(office, deal), await put(office, other)
    await removed(office, key)
    await office.run(
        lambda work: work.tx.execute(update(DealRow).where(DealRow.id == deal.id).values(deleted_at=work.now))
    )
    office.later(days=400)
    assert await emptied(office) == 1
    assert await folder_of(office, other) == [(kept, None)]


async def test_the_owner_says_how_long(office: Office) -> None:
    office.company = replace(office.company, files=FileLimits(bin_days=3))
    deal = await office.deal()
    key = await put(office, deal)
    await removed(office, key)
    office.later(days=3)
    assert await emptied(office) == 1


async def test_what_was_removed_before_its_bytes_came_is_fetched_all_the_same(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal)
    await removed(office, key)

    def waits(work: UnitOfWork) -> list[int]:
        return stored_files.without_bytes(work, 0, office.now.replace(year=2030), 5)

    assert await office.run(waits) == [key]
    assert (await office.run(lambda work: stored_files.find_also_removed(work, key))) is not None
