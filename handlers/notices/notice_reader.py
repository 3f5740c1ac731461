"""From a row of the schedule to what its words need: the deal as it stands, the reader's own task, the sender."""

from __future__ import annotations

from dataclasses import replace

from handlers.notices import lead_views, placeholders, text_statements
from keyboards.notices.notice_view import NoticeView, StepView
from keyboards.translator import Translator
from models import access
from models.entities import Deal, Task
from models.errors import NotAllowed, NotFound
from models.fields.groups import PersonNaming
from models.ids import TaskId
from models.notices.deal_notices import (
    AnswersDisagree,
    DealSilentLong,
    Escalation,
    FieldsWanted,
    Reminder,
    RuleSaid,
    SilenceSaid,
)
from models.notices.notice import Notice, UnknownNotice
from models.notices.sms_notices import SmsPractised
from models.notices.task_notices import ApprovalOver, DayIncomplete, TaskComingLate, TaskDue, TaskTaken, TaskUndone
from models.outbox import Scheduled
from models.process.process import Process
from models.roles import Role, find_role
from models.statements import Statement
from models.values.product_text import NO_TEXT
from services import notice_rights, obsolete_notices
from services.deals import deal_queries
from services.escalations import silent_deals
from services.outbox import schedule
from services.people import employees
from services.tasks import next_steps, task_queries
from services.unit_of_work import LATE, UnitOfWork


def read(work: UnitOfWork, row: Scheduled, t: Translator) -> NoticeView:
    """A row as a notice, with the deal as it stands and as the actor, who reads it, may see it."""
    deal = deal_queries.find(work, row.deal_id) if row.deal_id else None
    said = _counted(work, obsolete_notices.as_it_stands(work, row, row.notice, deal))
    process = work.company.processes.get(deal.process) if deal else None
    was, card = (said.was, said.card) if isinstance(said, RuleSaid) else (None, None)
    if isinstance(said, ApprovalOver) and was is not None and was.field in placeholders.hidden_from(work, process):
        said, was = replace(said, was=None, field=NO_TEXT), None
    job, task = _job(work, row.employee_id, deal, card), _task(work, said)
    practice = deal is not None and deal.kind == "practice"
    return NoticeView(
        id=row.id,
        notice=said,
        rule=row.rule,
        scheduled_for=row.scheduled_for,
        envelope=row.envelope,
        deal=deal_queries.as_seen(work, deal) if deal else None,
        stage=placeholders.stage_title(process, deal, t),
        sender=_sender(work, said, deal),
        task_title=task.template if task else NO_TEXT,
        task_words=(task and task.words) or "",
        step=_step(work, said, deal, t),
        may_step=_may_step(work, row, said, deal),
        job=job,
        shut=job is None and _is_shut(work, row.employee_id, deal),
        late=row.envelope.late or (row.done_at or work.now) - row.run_at > LATE,
        practice=not isinstance(said, SmsPractised) if practice else row.envelope.practice,
        instead=_instead(work, row, said, process) if practice else None,
        values=placeholders.values_of(work, process, deal, t, was) if process and deal else {},
        stated=_stated(work, process, deal, said),
        lead=lead_views.of(work, said, deal, process, t),
        answers=placeholders.answers(work, process, said.answers, t) if isinstance(said, AnswersDisagree) else (),
    )


def _step(work: UnitOfWork, said: Notice, deal: Deal | None, t: Translator) -> StepView | None:
    """Those above hear what comes next: a step of his own never quiets what they are told about him."""
    if deal is None or not isinstance(said, Escalation | DealSilentLong | TaskUndone):
        return None
    own = next(iter(next_steps.of_deal(work, deal.id)), None)
    if own is None or (isinstance(said, TaskUndone) and own.id == said.task):
        return None
    who = employees.get(work, own.assignee_id).name if own.assignee_id else ""
    return StepView(who, t.title(own.title), own.due_at, task_queries.times_put_off(work, own))


