"""The next step that a person sets on a deal: an ordinary task in his own words, at a time of his own, for himself or
for a colleague, once or again and again.

It stays open wherever the deal goes, until it is done or the deal is taken away; it goes along to the deal that a lead
becomes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import bindparam, insert, select, update

from models import access
from models.entities import Deal, Employee, Task
from models.errors import NotAllowed, NotFound
from models.history.task_lines import StepWasMade
from models.process.own_tasks import OWN_TASKS, STEP
from models.states import StepEvery
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.values.clean_text import is_meaningful_name, one_line
from models.values.dates import date_arithmetic
from models.values.invalid_value import N_, InvalidValue
from models.values.spans import Days
from services.deals import changes as deal_changes
from services.deals import deal_queries, hooks
from services.deals.changes import DealChanges
from services.outbox import schedule
from services.people import employees, presence
from services.tasks import lifecycle, task_queries
from services.unit_of_work import UnitOfWork

LONGEST = 200  # characters of what is to be done
MOST = 20  # open steps of one deal
EXAMPLE = N_("перезвонить в пятницу в 15:00")
STEP_LIKE = f"{STEP}\\_%"
SET = task_queries.TASK.right(
    N_("ставить следующий шаг"),
    (access.MANAGEMENT, ("any",)),
    (access.MANAGER, ("own", "free", "at_work")),
    (access.OTHERS, ("at_work",)),
    robots=False,
)
SET_FOR = task_queries.TASK.right(
    N_("ставить шаг коллеге"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own", "free")), robots=False
)

ADD = insert(TaskRow).returning(TaskRow.id)
NAMES = select(TaskRow.name, TaskRow.state).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.name.like(STEP_LIKE, escape="\\")
)
BY_ID = select(TaskRow).where(TaskRow.id == bindparam("key"))
AHEAD = (
    select(TaskRow)
    .where(
        TaskRow.deal_id == bindparam("deal"), TaskRow.state == "open", TaskRow.name.like(STEP_LIKE, escape="\\"),
    )
    .order_by(TaskRow.due_at, TaskRow.id)
)  # fmt: skip
MOVE_TASKS = (
    update(TaskRow)
    .where(TaskRow.deal_id == bindparam("lead"), TaskRow.state == "open", TaskRow.name.like(STEP_LIKE, escape="\\"))
    .values(deal_id=bindparam("begun"), origin=bindparam("place"))
)
MOVE_BELLS = (
    update(ScheduledRow)
    .where(ScheduledRow.task_id == bindparam("task"), ScheduledRow.done_at.is_(None))
    .values(deal_id=bindparam("begun"))
)


# --- setting ------------------------------------------------------------------------------------------------------


def read_words(raw: str) -> str:
    """What is to be done, as it was typed. Raises InvalidValue for what says nothing, or too much."""
    said = one_line(raw, limit=LONGEST * 10)
    if said and not is_meaningful_name(said):
        raise InvalidValue("step.empty", N_("Напишите, что сделать."), EXAMPLE)
    if len(said) > LONGEST:
        message = N_("Слишком длинно: помещается {most} знаков, а здесь {n}.")
        raise InvalidValue("step.long", message, EXAMPLE, most=LONGEST, n=len(said))
    return said


def may_set(work: UnitOfWork, deal: Deal) -> bool:
    """Whether the actor may set a step on a deal that he sees."""
    held = access.leads(work.actor, deal)
    return SET.allows(work.actor, own=held["own"], free=held["free"], at_work=True)


def get_settable(work: UnitOfWork, deal_id: int) -> Deal:
    """The deal, if the actor may set a step on it: NotFound, NotAllowed."""
    found = deal_queries.get(work, deal_id)
    if not may_set(work, found):
        raise NotAllowed
    return found


def people(work: UnitOfWork, deal: Deal) -> list[Employee]:
    """The colleagues for whom the actor may set a step; nobody on a learner's deal (K-2)."""
    if work.actor is None or deal.kind == "practice":
        return []
    held = access.leads(work.actor, deal)
    if not SET_FOR.allows(work.actor, own=held["own"], free=held["free"]):
        return []
    return colleagues(work, deal, work.actor.id)


def colleagues(work: UnitOfWork, deal: Deal, but: int | None) -> list[Employee]:
    """Everybody who works here but one; a learner's steps are his own."""
    return [] if deal.kind == "practice" else [one for one in employees.staff(work) if one.id != but]


