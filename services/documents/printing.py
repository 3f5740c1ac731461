"""What a paper says and what becomes of it: gathered in a transaction, printed outside, put down in another (K-11).

The bytes are made between the two. If the card has changed meanwhile, they are thrown away and made anew: what a
version says is what the card said at the moment of its making.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from models import access
from models.entities import Deal, Employee
from models.history.message_lines import PaperLine, PaperWasMade, PaperWasSent
from models.notices.document_notices import PaperReady, RequisitesWanted
from models.outbox import Envelope
from models.process.process import Process
from models.tables.documents import PaperRow
from models.tables.outbox import ScheduledRow
from services.deals import deal_queries, history
from services.documents import paper_data, paper_facts, paper_templates, papers, stored_requisites
from services.documents.paper_templates import PaperTemplate
from services.documents.papers import Paper
from services.files import deal_files
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Shown = Callable[[UnitOfWork, Process, Deal], Mapping[str, str]]  # a deal's fields as text, as a person reads them

MARK_MADE = (
    update(PaperRow)
    .where(PaperRow.id == bindparam("key"), PaperRow.state == papers.ASKED)
    .values(
        state=papers.MADE, data=bindparam("told"), fingerprint=bindparam("print"), file_id=bindparam("file"),
        failure=None, made_at=bindparam("moment"),
    )
)  # fmt: skip
MARK_FAILED = (
    update(PaperRow)
    .where(PaperRow.id == bindparam("key"), PaperRow.state == papers.ASKED)
    .values(state=papers.FAILED, failure=bindparam("why"))
)
DROP = delete(PaperRow).where(PaperRow.id == bindparam("key"), PaperRow.state == papers.ASKED)
TOLD = select(ScheduledRow.id).where(
    ScheduledRow.kind == "notice",
    ScheduledRow.rule == "paper",
    ScheduledRow.dedup_key == bindparam("cause"),
    ScheduledRow.employee_id == bindparam("who"),
)

REMINDED = select(ScheduledRow.id).where(
    ScheduledRow.kind == "notice", ScheduledRow.rule == "requisites", ScheduledRow.dedup_key == bindparam("cause"),
    ScheduledRow.employee_id == bindparam("who"),
)  # fmt: skip


class CannotPrint(Exception):
    """A paper cannot be made now. `code`: requisites, needs (with names of fields), template (with a sentence), stopped
    (the template in use is refused now, and the owner knows why)."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(f"{code}:{','.join(details)}" if details else code)


@dataclass(frozen=True)
class PrintOrder:
    """A version that is to be printed. `own` is the owner's template, None where ours is used."""

    paper: Paper
    template: str
    own: PaperTemplate | None
    data: Mapping[str, Any]
    fingerprint: str
    file_name: str

    @property
    def mime(self) -> str:
        return DOCX if self.own else PDF


def gather(work: UnitOfWork, paper_id: int, shown: Shown) -> PrintOrder | None:
    """What is to be printed; None if the paper is made already, or nobody wants it any more. Raises CannotPrint."""
    one = papers.find(work, paper_id)
    found = deal_queries.find(work, one.deal_id) if one is not None else None
    process = work.company.processes.get(found.process) if found is not None else None
    if one is None or found is None or process is None or one.state != papers.ASKED or one.name not in process.papers:
        return None
    check(work, found, one.name)
    return _job(work, found, process, one, papers.of_deal(work, found.id), shown)


def check(work: UnitOfWork, found: Deal, name: str) -> None:
    """Raise CannotPrint if something that the paper needs is not known yet."""
    if stored_requisites.get(work).missing():
        raise CannotPrint("requisites")
    if wanted := papers.missing(work, found, name):
        raise CannotPrint("needs", *wanted)


def _job(work: UnitOfWork, found: Deal, process: Process, one: Paper, all_: list[Paper], shown: Shown) -> PrintOrder:
    described = process.papers[one.name]
    facts = paper_facts.of(work, found, one, all_, shown(work, process, found))
    told = paper_data.data_of(facts)
    if not described.pays:
        told |= {"qr": "", "qr_text": ""}
    own = paper_templates.in_use(work, found.process, one.name)
    ending = "docx" if own else "pdf"
    version = f" (версия {one.version})" if one.version > 1 else ""
    name = f"{described.title} {one.number}{version}.{ending}"
    return PrintOrder(one, described.template, own, told, _fingerprint(work, told, described.template, own), name)


def is_fresh(work: UnitOfWork, found: Deal, one: Paper, all_: list[Paper], shown: Shown) -> bool:
    """Whether a made paper still says what the card says, so that making it anew would bring nothing new."""
    process = work.process(found.process)
    return _job(work, found, process, one, all_, shown).fingerprint == one.fingerprint