def _may_step(work: UnitOfWork, row: Scheduled, said: Notice, deal: Deal | None) -> bool:
    """Whether «I call him on Friday» answers it: it reminds, by the clock, who sells or those above. What only tells
    that something has happened asks for no answer, and who drives out answers on the card of his task."""
    if deal is None or deal.status != "open" or work.actor is None or work.actor.role not in access.SALES:
        return False
    if isinstance(said, Reminder | Escalation):
        process = work.company.processes.get(deal.process)
        robot = process.rules.get(row.rule) if process is not None else None
        if robot is None or not robot.timed:
            return False
    elif not isinstance(said, SilenceSaid):
        return False
    return deal_queries.can_open(work, deal) and next_steps.may_set(work, deal)


def _stated(work: UnitOfWork, process: Process | None, deal: Deal | None, said: Notice) -> tuple[Statement, ...]:
    """What the placeholders of a rule's text claim of the deal."""
    if process is None or deal is None or not isinstance(said, RuleSaid | FieldsWanted):
        return ()
    was = said.was if isinstance(said, RuleSaid) else None
    return text_statements.of_text(work, process, deal, said.text, was)


def _counted(work: UnitOfWork, said: Notice) -> Notice:
    """What counts days counts them when it is sent."""
    return replace(said, days=silent_deals.days_of(work, said)) if isinstance(said, SilenceSaid) else said


def find(work: UnitOfWork, notice_id: int, t: Translator) -> NoticeView | None:
    """A notice that was sent to the actor, by its id; None for somebody else's, for one that cannot be read, and for
    what is not his to read any more."""
    row = schedule.find_notice(work, notice_id)
    if row is None or isinstance(row.notice, UnknownNotice) or not notice_rights.may_read(work, row):
        return None
    return read(work, row, t)


def get(work: UnitOfWork, notice_id: int, t: Translator) -> NoticeView:
    """The same; NotFound where there is none."""
    found = find(work, notice_id, t)
    if found is None:
        raise NotFound("button")
    return found


def _instead(work: UnitOfWork, row: Scheduled, said: Notice, process: Process | None) -> Role | None:
    """The role that would get in life what a learner gets (K-2); None where that is the responsible himself."""
    to = row.envelope.to
    if isinstance(said, TaskDue):
        found = task_queries.find(work, said.task)
        described = task_queries.description_of(process, found) if found and process else None
        to = described.to if described else None
    if isinstance(to, int):
        return employees.get(work, to).role
    field = process.fields.get(to) if process and to else None
    role = field.role if isinstance(field, PersonNaming) else find_role(to)
    return role if role != "manager" else None


def _job(work: UnitOfWork, employee_id: int | None, deal: Deal | None, card: str | None) -> TaskId | None:
    """The open task on the deal of somebody who drives out: that, not the deal's card, is what he opens (C-5).

    Anybody else's only where the message is to come on the `card` of it (M-11).
    """
    if deal is None or employee_id is None:
        return None
    if card is None and employees.get(work, employee_id).role not in access.FIELD_STAFF:
        return None
    own = (one for one in task_queries.of_deal(work, deal.id) if one.assignee_id == employee_id)
    return next((one.id for one in own if card in (None, one.name)), None)


def _is_shut(work: UnitOfWork, employee_id: int | None, deal: Deal | None) -> bool:
    """Whether somebody who drives out is told of a deal that is not his to open: news to a whole role (M-8)."""
    if deal is None or employee_id is None:
        return False
    person = employees.get(work, employee_id)
    if person.role not in access.FIELD_STAFF:
        return False
    try:
        deal_queries.get(UnitOfWork(work.tx, work.now, work.company, person), deal.id)
    except NotAllowed:
        return True
    return False


def _task(work: UnitOfWork, said: Notice) -> Task | None:
    """The task that a message names."""
    if not isinstance(said, TaskDue | TaskTaken | TaskUndone | TaskComingLate | DayIncomplete):
        return None
    return task_queries.find(work, said.task)


def _sender(work: UnitOfWork, said: Notice, deal: Deal | None) -> str:
    key = getattr(said, "from_id", None) or getattr(said, "who", None) or (deal.responsible_id if deal else None)
    return employees.get(work, int(key)).name if key else ""
