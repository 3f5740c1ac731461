"""Erasing a person: asked for by the owner, or because his time is over; done in the database at once, whole or not at
all. What lies outside (bytes, messages in chats, the database's file) follows as a job that goes on after a kill.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from models import access, rights
from models.engine import balances
from models.entities import Deal
from models.errors import DealHasMoney, NotFound
from models.history.deal_lines import PersonErased
from models.jobs import FinishErasure, GiveCertificate
from models.personal.erasure import ErasedPerson, Erasure, ErasureReason, LeftOutside
from models.personal.erasure_plan import ErasurePlan
from models.tables.clients import ClientRow
from models.tables.deals import DealRow, HistoryRow
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.payments import PaymentRow
from models.tables.people import EmployeeRow
from models.tables.personal import ErasureRow
from models.values.invalid_value import N_
from services.deals import deal_commands, deal_queries, history
from services.outbox import jobs
from services.oversight import journal
from services.personal import erasing, person_keys
from services.personal.person_keys import PersonKeys
from services.tasks import lifecycle
from services.unit_of_work import UnitOfWork
from services.visits import bookings

ADD = insert(ErasureRow).returning(ErasureRow.id)
_ALL: Select[*tuple[Any, ...]] = select(ErasureRow, EmployeeRow.name.label("author")).outerjoin(
    EmployeeRow, EmployeeRow.id == ErasureRow.author_id
)
BY_ID = _ALL.where(ErasureRow.id == bindparam("key"))
NEWEST = _ALL.order_by(ErasureRow.id.desc()).limit(bindparam("most"))
PERSONAL = rights.thing("personal", N_("Персональные данные"), tables=("consent", "erasure"))
ERASE = PERSONAL.right(N_("выгружать всё о человеке, стирать, брать акты"), (access.OWNER, ("any",)), robots=False)
NOTE = PERSONAL.right(
    N_("отмечать согласие"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own", "free", "unshared")), robots=False
)
NUMBERS = select(ErasureRow.clients, ErasureRow.deals)
UNDONE = select(ErasureRow.id, ErasureRow.author_id).where(ErasureRow.done_at.is_(None)).order_by(ErasureRow.id)
APART = timedelta(seconds=30)  # between two that are resumed
PROGRESS = update(ErasureRow).where(ErasureRow.id == bindparam("key"), ErasureRow.done_at.is_(None))


def plan(work: UnitOfWork, keys: PersonKeys) -> ErasurePlan:
    """Look at what would go; NotAllowed but for the owner, NotFound if there is nobody (any more)."""
    ERASE.check(work.actor)
    if not keys or not _is_there(work, keys):
        raise NotFound("client")
    names = work.tx.execute(select(ClientRow.name).where(ClientRow.id.in_(keys.clients))).scalars()
    deals = _open(work, keys)
    owing = tuple(one for one in deals if _money_in(work, one))
    phones = select(EmployeeRow.name).where(EmployeeRow.phone.in_(keys.phones), EmployeeRow.active).limit(1)

    def count(table: Any) -> int:
        return int(work.tx.execute(select(func.count()).where(table.deal_id.in_(keys.deals))).scalar_one())

    return ErasurePlan(
        tuple(dict.fromkeys(names)), len(keys.deals), deals, owing, count(FileRow), count(PaperRow), count(PaymentRow),
        work.tx.execute(phones).scalar_one_or_none(),
    )  # fmt: skip


def erase(work: UnitOfWork, keys: PersonKeys, reason: ErasureReason) -> int:
    """Erase the person in this transaction, and have the rest done after it; the erasure's number.

    Open deals of his are taken away. DealHasMoney for one that holds money of his: that is settled first; a backup's
    are emptied all the same.
    """
    deals = _open(work, keys)
    if reason != "restored" and (owing := [one for one in deals if _money_in(work, one)]):
        raise DealHasMoney(_money_in(work, owing[0]))
    person = person_keys.numbers(work, keys)
    counts, left = erasing.erase(work, keys)
    _end(work, keys, {one.id for one in deals})
    key = work.add(
        ADD, reason=reason, clients=person.clients, deals=person.deals, counts=dict(counts), outside=_kept(left),
        author_id=work.actor_id, asked_at=work.now, done_at=None,
    )  # fmt: skip
    go_on(work, key, work.actor_id)
    journal.note(work, "client_erased", about=("erasure", key), count=counts.total())
    return key


def _end(work: UnitOfWork, keys: PersonKeys, still_open: Collection[int]) -> None:
    """Nobody has anything to do for him any more; the history says why. What was open is taken away: who was to drive
    there hears of it, by the deal's number alone."""
    versions = select(DealRow.id, DealRow.version).where(DealRow.id.in_(keys.deals))
    lines = [history.row(work, row.id, row.version, 0, PersonErased()) for row in work.tx.execute(versions)]
    if lines:
        work.tx.execute(history.ADD, lines)
    for deal_id in keys.deals:
        found = deal_queries.find(work, deal_id) if deal_id in still_open else None
        if found is not None and not _money_in(work, found):
            deal_commands.take_away(work, found)
        else:
            lifecycle.cancel_all(work, deal_id)
            bookings.free_all(work, deal_id)