def _fingerprint(work: UnitOfWork, told: Mapping[str, Any], template: str, own: PaperTemplate | None) -> str:
    """Of template and data, as far as the template prints them; the version's number alone makes no new version."""
    said = {key: value for key, value in told.items() if key != "qr"}
    said["paper"] = {key: value for key, value in told["paper"].items() if key != "version"}
    if own is None:
        known = work.company.papers.words_of(template)
        said = {key: _printed(value, known) for key, value in said.items() if key == "qr_text" or key in known}
        told_by = work.company.papers.sha_of(template)
    else:
        told_by = own.sha or ""
    text = json.dumps([told_by, said], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _printed(value: Any, known: frozenset[str]) -> Any:
    return {key: one for key, one in value.items() if key in known} if isinstance(value, dict) else value


# --- what became of it ------------------------------------------------------------------------------------------


def settle_same(work: UnitOfWork, job: PrintOrder) -> Paper | None:
    """The newest made version, if it says the same: then the asked one is none, and its number goes back."""
    before = papers.newest(papers.of_deal(work, job.paper.deal_id), job.paper.name, papers.MADE)
    if before is None or before.fingerprint != job.fingerprint or before.file_id is None:
        return None
    work.tx.execute(DROP, {"key": job.paper.id})
    return before


def made(work: UnitOfWork, job: PrintOrder, sha: str, size: int, shown: Shown) -> Paper | None:
    """Put the printed bytes (on the disk already) down as the version; None if the card has changed meanwhile."""
    again = gather(work, job.paper.id, shown)
    if again is None or again.fingerprint != job.fingerprint or again.paper.version != job.paper.version:
        return None
    found = deal_queries.find(work, job.paper.deal_id)
    assert found is not None
    work.actor = employees.find_working(work, job.paper.author_id)
    file_id = deal_files.made(work, found, job.file_name, sha, size, job.mime)
    told = {key: value for key, value in job.data.items() if key != "qr"}
    given = {"key": job.paper.id, "told": told, "print": job.fingerprint, "file": file_id, "moment": work.now}
    work.tx.execute(MARK_MADE, given)
    _note(work, found, PaperWasMade, job.paper)
    return papers.find(work, job.paper.id)


def failed(work: UnitOfWork, paper_id: int, why: str) -> None:
    """It could not be made; its number waits for the next try."""
    work.tx.execute(MARK_FAILED, {"key": paper_id, "why": why})


def sent(work: UnitOfWork, one: Paper) -> bool:
    """The client has it, says the manager (K-12); False if that was known already."""
    if not papers.mark_sent(work, one.id):
        return False
    found = deal_queries.find(work, one.deal_id)
    if found is not None:
        _note(work, found, PaperWasSent, one)
    return True


def _note(work: UnitOfWork, found: Deal, kind: type[PaperLine], one: Paper) -> None:
    history.add_footnote(work, found.id, kind(one.name, one.number, one.version))


# --- who hears of it --------------------------------------------------------------------------------------------


def tell(
    work: UnitOfWork, one: Paper, asker_id: int | None, cause: str, *, same: bool = False, failure: str | None = None
) -> None:
    """A message about the paper to who asked for it, else to the responsible; once for a cause (a row of the schedule).

    Whoever may not see the paper does not get it: the responsible does (C-8).
    """
    found = deal_queries.find(work, one.deal_id)
    process = work.company.processes.get(found.process) if found else None
    if found is None or process is None:
        return
    person = _reader(work, found, process, one.name, asker_id)
    if person is None or work.tx.execute(TOLD, {"cause": cause, "who": person.id}).first() is not None:
        return
    at = work.now if person.id == asker_id else notices.polite(work, person)
    said = PaperReady(one.id, one.name, one.file_id, same=same, failure=failure)
    envelope = Envelope(practice=process.direction(found.pipeline) == "practice")
    new = notices.to(
        work, person, said, rule="paper", cause=cause, at=at, deal_id=found.id, envelope=envelope
    )  # fmt: skip
    schedule.put(work, [new])


def _reader(work: UnitOfWork, found: Deal, process: Process, name: str, asker_id: int | None) -> Employee | None:
    described = process.papers.get(name)
    for key in (asker_id, found.responsible_id):
        person = employees.find_working(work, key)
        if person is not None and (described is None or access.can_see_paper(person, described)):
            return person
    return None


def remind_owner(work: UnitOfWork, found: Deal) -> bool:
    """Ask the owner to fill in the requisites; False if there is no owner to ask."""
    owners = employees.of_role(work, "owner")
    said, cause = RequisitesWanted(work.actor_id), f"ask-{work.actor_id}-{work.now:%Y-%m-%d}"
    rows = [
        notices.to(work, one, said, rule="requisites", cause=cause, at=notices.polite(work, one), deal_id=found.id)
        for one in owners
        if not _reminded(work, one)
    ]
    schedule.put(work, rows)
    return bool(owners)


def _reminded(work: UnitOfWork, owner: Employee) -> bool:
    given = {"cause": f"ask-{work.actor_id}-{work.now:%Y-%m-%d}", "who": owner.id}
    return work.tx.execute(REMINDED, given).first() is not None
