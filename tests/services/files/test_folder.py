"""The deal's folder: who sees what, what is put elsewhere or taken out, and where a job's photos go (K-7, C-5, C-8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.database import Database
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.outbox import DeliveryState, Planned
from models.tables.deals import HistoryRow
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import InvalidValue
from services.deals import deal_queries
from services.files import deal_files, file_bin, folder_changes, stored_files, upload_targets
from services.outbox import schedule
from services.tasks import task_commands
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import NOON, Office, open_office


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


PHOTO = Sent("p", "photo", "photo.jpg", mime="image/jpeg")


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def put(office: Office, deal: Deal, field: str | None, sent: Sent, who: str = "manager") -> int:
    return await office.run(lambda work: deal_files.attach(work, deal.id, field, sent), who)


def with_secret(office: Office, field: str, *roles: str) -> None:
    """The process, with a field that is kept from roles."""
    process = office.company.processes["furniture"]
    hidden = process.fields[field].model_copy(update={"hidden_from": roles})
    changed = process.model_copy(update={"fields": {**process.fields, field: hidden}})
    changed.__dict__.pop("hidden_by_role", None)  # what was computed once is copied as well
    office.company = Company({"furniture": changed}, office.company.calendar)


async def errands_of(office: Office) -> list[tuple[str, Any]]:
    rows = await office.run(lambda work: work.tx.execute(select(ScheduledRow).where(ScheduledRow.kind == "job")).all())
    return [(row.rule, row.payload) for row in rows]


# --- keeping ----------------------------------------------------------------------------------------------------


async def test_k_7_a_file_that_is_kept_is_to_be_fetched(office: Office) -> None:
    """K-7: in the transaction that keeps a file, the errand for its bytes is written; once for the same file."""
    deal = await office.deal()
    key = await put(office, deal, "design", Sent())
    assert await put(office, deal, "design", Sent()) == key
    assert await errands_of(office) == [("fetch", {"file": key})]


async def test_a_file_sent_again_after_its_bytes_were_lost_is_fetched_by_its_new_id(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal, None, Sent())

    class Again(Sent):
        telegram_id = "tg-new"  # type: ignore[assignment]

    assert await put(office, deal, None, Again()) == key
    assert [name for name, _ in await errands_of(office)] == ["fetch", "fetch"]
    found = await office.run(lambda work: stored_files.find(work, key))
    assert found is not None
    assert found.telegram_id == "tg-new"


# --- who sees what ----------------------------------------------------------------------------------------------


async def test_c_8_who_drives_out_does_not_see_a_paper_with_prices(office: Office) -> None:
    """C-8, K-22: a field's files hidden from a role are neither listed, counted, found nor sent back to it."""
    with_secret(office, "design", "installer", "measurer")
    deal, _ = await office.assembly()
    secret = await put(office, deal, "design", Sent("s", name="price.pdf"))
    plain = await put(office, deal, None, Sent("o", name="scheme.pdf"))

    def seen(work: UnitOfWork) -> tuple[list[int], int, list[int]]:
        listed = [one.id for one in deal_files.of_deal(work, deal.id)]
        return (
            listed,
            deal_files.count(work, deal_queries.get(work, deal.id)),
            [one.id for one in deal_files.search(work, deal.id, "pdf")],
        )

    assert await office.run(seen, "installer") == ([plain], 1, [plain])
    assert await office.run(seen, "manager") == ([secret, plain], 2, [plain, secret])
    with pytest.raises(NotAllowed):
        await office.run(lambda work: deal_files.get(work, secret), "installer")
    assert (await office.run(lambda work: deal_files.get(work, secret), "manager")).name == "price.pdf"


async def test_c_8_our_own_papers_are_hidden_by_the_process_too(office: Office) -> None:
    """C-8, K-11: a contract that we made lies in its folder, and is kept from those whom the process names."""
    from models.process.process import PaperDefinition

    process = office.company.processes["furniture"]
    secret = PaperDefinition(title="Договор", template="contract.typ", folder="Договор", hidden_from=("installer",))
    act = PaperDefinition(title="Акт", template="act.typ")
    changed = process.model_copy(update={"papers": {"contract": secret, "act": act}})
    office.company = Company({"furniture": changed}, office.company.calendar)
    deal, _ = await office.assembly()

    def make(work: UnitOfWork) -> list[int]:
        keys = []
        for name in ("contract", "act"):
            keys.append(deal_files.made(work, deal, f"{name}.pdf", name[0] * 64, 10, "application/pdf"))
            row = {"number": "1", "version": 1, "data": {}, "fingerprint": "x", "state": "made", "at": work.now}
            work.tx.execute(insert(PaperRow), {**row, "deal_id": deal.id, "name": name, "file_id": keys[-1]})
        return keys

    contract, signed = await office.run(make)
    assert [one.id for one in await office.run(lambda work: deal_files.of_deal(work, deal.id), "installer")] == [signed]
    found = await office.run(lambda work: deal_files.get(work, contract), "manager")
    assert deal_files.folder_of(changed, found) == "Договор"
    with pytest.raises(NotAllowed):
        await office.run(lambda work: deal_files.get(work, contract), "installer")
    with pytest.raises(InvalidValue, match="документ"):
        await office.run(lambda work: folder_changes.remove(work, contract), "owner")