def make(
    work: UnitOfWork, deal_id: int, words: str, at: datetime, *, to: int | None = None, every: StepEvery | None = None
) -> Task:
    """Set a step for the actor, or for a colleague (`to`), at a moment ahead.

    NotAllowed for who may not, NotFound for a colleague who may not have it; InvalidValue for a moment that is over,
    for somebody who is away then, and for one more than a deal may have.
    """
    deal, me = get_settable(work, deal_id), work.actor
    assert me is not None
    person = me if to in (None, me.id) else next((one for one in people(work, deal) if one.id == to), None)
    if person is None:
        raise NotFound("employee")
    if at <= work.now:
        raise InvalidValue("step.past", N_("Это время уже прошло. Шаг ставится вперёд."), EXAMPLE)
    check_there(work, person, at)
    changes = deal_changes.begin(work, deal)
    key = _add(changes, read_words(words), at, person, me.id, every)
    deal_changes.write(changes)
    if person.id != me.id:
        schedule.put(work, lifecycle.given_rows(work, deal.id, key, person, None))
    return task_queries.get(work, key)


def check_there(work: UnitOfWork, person: Employee, at: datetime) -> None:
    """Raise InvalidValue if it is known that he is away on that day."""
    absent = presence.away_on(work, person.id, work.company.calendar.local(at).date())
    if absent is None or absent.until is None:
        return
    message = N_("{name}: в этот день не на работе, до {until} включительно. Назначьте позже или другому.")
    raise InvalidValue("step.away", message, EXAMPLE, name=person.name, until=absent.until)


def _add(
    changes: DealChanges, words: str, at: datetime, person: Employee, giver: int | None, every: StepEvery | None
) -> int:
    work, deal = changes.work, changes.before
    known = work.tx.execute(NAMES, {"deal": deal.id}).all()
    if sum(row.state == "open" for row in known) >= MOST:
        raise InvalidValue("step.many", N_("На сделке уже {most} шагов. Закройте лишние."), most=MOST)
    name = f"{STEP}_{1 + max((int(row.name.removeprefix(f'{STEP}_')) for row in known), default=0)}"
    key = work.add(
        ADD, deal_id=deal.id, name=name, origin=f"{changes.pipeline}.{changes.stage}", title=OWN_TASKS[STEP].title,
        words=words or None, assignee_id=person.id, given_by_id=giver, every=every, state="open", due_at=at,
        given_at=work.now,
    )  # fmt: skip
    to = person.name if person.id != work.actor_id else ""
    changes.note(StepWasMade(name, words, at.isoformat(), to, every))
    schedule.put(work, [schedule.task_bell(deal.id, key, at)])
    return key


# --- again --------------------------------------------------------------------------------------------------------


def again(changes: DealChanges, key: int, every: StepEvery) -> None:
    """A step that comes again was done: the next one is set for whose it was, at the same hour."""
    row = changes.work.tx.execute(BY_ID, {"key": key}).one()
    person = employees.find_working(changes.work, row.assignee_id)
    if person is not None:
        _add(changes, row.words or "", _next(changes.work, row.due_at, every), person, row.given_by_id, every)


def _next(work: UnitOfWork, was: datetime, every: StepEvery) -> datetime:
    """The next such moment ahead, by the company's clocks; a working day where it is said so."""
    calendar = work.company.calendar
    local = calendar.local(was)
    for n in count(1):
        match every:
            case "day":
                day = local.date() + timedelta(days=n)
            case "workday":
                day = calendar.day_later(local.date(), Days(days=n))
            case "week":
                day = local.date() + timedelta(weeks=n)
            case "month":
                day = date_arithmetic.add_months(local.date(), n)
        at = calendar.at(day, local.time())
        if at > work.now:
            return at
    raise AssertionError("time has an end")


# --- reading ------------------------------------------------------------------------------------------------------


def of_deal(work: UnitOfWork, deal_id: int) -> list[Task]:
    """The open steps of a deal, the next first."""
    return [Task.of(row) for row in work.tx.execute(AHEAD, {"deal": deal_id})]


# --- the deal changes ---------------------------------------------------------------------------------------------


@hooks.converted.register
def _go_along(work: UnitOfWork, lead: Deal, begun: Deal, other_process: bool) -> None:
    """What was promised to the client on the lead is to be done on the deal."""
    steps = of_deal(work, lead.id)
    if not steps:
        return
    work.tx.execute(MOVE_TASKS, {"lead": lead.id, "begun": begun.id, "place": f"{begun.pipeline}.{begun.stage}"})
    for one in steps:
        work.tx.execute(MOVE_BELLS, {"task": one.id, "begun": begun.id})
