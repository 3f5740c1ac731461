"""The owner's own templates: tried when they come, the newest accepted one of a paper is used (K-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update

from models.errors import NotFound
from models.jobs import TryTemplate
from models.notices.document_notices import TemplateTried
from models.process.process import Process
from models.states import TemplateState
from models.tables.documents import PaperTemplateRow
from models.tables.outbox import ScheduledRow
from models.values import template_flaw
from models.values.clean_text import one_line
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText, StoredTitle
from models.values.template_flaw import TemplateFlaw
from services.documents import docx_templates, template_variables
from services.files.incoming_files import IncomingFile
from services.outbox import jobs, notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

CHECKING: Final = "checking"
USED: Final = "used"
REFUSED: Final = "refused"
OLD: Final = "old"
LARGEST = docx_templates.LARGEST
RULE: Final = "template"  # of messages about templates
TOLD = select(ScheduledRow.id).where(
    ScheduledRow.kind == "notice", ScheduledRow.rule == RULE, ScheduledRow.dedup_key == bindparam("cause"),
    ScheduledRow.employee_id == bindparam("who"),
)  # fmt: skip
ADD = insert(PaperTemplateRow).returning(PaperTemplateRow.id)
BY_ID = select(PaperTemplateRow).where(PaperTemplateRow.id == bindparam("id"))
IN_USE = (
    select(PaperTemplateRow)
    .where(
        PaperTemplateRow.process == bindparam("of"),
        PaperTemplateRow.name == bindparam("named"),
        PaperTemplateRow.state == USED,
    )
    .order_by(PaperTemplateRow.id.desc())
    .limit(1)
)
LATEST = (
    select(PaperTemplateRow)
    .where(PaperTemplateRow.process == bindparam("of"), PaperTemplateRow.name == bindparam("named"))
    .order_by(PaperTemplateRow.id.desc())
    .limit(1)
)
RETIRE = (
    update(PaperTemplateRow)
    .where(
        PaperTemplateRow.process == bindparam("of"),
        PaperTemplateRow.name == bindparam("named"),
        PaperTemplateRow.state == USED,
    )
    .values(state=OLD)
)
STOP = (
    update(PaperTemplateRow)
    .where(PaperTemplateRow.id == bindparam("key"), PaperTemplateRow.state == USED)
    .values(problem=bindparam("why"))
)
CHANGE = update(PaperTemplateRow).where(PaperTemplateRow.id == bindparam("key"))
ACCEPT = CHANGE.values(state=USED, sha=bindparam("hash"), problem=None, printed=bindparam("names"))
REFUSE = CHANGE.values(state=REFUSED, problem=bindparam("why"))


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """A template that the owner sent. `state`: checking, used, refused or old. `problem`, or its `flaws`, say why it is
    refused; of the one in use, why no paper is made by it any more."""

    id: int
    process: str
    name: str
    file_name: str
    telegram_id: str
    sha: str | None
    state: TemplateState
    problem: StoredTitle | None
    author_id: int | None
    at: datetime
    printed: tuple[str, ...] = ()
    flaws: tuple[TemplateFlaw, ...] = ()

    @classmethod
    def of(cls, row: Row[Any]) -> PaperTemplate:
        flaws = template_flaw.from_text(row.problem)
        return cls(
            row.id, row.process, row.name, row.file_name, row.telegram_id, row.sha, row.state,
            None if flaws else row.problem, row.author_id, row.at, tuple(row.printed or ()), flaws,
        )  # fmt: skip

    @property
    def is_stopped(self) -> bool:
        """In use, but no paper is made by it."""
        return self.state == USED and bool(self.problem or self.flaws)


def titles_of(process: Process) -> Mapping[str, ProductText]:
    """What the fields of a process are called, by name: each can be put into a template."""
    return {name: field.title for name, field in process.fields.items()}


def variables_of(process: Process) -> dict[str, ProductText]:
    """Every name that a template of the process may use, with what it is."""
    return template_variables.variables(titles_of(process))


def take(work: UnitOfWork, process: str, name: str, sent: IncomingFile) -> int:
    """Keep what the owner sent, to be tried by a job; gives the id of its row.

    Raises NotAllowed, NotFound, and Wrong for what cannot be a template: another kind of file, too big.
    """
    employees.check_owner(work)
    described = work.company.processes.get(process)
    if described is None or name not in described.papers:
        raise NotFound("paper")
    check_sent(sent)
    key = work.add(
        ADD, process=process, name=name, file_name=one_line(sent.name, limit=120), telegram_id=sent.telegram_id,
        state=CHECKING, author_id=work.actor_id, at=work.now,
    )  # fmt: skip
    jobs.ask(work, TryTemplate(key), employee_id=work.actor_id)
    return key


def check_sent(sent: IncomingFile) -> None:
    """Raise Wrong for a file that cannot be a template."""
    name = sent.name.lower()
    if sent.kind != "document" or not name.endswith(".docx"):
        if name.endswith(".doc"):
            message = N_("Это старый формат .doc. Откройте файл в Word и сохраните как .docx.")
        elif name.endswith(".pdf"):
            message = N_("PDF заполнить нельзя. Пришлите документ Word — файл .docx.")
        else:
            message = N_("Шаблон — это документ Word. Пришлите файл .docx.")
        raise InvalidValue("template.kind", message)
    if sent.size is not None and sent.size > LARGEST:
        raise InvalidValue(
            "template.big",
            N_("Файл слишком большой: {size} МБ, а шаблон может быть до {limit} МБ. Уменьшите картинки в нём."),
            size=str(-(-sent.size // (1024 * 1024))),
            limit=str(LARGEST // (1024 * 1024)),
        )


def in_use(work: UnitOfWork, process: str, name: str) -> PaperTemplate | None:
    """The owner's own template of that paper; None where ours is used."""
    row = work.tx.execute(IN_USE, {"of": process, "named": name}).one_or_none()
    return PaperTemplate.of(row) if row else None


