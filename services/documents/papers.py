"""Papers of a deal: asked for by one tap, numbered, made outside the transaction, every version kept (K-11, K-12).

What a paper says and what becomes of it: `services.documents.printing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, insert, select, update

from models.engine import effects as e
from models.engine.deal_state import DealState
from models.entities import Deal
from models.errors import NotFound
from models.ids import DealId, FileId, PaperId
from models.jobs import PrintPaper
from models.process.process import Process
from models.states import PaperState
from models.tables.deals import DealRow
from models.tables.documents import PaperRow
from models.tables.people import EmployeeRow
from services import numbering, payments
from services.deals import deal_words
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.facts import fact
from services.outbox import jobs
from services.tasks import task_commands
from services.unit_of_work import UnitOfWork

ASKED: Final = "asked"
MADE: Final = "made"
FAILED: Final = "failed"
PRACTICE = "УЧ-{n}"
ADD = insert(PaperRow).returning(PaperRow.id)
_ALL: Select[*tuple[Any, ...]] = select(PaperRow, EmployeeRow.name.label("author")).outerjoin(
    EmployeeRow, EmployeeRow.id == PaperRow.author_id
)
OF_DEAL = _ALL.where(PaperRow.deal_id == bindparam("deal")).order_by(PaperRow.id)
BY_ID = _ALL.where(PaperRow.id == bindparam("id"))
LAST = (
    select(PaperRow.id, PaperRow.number, PaperRow.version, PaperRow.state, PaperRow.made_at, PaperRow.sent_at)
    .where(PaperRow.deal_id == bindparam("deal"), PaperRow.name == bindparam("named"))
    .order_by(PaperRow.id.desc())
    .limit(1)
)
LOCK = select(DealRow.id).where(DealRow.id == bindparam("deal")).with_for_update()
AGAIN = (
    update(PaperRow)
    .where(PaperRow.id == bindparam("key"))
    .values(state=ASKED, failure=None, author_id=bindparam("who"), at=bindparam("moment"))
)
SENT = (
    update(PaperRow)
    .where(PaperRow.id == bindparam("key"), PaperRow.sent_at.is_(None))
    .values(sent_at=bindparam("moment"), sent_by_id=bindparam("who"))
)
MADE_OF_DEAL = (
    select(PaperRow.name, PaperRow.sent_at)
    .where(PaperRow.deal_id == bindparam("deal"), PaperRow.state == MADE)
    .order_by(PaperRow.id)
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a paper. `state` is asked, made or failed (`failure` says why); `sent_at` is when the client got it,
    as the manager says."""

    id: PaperId
    deal_id: DealId
    name: str
    number: str
    version: int
    state: PaperState
    failure: str | None
    file_id: FileId | None
    fingerprint: str
    author_id: int | None
    author: str | None
    at: datetime
    made_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Paper:
        return cls(
            row.id, row.deal_id, row.name, row.number, row.version, row.state, row.failure, row.file_id,
            row.fingerprint, row.author_id, row.author, row.at, row.made_at, row.sent_at,
        )  # fmt: skip


def missing(work: UnitOfWork, deal: Deal, name: str) -> tuple[str, ...]:
    """The fields that the paper needs and the card does not have yet: they are asked first (K-11)."""
    described = work.process(deal.process).papers[name]
    state = DealState(deal.pipeline, deal.stage, deal.entered_at, deal.fields)
    return tuple(field for field in described.needs if not state.filled(field))


@applies(e.PaperMade)
def _made(changes: DealChanges, effect: e.PaperMade) -> None:
    ask_for(changes.work, changes.before, effect.name)


@fact("made", "sent", asked=lambda process: bool(process.papers))
def _facts(work: UnitOfWork, found: Deal, process: Process) -> Iterable[str]:
    """A newer version that was not sent yet takes «sent» back: the client has an old paper."""
    known = set[str]()
    for row in work.tx.execute(MADE_OF_DEAL, {"deal": found.id}):
        known.add(f"made:{row.name}")
        known.discard(f"sent:{row.name}")
        if row.sent_at is not None:
            known.add(f"sent:{row.name}")
    return known


def ask_for(work: UnitOfWork, deal: Deal, name: str) -> int:
    """Have the paper made: its number is taken now, in this transaction; gives the id of its row.

    The number of a paper stays with its deal: later versions have the same. But an invoice that the client has, and has
    paid since, is done with: the next one is a new one. What is asked for already, or could not be made, is not a
    version of its own. NotFound for a paper that the process does not know.
    """
    described = work.process(deal.process).papers.get(name)
    if described is None:
        raise NotFound("paper")
    work.tx.execute(LOCK, {"deal": deal.id})  # two at once: the second sees what the first has asked for
    last = work.tx.execute(LAST, {"deal": deal.id, "named": name}).one_or_none()
    if last is not None and last.state != MADE:
        key = int(last.id)
        if last.state == FAILED:
            work.tx.execute(AGAIN, {"key": key, "who": work.actor_id, "moment": work.now})
    elif last is None or (described.pays and _is_done_with(work, deal, last)):
        key = _add(work, deal, name, _number(work, deal, name, described.number), 1)
    else:
        key = _add(work, deal, name, last.number, last.version + 1)
    task_commands.tick_paper(work, deal.id, name)
    jobs.ask(work, PrintPaper(key), deal_id=deal.id, employee_id=work.actor_id)
    return key


def _is_done_with(work: UnitOfWork, deal: Deal, last: Any) -> bool:
    """Whether the client has that invoice, and money has come since it was made."""
    return last.sent_at is not None and any(
        one.amount > 0 and one.at > last.made_at and not one.is_reversed for one in payments.of_deal(work, deal.id)
    )


def _number(work: UnitOfWork, deal: Deal, name: str, shape: str) -> str:
    """The next number of that paper; a learner's papers do not use up those of the real ones (K-2)."""
    if work.process(deal.process).direction(deal.pipeline) == "practice":
        return numbering.next_of_year(work, f"drill:{deal.process}:{name}", PRACTICE)
    return numbering.next_of_year(work, f"paper:{deal.process}:{name}", shape)


def _add(work: UnitOfWork, deal: Deal, name: str, number: str, version: int) -> int:
    if version == 1 and deal.kind != "practice":
        deal_words.note_paper(work, deal.id, name, number)
    return work.add(
        ADD, deal_id=deal.id, name=name, number=number, version=version, data={}, fingerprint="", state=ASKED,
        author_id=work.actor_id, at=work.now,
    )  # fmt: skip


def of_deal(work: UnitOfWork, deal_id: int) -> list[Paper]:
    """Every version of every paper of the deal, the oldest first; no rights are asked."""
    return [Paper.of(row) for row in work.tx.execute(OF_DEAL, {"deal": deal_id})]


def newest(found: list[Paper], name: str, state: PaperState | None = None) -> Paper | None:
    """The latest version of that name among `of_deal`; only of one state if it is named."""
    return next((one for one in reversed(found) if one.name == name and state in (None, one.state)), None)


def find(work: UnitOfWork, paper_id: int) -> Paper | None:
    """The paper by its id; no rights are asked."""
    row = work.tx.execute(BY_ID, {"id": paper_id}).one_or_none()
    return Paper.of(row) if row else None


def mark_sent(work: UnitOfWork, paper_id: int) -> bool:
    """The manager says that the client has it (K-12); False if that was known already."""
    given = {"key": paper_id, "moment": work.now, "who": work.actor_id}
    return bool(work.tx.execute(SENT, given).rowcount == 1)
