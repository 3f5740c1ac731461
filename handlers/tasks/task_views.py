"""What the actor sees of a task: gathered for the screens, without what is not his to see (C-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.tasks import own_task_views
from keyboards import time_words
from keyboards.forms import approval_words, field_words
from keyboards.tasks.task_card import ItemView, OutcomeView, TaskView
from keyboards.translator import Translator
from models import access
from models.engine import balances, due_dates, foresight, guards, visit_jobs
from models.engine.deal_state import DealState
from models.entities import Deal, Employee, File, Task
from models.errors import NotFound
from models.fields import address_field, location_field
from models.fields.groups import FileLike
from models.fields.location_field import LocationField
from models.ids import TaskId
from models.process import own_tasks
from models.process.conditions import Made, SentPaper
from models.process.process import Process
from models.process.stages import DueOn, Outcome, TaskDefinition
from models.process.triggers import Tapped
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.product_text import ProductText, StoredTitle
from models.values.visit_slot import VisitSlot, start_of
from models.values.work_calendar import DAY, MIDNIGHT
from services import facts, field_chat
from services.clients import client_cards
from services.deals import deal_queries
from services.files import deal_files
from services.people import employees
from services.tasks import approvals, checklists, task_handover, task_queries
from services.unit_of_work import UnitOfWork
from services.visits import visit_reports

MOST_FILES = 5  # on a task's card; the folder has them all


def view(work: UnitOfWork, t: Translator, task: Task) -> TaskView:
    """What the actor sees of a task: nothing of the fields that are hidden from his role (C-8). What he can press is
    decided by the deal as it is."""
    deal = deal_queries.find(work, task.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or work.actor is None:
        raise NotFound("deal")
    me, described = work.actor, task_queries.description_of(process, task)
    client = client_cards.contact_of(work, deal, process.client)
    outcomes = described.outcomes if described else {"done": Outcome(title="Готово", style="success")}
    idle = idle_outcomes(work, deal, outcomes) if task.state == "open" else ()
    shut = shut_outcomes(work, deal, task, outcomes) if task.state == "open" else ()
    wanted = described.shows if described else ()
    running = facts.running(work, deal)
    seen = deal_queries.as_seen(work, deal)
    return TaskView(
        id=task.id,
        title=task.title,
        due_at=task.due_at,
        now=work.now,
        deal_id=deal.id,
        deal_number=deal.number,
        deal_title=deal.title,
        client=client.name,
        phones=client.phones,
        address=address_for(me, seen, process, wanted),
        spot=location_field.find_point(process.fields, seen.fields, wanted),
        description=task.description,
        video=task.video,
        shows=(*shown(work, t, seen, process, wanted), *own_task_views.shown(work, t, task, deal, process)),
        items=tuple(
            ItemView(one.id, one.title, one.done_at is not None, bool(one.asked), bool(one.paper), one.optional)
            for one in task.items
        ),
        outcomes=tuple(
            _outcome(name, one, deal, shut=name in shut)
            for name, one in outcomes.items()
            if guards.is_offered(one.if_, running) and name not in idle
        ),
        taps=_taps(me, deal, process, running) if task.list else (),  # what one wants while calling, not on other tasks
        list=task.list,
        assignee=employees.get(work, task.assignee_id).name if task.assignee_id not in (None, me.id) else None,
        role=task.role,
        is_open=task.state == "open",
        outcome=t(outcomes[task.outcome].title) if task.outcome in outcomes else task.outcome,
        lapsed=task.state == "lapsed",
        mine=task.assignee_id == me.id,
        may_act=task_queries.can_act(work, task),
        may_take=task.assignee_id is None and (task.role == me.role or me.role in access.MANAGEMENT),
        may_give=task_handover.may_give(work, task),
        step=own_tasks.is_step(task.name),
        giver=_giver(work, task),
        every=task.every,
        may_edit=checklists.can_edit(work, task, deal),
        files=me.role in access.FIELD_STAFF
        and described is not None
        and (bool(process.papers) or deal_files.count(work, deal) > 0),
        may_ask=task.state == "open" and task.assignee_id == me.id and field_chat.can_ask(work, deal),
        attached=tuple((one.id, title) for one, title in attached(work, t, deal, process, wanted)),
        may_open=access.can_view(me, deal, assigned=task.assignee_id == me.id),
        drives=task.state == "open" and visit_reports.find_visit(work, deal, task) is not None,
        following=_following(work, task) if task.state != "open" else None,
        lasts_until=_lasts_until(work, task, seen, described),
        ahead=_ahead(work, t, task, seen, described),
    )


def _giver(work: UnitOfWork, task: Task) -> str:
    """Who has set the step, if that is not whose it is."""
    return employees.get(work, task.given_by_id).name if task.given_by_id not in (None, task.assignee_id) else ""


def _lasts_until(work: UnitOfWork, task: Task, deal: Deal, described: TaskDefinition | None) -> datetime | None:
    """Of a task that begins at a moment of the deal: the end of the visit, or of the day; None for any other task."""
    due = described.due if described else None
    value = deal.fields.get(due.on) if isinstance(due, DueOn) and due.by is None and due.clock is None else None
    if isinstance(value, VisitSlot):
        return max(value.ends_at, task.due_at)
    calendar = work.company.calendar
    return calendar.at(calendar.today(task.due_at) + DAY, MIDNIGHT) if isinstance(value, datetime) else None


def _ahead(
    work: UnitOfWork, t: Translator, task: Task, deal: Deal, described: TaskDefinition | None
) -> tuple[ProductText, str] | None:
    """The date before which the task was to be done, if its own time has passed already: it was agreed that late."""
    due = described.due if described and task.state == "open" else None
    value = deal.fields.get(due.on) if isinstance(due, DueOn) and due.before is not None else None
    if not isinstance(due, DueOn) or value is None or task.due_at > work.now:
        return None
    meant = due_dates.task_meant(due, DealState(deal.pipeline, deal.stage, deal.entered_at, deal.fields), work.moment)
    process = work.company.processes[deal.process]
    if meant >= task.due_at or due_dates.is_over(value, work.moment):
        return None
    return process.fields[due.on].title, time_words.when(start_of(value), work.now, t)


def _outcome(name: str, one: Outcome, deal: Deal, *, shut: bool) -> OutcomeView:
    """One that leaves the task open is good for one state of the deal: a second press must not act twice."""
    stamp = deal.version if one.stays else None
    return OutcomeView(name, one.title, None if shut else one.style, stamp, shut, one.unchecked)


def attached(
    work: UnitOfWork, t: Translator, deal: Deal, process: Process, names: Sequence[str]
) -> list[tuple[File, str]]:
    """The files that a task shows, as the actor may see them, each with its folder's title; the latest of many (M-8).

    The task is enough to see them: who stamps the calculation need not see the deal.
    """
    folders = [name for name in names if isinstance(process.fields.get(name), FileLike)]
    found = deal_files.of_fields(work, deal, folders)[-MOST_FILES:] if folders else []
    alike = Counter(one.field for one in found)
    seen, out = Counter[str | None](), []
    for one in found:
        seen[one.field] += 1
        title = t(process.fields[str(one.field)].title)
        out.append((one, f"{title} · {seen[one.field]}" if alike[one.field] > 1 else title))
    return out


def _following(work: UnitOfWork, task: Task) -> tuple[TaskId, StoredTitle] | None:
    """What the actor does next on the deal of a closed task: the first due of his own open ones."""
    assert work.actor is not None
    own = (one for one in task_queries.of_deal(work, task.deal_id) if one.assignee_id == work.actor.id)
    return next(((one.id, one.title) for one in own), None)


def idle_outcomes(work: UnitOfWork, deal: Deal, outcomes: Mapping[str, Outcome]) -> frozenset[str]:
    """Outcomes that have no place now, by conditions that say no word of their own: who has accepted a job is not asked
    to accept it again. One whose condition says why it fails stays and says so, and so does one that waits for a paper:
    pressing it is what leads to the paper."""
    silent = {
        name: conditions
        for name, one in outcomes.items()
        if (conditions := [test for test in one.if_ if test.why is None and not isinstance(test, Made | SentPaper)])
    }
    if not silent:
        return frozenset()
    state = deal_queries.state_of(work, deal)
    return frozenset(name for name, tests in silent.items() if not guards.all_hold(tests, state, work.moment))


def shut_outcomes(work: UnitOfWork, deal: Deal, task: Task, outcomes: Mapping[str, Outcome]) -> frozenset[str]:
    """Outcomes that are shown shut, and say why when they are pressed: they tell of a visit still ahead, or move
    the deal where it would not stay."""
    process, now = work.process(deal.process), work.moment
    shut = {name for name, one in outcomes.items() if visit_jobs.day_ahead(process, deal, task.name, one, now)}
    moving = {name: one for name, one in outcomes.items() if foresight.may_undo(process, deal, one.do)}
    if moving:
        state = deal_queries.state_of(work, deal)
        shut |= {name for name, one in moving.items() if foresight.of_actions(process, state, one.do, now)}
    return frozenset(shut)


def spot_for(deal: Deal, process: Process, names: Sequence[str]) -> GeoPoint | None:
    """The place on the map, if the task shows one."""
    found = (deal.fields.get(name) for name in names if isinstance(process.fields.get(name), LocationField))
    return next((one for one in found if isinstance(one, GeoPoint)), None)


def shown(
    work: UnitOfWork, t: Translator, deal: Deal, process: Process, names: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Titles and values of fields as the actor may see them; a place on the map is a button, no text."""
    deal = deal_queries.as_seen(work, deal)
    staff: dict[int, str] = {one.id: one.name for one in employees.staff(work)}
    agreed = approvals.of_fields(work, deal, process, names)
    out = []
    for name in names:
        field, value = process.fields.get(name), deal.fields.get(name)
        if field is None or value is None or not field.reads_as_text:
            continue
        said = field_words.value(t, field, value, staff, now=work.now)
        said += approval_words.beside(t, process, deal, agreed.get(name), work.now)
        out.append((t(field.title), said))
    sees_account = work.actor is not None and access.can_see_account(work.actor.role, process)
    return (*out, *_left(t, deal, process, names)) if sees_account else tuple(out)


