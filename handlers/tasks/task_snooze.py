"""Putting a task off: until when, then why; the reason is written into the deal's history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import task_actions as tasks_
from handlers.tasks.task_views import view
from keyboards.callbacks.task_callbacks import AskSnooze, SnoozeTask
from keyboards.near_time import near
from keyboards.screen import Reply
from keyboards.tasks import task_card as cards
from models import access
from models.entities import Employee
from models.errors import NotFound
from models.field_values import FieldValues
from models.ids import TaskId
from models.process import own_tasks
from models.values.dates import date_doubts, date_phrases
from models.values.invalid_value import N_, InvalidValue
from models.values.spans import Days, Weeks
from models.values.work_calendar import WorkCalendar
from services.outbox import notices
from services.purposes.task_purposes import SnoozePurpose, SnoozeTimePurpose
from services.tasks import task_commands, task_queries
from services.unit_of_work import UnitOfWork

MORNING, EVENING = time(9), time(18)
LONGEST_SNOOZE = timedelta(days=366)
LONGEST_REASON = 300
UNTIL_EXAMPLE = N_("завтра в 15:00")


def later(work: UnitOfWork, me: Employee) -> dict[str, datetime]:
    """In an hour; this evening; on the next working day, in three working days and in a week in the morning, by the
    company's clocks. Keys are those of `task_card.SNOOZES`. What is still today is left out if the person will not
    hear of it then: the button would promise a reminder that comes on another day."""
    calendar = work.company.calendar
    today = calendar.today(work.now)
    evening = calendar.at(today, EVENING)
    hour = work.now + timedelta(hours=1)
    wanted = {"0": hour, "4": evening} if evening > hour else {"0": hour}
    ahead = {key: at for key, at in wanted.items() if notices.polite_time(calendar, me, at) == at}
    spans = (("1", Days(days=1)), ("2", Days(days=3)), ("3", Weeks(weeks=1)))
    mornings = {key: morning(calendar, calendar.day_later(today, span)) for key, span in spans}
    return {**ahead, **mornings}


def morning(calendar: WorkCalendar, day: date) -> datetime:
    """When a day is meant without an hour: nine, or when the company opens if that is later."""
    return max(calendar.at(day, MORNING), calendar.opening(day))


@on_callback(SnoozeTask, access.EVERYONE)
def snooze(request: Request, press: SnoozeTask) -> Reply:
    """Until when, then why: the reason is written into the deal's history."""
    work, t = request.work, request.t
    task = task_queries.get_mine(work, press.task)
    choices = later(work, request.me)
    if not press.choice:
        return Reply(cards.snooze_screen(view(work, t, task), choices, t))
    if press.choice not in choices:
        if press.choice in cards.SNOOZES:  # it has passed, or has become night, since the menu was drawn
            toast = t("Это время уже не подходит. Выберите другое.")
            return Reply(cards.snooze_screen(view(work, t, task), choices, t), toast)
        raise NotFound("button")
    return _ask_why(request, task.id, choices[press.choice])


def _ask_why(request: Request, task_id: TaskId, until: datetime) -> Reply:
    t = request.t
    if own_tasks.is_step(task_queries.get_mine(request.work, task_id).name):  # nobody asks why of what one has set
        found = task_commands.put_off(request.work, task_id, until, "")
        return tasks_.show(request, found.id, tasks_.put_off_until(request, found))
    purpose = SnoozePurpose(task_id, until)
    title = t("Отложить: {when}", when=near(until, request.work.now, t))
    return form_runner.begin_text(request, purpose, title, t("Напишите причину"), longest=LONGEST_REASON)


@on_callback(AskSnooze, access.EVERYONE)
def snooze_own(request: Request, press: AskSnooze) -> Reply:
    """Any other time, typed."""
    task, t = task_queries.get_mine(request.work, press.task), request.t
    purpose = SnoozeTimePurpose(task.id)
    hint = t("Напишите день и время, например: {example}", example=t(UNTIL_EXAMPLE))
    return form_runner.begin_text(request, purpose, t("До какого времени отложить?"), hint, longest=100)


@on_finish(SnoozeTimePurpose, access.EVERYONE)
def snooze_at(request: Request, purpose: SnoozeTimePurpose, values: FieldValues) -> Reply:
    """The time has come as text; the reason is asked next."""
    task = task_queries.get_mine(request.work, purpose.task)
    return _ask_why(request, task.id, read_until(request.work, str(values["text"])))


def read_until(work: UnitOfWork, raw: str) -> datetime:
    """A moment as people say it; a day alone means its morning. Raises Wrong for what is no moment, or not ahead."""
    calendar = work.company.calendar
    try:
        at = date_phrases.parse_moment(raw, calendar.local(work.now))
    except InvalidValue as wrong:
        day = date_doubts.day_named(wrong)
        if day is None:
            raise
        at = morning(calendar, day)
    if at <= work.now:
        raise InvalidValue("snooze.past", N_("Это время уже прошло. Отложить можно только вперёд."), UNTIL_EXAMPLE)
    if at - work.now > LONGEST_SNOOZE:
        raise InvalidValue(
            "snooze.far", N_("Это слишком далеко: задачу можно отложить не больше чем на год."), UNTIL_EXAMPLE
        )
    return at.astimezone(UTC)


@on_finish(SnoozePurpose, access.EVERYONE)
def put_off(request: Request, purpose: SnoozePurpose, values: FieldValues) -> Reply:
    """The reason has come."""
    until = purpose.until
    if until <= request.work.now:  # the answer took longer than the hour it was to be put off for
        until = request.work.company.calendar.open_later(request.work.now, timedelta(hours=1))
    found = task_commands.put_off(request.work, purpose.task, until, str(values["text"]))
    return tasks_.show(request, found.id, tasks_.put_off_until(request, found))