def latest(work: UnitOfWork, process: str, name: str) -> PaperTemplate | None:
    """The last one that was sent, whatever became of it."""
    row = work.tx.execute(LATEST, {"of": process, "named": name}).one_or_none()
    return PaperTemplate.of(row) if row else None


def find(work: UnitOfWork, template_id: int) -> PaperTemplate | None:
    """The template by its id; no rights are asked."""
    row = work.tx.execute(BY_ID, {"id": template_id}).one_or_none()
    return PaperTemplate.of(row) if row else None


def accept(work: UnitOfWork, one: PaperTemplate, sha: str, printed: Sequence[str] = ()) -> None:
    """It works: from now on it is used, and the one before is old. `printed` are the names for which it leaves a line
    when they are empty."""
    work.tx.execute(RETIRE, {"of": one.process, "named": one.name})
    work.tx.execute(ACCEPT, {"key": one.id, "hash": sha, "names": list(printed)})


def refuse(work: UnitOfWork, one: PaperTemplate, why: StoredTitle, flaws: Sequence[TemplateFlaw] = ()) -> None:
    """It cannot be used; what was used before still is."""
    work.tx.execute(REFUSE, {"key": one.id, "why": template_flaw.to_text(flaws) if flaws else why})


def stop(work: UnitOfWork, one: PaperTemplate, why: StoredTitle, flaws: tuple[TemplateFlaw, ...] = ()) -> bool:
    """The one in use is refused when a paper is asked for: none is made by it, nor by ours in its place, for
    nobody has asked for its words. Every owner hears why, once a day while papers are asked for; False: there is none.
    """
    work.tx.execute(STOP, {"key": one.id, "why": template_flaw.to_text(flaws) if flaws else why})
    said = TemplateTried(one.process, one.name, template=one.id, stopped=True, why=why, flaws=flaws)
    owners, cause = employees.of_role(work, "owner"), f"stopped-{one.id}-{work.now:%Y-%m-%d}"
    for owner in owners:
        if work.tx.execute(TOLD, {"cause": cause, "who": owner.id}).first() is None:
            schedule.put(work, [notices.to(work, owner, said, rule=RULE, cause=cause)])
    return bool(owners)


def resume(work: UnitOfWork, one: PaperTemplate) -> None:
    """A paper was made by it after all."""
    work.tx.execute(STOP, {"key": one.id, "why": None})


def give_back(work: UnitOfWork, process: str, name: str) -> bool:
    """Use our own template again; False if it was used all the time. NotAllowed for anybody but the owner."""
    employees.check_owner(work)
    return bool(work.tx.execute(RETIRE, {"of": process, "named": name}).rowcount)