def _left(t: Translator, deal: Deal, process: Process, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What is still to be paid, where the task shows what the whole is and a part of it has come (K-17)."""
    left = balances.balance(process, deal)
    if process.payments is None or balances.total_field(process, deal.pipeline) not in names or left is None:
        return ()
    if left < 0:
        return ((t("Переплата"), t.money(-left)),)
    return ((t("Остаток"), t.money(left)),) if balances.paid(process, deal) else ()


def address_for(me: Employee, deal: Deal, process: Process, names: Sequence[str]) -> Address | None:
    """Of the fields that the task shows; for those who drive out any address of the deal."""
    tried = [*names, *process.fields] if me.role in access.FIELD_STAFF else names
    return address_field.find_address(process.fields, deal.fields, tried)


def _taps(me: Employee, deal: Deal, process: Process, running: frozenset[str]) -> tuple[tuple[int, ProductText], ...]:
    if not access.can_edit(me, deal):
        return ()
    return tuple(
        (place, robot.on.tap)
        for place, (_, robot) in enumerate(process.rules_of(deal.pipeline, deal.stage))
        if isinstance(robot.on, Tapped) and guards.is_offered(robot.if_, running)
    )


def short_address(address: Address) -> str:
    """«ул. Ленина, д. 5, кв. 12»: what one needs to know where the day goes."""
    if not address.street and not address.house:
        return address.one_line()[:60]
    return replace(address, city=None, entrance=None, floor=None, intercom=None, private=False, note="").one_line()