# --- put elsewhere, taken out -----------------------------------------------------------------------------------


async def test_k_7_a_file_sent_plainly_is_said_to_be_the_contract(office: Office) -> None:
    """K-7, K-8: a file that lies beside the folders is put under a field, and the field counts as filled."""
    deal = await office.deal()
    key = await put(office, deal, None, Sent())
    titles = dict(await office.run(lambda work: folder_changes.places(work, deal_files.get(work, key)), "manager"))
    assert "documents" in titles
    assert "act_photo" not in titles, "a PDF is no photo"
    after = await office.run(lambda work: folder_changes.move(work, key, "documents"), "manager")
    assert after.fields["documents"] == (key,)
    again = await office.run(lambda work: folder_changes.move(work, key, "design"), "manager")
    assert again.fields["design"] == (key,)
    assert "documents" not in again.fields, "and no longer by what lies elsewhere now"
    assert (await office.run(lambda work: folder_changes.move(work, key, None), "manager")).fields.get("design") is None
    with pytest.raises(NotFound):
        await office.run(lambda work: folder_changes.move(work, key, "budget"), "manager")


async def test_a_file_put_where_the_same_one_lies_is_one_file(office: Office) -> None:
    deal = await office.deal()
    first, second = await put(office, deal, "design", Sent()), await put(office, deal, "project", Sent())
    assert first != second
    after = await office.run(lambda work: folder_changes.move(work, second, "design"), "manager")
    assert [one.id for one in await office.run(lambda work: deal_files.of_deal(work, deal.id), "manager")] == [first]
    assert after.fields["design"] == (first,)


async def test_a_file_sent_by_mistake_is_taken_out_with_a_line_of_history(office: Office) -> None:
    deal = await office.deal()
    key = await put(office, deal, None, Sent())
    await office.run(lambda work: stored_files.mark(work, key, "a" * 64, 10))
    await office.run(lambda work: folder_changes.move(work, key, "design"), "manager")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: folder_changes.remove(work, key), "installer")
    after = await office.run(lambda work: folder_changes.remove(work, key), "manager")
    assert "design" not in after.fields
    assert await office.run(lambda work: deal_files.of_deal(work, deal.id), "manager") == []
    line = await office.run(
        lambda work: work.tx.execute(select(HistoryRow).where(HistoryRow.kind == "file_removed")).one()
    )
    assert (line.data, line.actor_id) == ({"name": "plan.pdf", "fields": ["design"]}, office.staff["manager"].id)
    assert [rule for rule, _ in await errands_of(office)] == ["fetch"], "its bytes wait in the bin"
    with pytest.raises(NotFound):
        await office.run(lambda work: folder_changes.remove(work, key), "manager")


async def test_bytes_that_another_file_has_too_are_still_used(office: Office) -> None:
    deal = await office.deal()
    first, second = await put(office, deal, None, Sent("1")), await put(office, deal, None, Sent("2"))
    for key in (first, second):
        await office.run(lambda work, key=key: stored_files.mark(work, key, "b" * 64, 10))
    await office.run(lambda work: folder_changes.remove(work, first), "manager")
    assert await office.run(lambda work: stored_files.is_used(work, "b" * 64))
    await office.run(lambda work: folder_changes.remove(work, second), "manager")
    assert await office.run(lambda work: stored_files.is_used(work, "b" * 64)), "they wait in the bin"
    office.later(days=30)
    await office.run(file_bin.empty)
    assert not await office.run(lambda work: stored_files.is_used(work, "b" * 64))


# --- where a job's photos go ------------------------------------------------------------------------------------


async def test_c_5_the_only_job_of_the_day_is_the_one_that_is_meant(office: Office) -> None:
    """C-5, K-22: the message's own date decides, not when it arrives."""
    job, _ = await office.assembly(NOON + timedelta(hours=2))
    tomorrow, _ = await office.assembly(NOON + timedelta(days=1, hours=2), phone="+79120000002")

    def meant(work: UnitOfWork, at: Any) -> int | None:
        found = upload_targets.the_one(work, upload_targets.around(work, at), at)
        return found.id if found else None

    assert await office.run(lambda work: meant(work, NOON), "installer") == job.id
    assert await office.run(lambda work: meant(work, NOON + timedelta(days=1)), "installer") == tomorrow.id
    office.later(days=5)
    assert await office.run(lambda work: meant(work, NOON), "installer") == job.id, "it came out of the cellar late"
    assert await office.run(lambda work: meant(work, NOON + timedelta(days=30)), "installer") is None
    assert await office.run(lambda work: meant(work, NOON), "manager") is None, "only for those who drive out"