def apply_again(work: UnitOfWork, persons: Sequence[ErasedPerson]) -> list[int]:
    """Erase those again whom a restored backup has brought back; the numbers of the new erasures.

    By their numbers alone: who has the same phone, or whose card was joined with theirs in the backup, was asked for
    by nobody.
    """
    done = listed(work)
    clients, deals = {one for each in done for one in each.clients}, {one for each in done for one in each.deals}
    made = []
    for person in persons:
        lacking = ErasedPerson(
            tuple(one for one in person.clients if one not in clients),
            tuple(one for one in person.deals if one not in deals),
        )
        found = person_keys.known_again(work, lacking)
        if found:
            made.append(erase(work, person_keys.exactly(work, found.clients, found.deals), "restored"))
    return made


def listed(work: UnitOfWork) -> list[ErasedPerson]:
    """Everybody who was erased, by number, as the list beside the database has to name them."""
    return [ErasedPerson.of(row.clients, row.deals) for row in work.tx.execute(NUMBERS)]


def _is_there(work: UnitOfWork, keys: PersonKeys) -> bool:
    """Whether anybody is left: a card that was not erased, or a lead whose fields still tell of him."""
    left = select(ClientRow.id).where(ClientRow.id.in_(keys.clients), ClientRow.erased_at.is_(None)).limit(1)
    ended = select(HistoryRow.deal_id).where(HistoryRow.deal_id.in_(keys.deals), HistoryRow.kind == PersonErased.kind)
    lead = not keys.clients and set(keys.deals) > set(work.tx.execute(ended).scalars())
    return bool(keys.phones) or lead or work.tx.execute(left).first() is not None


def _open(work: UnitOfWork, keys: PersonKeys) -> tuple[Deal, ...]:
    rows = work.tx.execute(
        select(DealRow)
        .where(DealRow.id.in_(keys.deals), DealRow.status == "open", DealRow.deleted_at.is_(None))
        .order_by(DealRow.id)
    )
    return tuple(deal_queries.read_all(work, rows.all()))


def _money_in(work: UnitOfWork, deal: Deal) -> Decimal:
    process = work.company.processes.get(deal.process)
    return balances.paid_at_all(process, deal) if process is not None else Decimal(0)


# --- what is done of it -----------------------------------------------------------------------------------------


def find(work: UnitOfWork, key: int) -> Erasure | None:
    """The erasure of that number; no rights are asked."""
    row = work.tx.execute(BY_ID, {"key": key}).one_or_none()
    return _read(row) if row is not None else None


def get(work: UnitOfWork, key: int) -> Erasure:
    """The same for the owner: NotAllowed, NotFound."""
    ERASE.check(work.actor)
    found = find(work, key)
    if found is None:
        raise NotFound("button")
    return found


def newest(work: UnitOfWork, most: int = 20) -> list[Erasure]:
    """The latest ones, for the owner. NotAllowed."""
    ERASE.check(work.actor)
    return [_read(row) for row in work.tx.execute(NEWEST, {"most": most})]


def progress(work: UnitOfWork, key: int, left: LeftOutside) -> None:
    """So much is to be done yet."""
    work.tx.execute(PROGRESS.values(outside=_kept(left)), {"key": key})


def note_rewritten(work: UnitOfWork, key: int) -> None:
    """The database's file has been written anew since."""
    found = find(work, key)
    if found is not None:
        progress(work, key, replace(found.outside, done=replace(found.outside.done, rewritten=True)))


def go_on(work: UnitOfWork, key: int, author_id: int | None, at: datetime | None = None) -> None:
    """Have done what is left of it."""
    jobs.ask(work, FinishErasure(key), employee_id=author_id, at=at, about=str(key))


def resume(work: UnitOfWork) -> None:
    """Have done what was left undone: each try had failed. One after the other, so that other jobs go between."""
    at = work.now
    for row in work.tx.execute(UNDONE).all():
        if not jobs.is_waiting(work, FinishErasure, str(row.id)):
            go_on(work, row.id, row.author_id, at)
            at += APART


def finish(work: UnitOfWork, key: int) -> bool:
    """It is done everywhere; who has asked for it gets the certificate. False if somebody else has said so."""
    if work.tx.execute(PROGRESS.values(done_at=work.now), {"key": key}).rowcount != 1:
        return False
    found = find(work, key)
    if found is not None and found.reason == "asked":
        jobs.ask(work, GiveCertificate(key), employee_id=found.author_id)
    return True


def _kept(left: LeftOutside) -> dict[str, Any]:
    return asdict(left)


def _read(row: Row[Any]) -> Erasure:
    person = ErasedPerson.of(row.clients, row.deals)
    left = LeftOutside.from_data(row.outside)
    return Erasure(
        row.id, row.reason, person, row.counts, left, row.author, row.author_id,
        row.asked_at, row.done_at,
    )  # fmt: skip
