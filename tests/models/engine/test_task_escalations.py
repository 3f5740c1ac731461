"""When those above hear of an undone task: working days, agreed days, custom spans (truth 3, 11, 22)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.engine import task_escalations as rules
from models.engine.deal_state import DealState, Moment
from models.engine.task_escalations import AlreadyTold, NextEscalation
from models.process import checks, parse
from models.process.process import Process
from models.process.stages import DueAfter, DueOn, TaskDefinition, TaskEscalation
from models.values.spans import Days
from models.values.work_calendar import WorkCalendar
from tests.worlds import notice_shop

ZONE = ZoneInfo("Europe/Moscow")
FIVE_DAYS = WorkCalendar(ZONE, weekdays=frozenset(range(5)))
SHOP = notice_shop.shop()  # its `ready_at` is a date, its `visit` a booked one
NOTHING = AlreadyTold()
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # 12:00 in Moscow


def at(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def task(**said: Any) -> TaskDefinition:
    return TaskDefinition(**{"title": "Проверить", "due": DueAfter(after=timedelta(days=1)), **said})


def told_next(
    described: TaskDefinition,
    due_at: datetime,
    now: datetime | None = None,
    told: AlreadyTold = NOTHING,
    **fields: Any,
) -> NextEscalation:
    deal = DealState("general", "work", due_at, fields)
    return rules.next_escalation(SHOP, described, deal, due_at, told, Moment(now or due_at, FIVE_DAYS))


def test_an_undone_task_is_told_one_working_day_after_it_was_due() -> None:
    assert told_next(task(), FRIDAY) == NextEscalation(at(30, "12:00"))


def test_it_is_told_again_after_three_working_days_and_then_every_week() -> None:
    assert told_next(task(), FRIDAY, at(30, "12:00"), AlreadyTold(1)).at == at(3, "12:00", 12)
    assert told_next(task(), FRIDAY, at(3, "12:00", 12), AlreadyTold(2)).at == at(10, "12:00", 12)
    assert told_next(task(), FRIDAY, at(10, "12:00", 12), AlreadyTold(3)).at == at(17, "12:00", 12)


@pytest.mark.parametrize(("after", "when"), [
    (timedelta(hours=2), at(27, "14:00")),
    (Days(days=2), at(1, "12:00", 12)),
])  # fmt: skip
def test_the_file_may_say_another_span_whose_days_are_working_days(after: timedelta, when: datetime) -> None:
    assert told_next(task(escalates=TaskEscalation(after=after)), FRIDAY).at == when


def test_a_day_that_the_task_prepares_is_told_two_hours_before_the_last_working_day_ends() -> None:
    """Truth 3: a visit on Monday without a person is told on Friday, not on Monday when it is too late."""
    said = told_next(task(shows=("ready_at",)), FRIDAY, ready_at=at(30, "10:00"))
    assert said.day is not None
    assert (said.at, said.day.field, said.day.day) == (at(27, "19:00"), "ready_at", date(2026, 11, 30))


def test_the_day_of_the_due_rule_is_one_though_no_card_shows_it() -> None:
    described = task(due=DueOn(on="ready_at", before=timedelta(days=3)))
    said = told_next(described, FRIDAY, ready_at=at(30, "10:00"))
    assert said.day is not None and said.at == at(27, "19:00")


def test_what_falls_due_after_that_hour_is_told_when_it_falls_due() -> None:
    due = at(27, "20:30")
    assert told_next(task(shows=("ready_at",)), due, ready_at=at(30, "10:00")).at == due
    today = told_next(task(shows=("ready_at",)), at(30, "9:30"), ready_at=at(30, "18:00"))
    assert today.day is not None and today.at == at(30, "9:30")


def test_a_task_that_is_the_day_itself_or_comes_after_it_prepares_none() -> None:
    for due in (DueOn(on="ready_at"), DueOn(on="ready_at", after=timedelta(days=1))):
        said = told_next(task(due=due, shows=("ready_at",)), FRIDAY, ready_at=at(30, "10:00"))
        assert said == NextEscalation(at(30, "12:00"))


def test_a_day_of_which_they_have_heard_and_one_that_is_over_are_not_told() -> None:
    told = AlreadyTold(0, frozenset({date(2026, 11, 30)}))
    assert told_next(task(shows=("ready_at",)), FRIDAY, told=told, ready_at=at(30, "10:00")).day is None
    assert told_next(task(shows=("ready_at",)), FRIDAY, ready_at=at(26, "10:00")).day is None


def test_a_day_far_off_does_not_keep_a_late_task_silent() -> None:
    assert told_next(task(shows=("ready_at",)), FRIDAY, ready_at=at(20, "10:00", 12)) == NextEscalation(at(30, "12:00"))


def test_putting_off_is_long_after_three_working_days_however_often() -> None:
    deal = DealState("general", "work", FRIDAY)
    given = FRIDAY - timedelta(days=1)  # so it was due on Friday at first
    assert not rules.is_put_off_long(task(), deal, given, Moment(at(2, "11:59", 12), FIVE_DAYS))
    assert rules.is_put_off_long(task(), deal, given, Moment(at(2, "12:00", 12), FIVE_DAYS))


def test_the_company_that_closes_at_midnight_hears_at_ten() -> None:
    late = WorkCalendar(ZONE, closes=datetime.min.time())
    assert rules.told_before(date(2026, 11, 30), late) == at(29, "22:00")


# --- the words of the file ------------------------------------------------------------------------------------------


def read(escalates: str) -> tuple[Process | None, list[str]]:
    text = notice_shop.TEXT.replace("plan: {", f"plan: {{escalates: {escalates}, ", 1)
    process, problems, lines = parse.read(text, "shop.yaml")
    return process, [
        str(one) for one in problems or (checks.find_problems(process, "shop.yaml", lines) if process else ())
    ]


def test_a_task_says_another_span_and_another_person_in_one_line() -> None:
    process, problems = read("{after: 2h, to: owner}")
    assert process is not None and not problems
    found = process.task("general", "start", "plan").escalates
    assert (found.after, found.to) == (timedelta(hours=2), "owner")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [("{after: soon}", "duration"), ("{to: boss}", "owner"), ("never", "escalates"), ("{until: 2h}", "until")],
)
def test_what_no_task_can_say_is_an_error_with_its_line(said: str, wrong: str) -> None:
    _, problems = read(said)
    assert problems and "shop.yaml:" in problems[0] and wrong in problems[0]