async def test_c_5_of_two_jobs_on_one_day_none_is_surely_meant(office: Office) -> None:
    first, _ = await office.assembly(NOON + timedelta(hours=1))
    second, _ = await office.assembly(NOON + timedelta(hours=5), phone="+79120000002")
    found = await office.run(lambda work: upload_targets.around(work, NOON), "installer")
    assert [one.deal.id for one in found] == [first.id, second.id], "the nearest first"
    assert upload_targets.the_one(office.work(None, "installer"), found, NOON) is None  # type: ignore[arg-type]


async def test_k_22_a_closed_jobs_photos_still_land_for_a_day(office: Office) -> None:
    """K-22: what was taken at the client's lands in the job, though the job has been closed meanwhile."""
    deal, job = await office.assembly(NOON + timedelta(hours=1))
    office.later(hours=4)
    await office.run(lambda work: task_commands.close(work, job.id, "claim", {"claim": "Царапина"}), "installer")
    at = office.now + timedelta(hours=20)
    found = await office.run(lambda work: upload_targets.around(work, at), "installer")
    assert [one.deal.id for one in found] == [deal.id]
    assert await office.run(lambda work: upload_targets.around(work, at + timedelta(hours=5)), "installer") == []


async def test_k_22_photos_go_under_the_field_that_the_jobs_checklist_fills(office: Office) -> None:
    deal, _ = await office.assembly()

    def named(work: UnitOfWork) -> tuple[str | None, str | None]:
        return upload_targets.field_for(work, deal, PHOTO), upload_targets.field_for(work, deal, Sent())

    assert await office.run(named, "installer") == ("assembly_photos", None)
    assert await office.run(named, "manager") == (None, None)


async def test_no_photo_goes_under_a_field_that_is_hidden_from_its_sender(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal, _ = await office.assembly()
    monkeypatch.setattr(access, "hidden_fields", lambda role, process: frozenset({"assembly_photos", "act_photo"}))
    assert await office.run(lambda work: upload_targets.field_for(work, deal, PHOTO), "installer") is None


async def test_an_answer_to_a_message_of_the_bot_is_about_its_deal(office: Office) -> None:
    deal, other = await office.deal(), await office.deal(phone="+79120000002")
    me = office.staff["manager"].id

    def said(work: UnitOfWork) -> None:
        for number, about in ((500, [deal.id]), (501, [deal.id, other.id]), (502, [None])):
            for place, key in enumerate(about):
                row = Planned("notice", "x", f"{number}-{place}", work.now, work.now, deal_id=key, employee_id=me)
                sent = {"message_id": number, "delivery_state": DeliveryState.SENT, "done_at": work.now}
                work.tx.execute(insert(ScheduledRow), {**schedule.values(work, row), **sent})

    await office.run(said)

    def about(work: UnitOfWork, number: int | None) -> int | None:
        found = upload_targets.replied_to(work, number)
        return found.id if found else None

    assert [await office.run(lambda work, n=n: about(work, n), "manager") for n in (500, 501, 502, 503, None)] == [
        deal.id, None, None, None, None,
    ]  # fmt: skip
    assert await office.run(lambda work: about(work, 500), "owner") is None, "it was said to somebody else"


async def test_photos_put_by_themselves_are_taken_back_by_their_sender(office: Office) -> None:
    wrong, _ = await office.assembly(NOON + timedelta(hours=1))
    right, _ = await office.assembly(NOON + timedelta(days=1), phone="+79120000002")
    keys = [
        await put(office, wrong, "assembly_photos", replace(PHOTO, unique_id=str(n)), "installer") for n in range(3)
    ]
    other = await put(office, wrong, "assembly_photos", replace(PHOTO, unique_id="m"), "manager")
    me = office.staff["installer"].id
    moved = await office.run(
        lambda work: folder_changes.take_back(work, wrong.id, [*keys, other], right, me), "installer"
    )
    assert moved == keys
    lies = await office.run(
        lambda work: work.tx.execute(select(FileRow.deal_id, FileRow.field).order_by(FileRow.id)).all()
    )
    assert [tuple(row) for row in lies] == [(right.id, "assembly_photos")] * 3 + [(wrong.id, "assembly_photos")]
    gone = await office.run(lambda work: folder_changes.take_back(work, right.id, keys, None, me), "installer")
    assert gone == []
    assert await office.run(lambda work: deal_files.count(work, deal_queries.get(work, right.id)), "manager") == 0
