"""When a rule rings: stuck and date triggers, due rules of tasks, zones, clock changes, and anchors that move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from engine_shop import MOSCOW, NOW, UTC_CALENDAR, build, deal_at, later, moment, of_kind, planned

from models.engine import due_dates, engine_run, moves, silences
from models.engine import effects as e
from models.engine.deal_state import DealState
from models.engine.silences import LastActs
from models.process.process import Silence
from models.process.stages import DueAfter, DueHalfMonth, DueOn
from models.process.triggers import OnDate, Stuck
from models.values.work_calendar import WorkCalendar

BERLIN = WorkCalendar(ZoneInfo("Europe/Berlin"))
VLADIVOSTOK = WorkCalendar(ZoneInfo("Asia/Vladivostok"))
OFFICE = WorkCalendar(ZoneInfo("Europe/Moscow"), time(9), time(18), frozenset(range(5)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stuck(said: str, clock: str | None = None) -> Stuck:
    return Stuck.model_validate({"stuck": said, "clock": clock} if clock else {"stuck": said})


def on_date(**said: object) -> OnDate:
    return OnDate.model_validate(said)


# --- stuck ------------------------------------------------------------------------------------------------------


def test_stuck_rings_so_long_after_the_deal_entered_the_stage() -> None:
    assert due_dates.stuck_due(stuck("1d"), NOW, moment()) == later(days=1)
    assert due_dates.stuck_due(stuck("30m"), NOW, moment()) == later(minutes=30)


def test_stuck_counts_the_working_days_of_the_company_and_hours_as_hours() -> None:
    """truth 19: Friday 15:00 and one day is Monday 15:00, and three days are Wednesday; 24 hours are 24 hours."""
    friday, saturday = utc("2026-04-03 12:00"), utc("2026-04-04 12:00")
    rings = [
        due_dates.stuck_due(stuck(said), at, moment(at, OFFICE))
        for said, at in (("1d", friday), ("3d", friday), ("24h", friday), ("1w", friday), ("1d", saturday))
    ]
    assert rings == [
        utc("2026-04-06 12:00"), utc("2026-04-08 12:00"), utc("2026-04-04 12:00"), utc("2026-04-10 12:00"),
        utc("2026-04-07 06:00"),  # what came on a day off is told on Monday; a day of work later is Tuesday
    ]  # fmt: skip


def test_stuck_with_a_clock_rings_at_that_time_of_the_companys_day() -> None:
    entered = utc("2026-03-10 21:30")  # already the 11th in Moscow
    assert due_dates.stuck_due(stuck("1d", "11:00"), entered, moment(entered, MOSCOW)) == utc("2026-03-12 08:00")
    assert due_dates.stuck_due(stuck("1d", "11:00"), entered, moment(entered)) == utc("2026-03-11 11:00")


def test_stuck_with_a_clock_counts_days_and_not_hours_over_a_clock_change() -> None:
    """Berlin, 28 March 2026, 23:30: a day of 23 hours lies ahead; the next day's 10:00 is meant, not the one after."""
    entered = utc("2026-03-28 22:30")
    assert due_dates.stuck_due(stuck("1d", "10:00"), entered, moment(entered, BERLIN)) == utc("2026-03-29 08:00")


# --- date triggers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value", "calendar", "due"),
    [
        ({"at": "d"}, date(2026, 4, 1), MOSCOW, "2026-04-01 06:00"),
        ({"at": "d", "clock": "16:00"}, date(2026, 4, 1), MOSCOW, "2026-04-01 13:00"),
        ({"at": "d"}, utc("2026-04-01 12:34"), MOSCOW, "2026-04-01 12:34"),
        ({"before": "d", "by": "3d"}, date(2026, 4, 1), MOSCOW, "2026-03-29 06:00"),
        ({"before": "d", "by": "1d", "clock": "18:00"}, utc("2026-04-01 22:00"), MOSCOW, "2026-04-01 15:00"),
        ({"before": "d", "by": "1d", "clock": "18:00"}, utc("2026-04-01 22:00"), UTC_CALENDAR, "2026-03-31 18:00"),
        ({"before": "d", "by": "3h"}, utc("2026-04-01 12:00"), MOSCOW, "2026-04-01 09:00"),
        ({"before": "d", "by": "27h"}, utc("2026-04-01 12:00"), MOSCOW, "2026-03-31 09:00"),
        ({"after": "d", "by": "3h"}, utc("2026-04-01 12:00"), MOSCOW, "2026-04-01 15:00"),
        ({"after": "d", "by": "1d", "clock": "10:15"}, date(2026, 4, 1), MOSCOW, "2026-04-02 07:15"),
        ({"after": "d"}, date(2026, 4, 1), MOSCOW, "2026-04-01 06:00"),
        # a company ten hours ahead: the same moment is another day there
        ({"after": "d", "by": "1d", "clock": "11:00"}, utc("2026-04-01 20:00"), VLADIVOSTOK, "2026-04-03 01:00"),
        # days back by the calendar, onto a working day; days on are working days; 2026-04-05 is a Sunday
        ({"before": "d", "by": "1d", "clock": "16:00"}, date(2026, 4, 6), OFFICE, "2026-04-03 13:00"),
        ({"after": "d", "by": "1d", "clock": "11:00"}, date(2026, 4, 3), OFFICE, "2026-04-06 08:00"),
        ({"at": "d"}, utc("2026-04-04 10:00"), OFFICE, "2026-04-04 10:00"),
        ({"before": "d", "by": "3d", "clock": "10:00"}, date(2026, 4, 7), OFFICE, "2026-04-03 07:00"),
        ({"before": "d", "by": "1w"}, utc("2026-04-12 09:00"), OFFICE, "2026-04-03 09:00"),
        ({"after": "d", "by": "3d"}, date(2026, 4, 2), OFFICE, "2026-04-07 06:00"),
        ({"after": "d", "by": "1w"}, date(2026, 4, 4), OFFICE, "2026-04-13 06:00"),
        ({"before": "d", "by": "3h"}, utc("2026-04-06 09:00"), OFFICE, "2026-04-06 06:00"),
        # clock changes: the same time by the company's clocks, though the day has 23 or 25 hours
        ({"before": "d", "by": "1d"}, utc("2026-03-29 08:00"), BERLIN, "2026-03-28 09:00"),
        ({"after": "d", "by": "1d"}, utc("2026-10-24 08:00"), BERLIN, "2026-10-25 09:00"),
        ({"before": "d", "by": "1d", "clock": "02:30"}, date(2026, 3, 30), BERLIN, "2026-03-29 01:00"),
    ],
)
def test_a_date_trigger_rings_by_the_companys_days_and_clocks(
    rule: dict[str, object], value: date | datetime, calendar: WorkCalendar, due: str
) -> None:
    assert due_dates.date_due(on_date(**rule), value, moment(NOW, calendar)) == utc(due)


def test_a_reminder_whose_time_has_passed_rings_at_once_while_its_date_is_still_ahead() -> None:
    before = on_date(before="d", by="3d", clock="10:00")
    assert due_dates.date_due(before, date(2026, 3, 12), moment()) == NOW
    assert due_dates.date_due(before, NOW.date(), moment()) == NOW
    assert due_dates.date_due(before, later(minutes=1), moment()) == NOW


def test_a_reminder_is_not_rung_for_a_date_that_has_passed() -> None:
    before = on_date(before="d", by="3d", clock="10:00")
    assert due_dates.date_due(before, NOW.date() - timedelta(days=1), moment()) is None
    assert due_dates.date_due(before, later(minutes=-1), moment()) is None


def test_at_and_after_are_rung_at_once_for_a_date_that_has_passed() -> None:
    assert due_dates.date_due(on_date(at="d"), later(days=-5), moment()) == NOW
    assert due_dates.date_due(on_date(after="d", by="1d"), later(days=-5), moment()) == NOW


def test_an_alarm_whose_hour_has_passed_when_the_date_is_set_may_be_left_out_K_21() -> None:
    """«Not called by four» must not ring at six of a visit that was booked at six."""
    alarm = on_date(before="d", by="1d", missed="skip")
    assert due_dates.date_due(alarm, later(minutes=1), moment()) is None
    assert due_dates.date_due(alarm, later(days=3), moment()) == later(days=2)


# --- due rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "calendar", "due"),
    [
        (DueAfter.model_validate({"after": "2d"}), MOSCOW, "2026-03-12 09:00"),
        (DueAfter.model_validate({"after": "1d", "clock": "10:45"}), MOSCOW, "2026-03-11 07:45"),
        (DueOn.model_validate({"on": "visit_at"}), MOSCOW, "2026-04-01 07:30"),
        (DueOn.model_validate({"on": "visit_at", "before": "3d"}), MOSCOW, "2026-03-29 07:30"),
        (DueOn.model_validate({"on": "visit_at", "before": "1h"}), MOSCOW, "2026-04-01 06:30"),
        (DueOn.model_validate({"on": "visit_at", "before": "2h"}), MOSCOW, "2026-03-31 17:00"),  # not 8:30: it is shut
        (DueOn.model_validate({"on": "visit_at", "before": "1d", "clock": "16:00"}), MOSCOW, "2026-03-31 13:00"),
        (DueOn.model_validate({"on": "ready_on"}), MOSCOW, "2026-05-05 06:00"),
        (DueOn.model_validate({"on": "ready_on", "before": "60d"}), MOSCOW, "2026-03-10 09:00"),
        (DueOn.model_validate({"on": "next_on"}), MOSCOW, "2026-03-11 06:00"),
    ],
)
def test_a_task_is_due_by_its_rule(rule: DueAfter | DueOn, calendar: WorkCalendar, due: str) -> None:
    deal = deal_at("order.work", visit_at=utc("2026-04-01 07:30"), ready_on=date(2026, 5, 5))
    assert due_dates.task_due(rule, deal, moment(NOW, calendar)) == utc(due)


@pytest.mark.parametrize(
    ("rule", "given_at", "due"),
    [
        (DueAfter.model_validate({"after": "2h"}), "2026-04-03 14:30", "2026-04-06 06:00"),  # Friday 17:30
        (DueAfter.model_validate({"after": "2h"}), "2026-04-04 09:00", "2026-04-06 08:00"),  # Saturday noon
        (DueOn.model_validate({"on": "ready_on"}), "2026-04-01 09:00", "2026-04-06 06:00"),
        (DueOn.model_validate({"on": "ready_on", "clock": "11:00"}), "2026-04-01 09:00", "2026-04-06 08:00"),
    ],
)
def test_nothing_is_due_while_nobody_is_at_work(rule: DueAfter | DueOn, given_at: str, due: str) -> None:
    deal = deal_at("order.work", ready_on=date(2026, 4, 4))  # a Saturday
    assert due_dates.task_due(rule, deal, moment(utc(given_at), OFFICE)) == utc(due)


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        ("2026-04-02 09:00", "2026-04-03 06:00"),  # a day ahead: as it opens
        ("2026-04-03 09:00", "2026-04-03 14:00"),  # today: an hour before closing
        ("2026-04-03 14:30", "2026-04-06 06:00"),  # too late today: when the company opens next
    ],
)
def test_what_is_put_off_until_a_promised_day_never_rings_at_once(now: str, rings: str) -> None:
    deal = deal_at("order.work", ready_on=date(2026, 4, 3))
    assert due_dates.promised_due("ready_on", deal, moment(utc(now), OFFICE)) == utc(rings)


@pytest.mark.parametrize(
    ("failed_at", "due"),
    [
        ("2026-03-01 00:00", "2026-04-01 06:00"),
        ("2026-03-15 20:59", "2026-04-01 06:00"),  # 23:59 of the 15th in Moscow
        ("2026-03-15 21:00", "2026-04-15 06:00"),  # the 16th has begun there
        ("2026-12-31 12:00", "2027-01-15 06:00"),
        ("2026-12-31 21:00", "2027-02-01 06:00"),
    ],
)
def test_a_call_back_is_due_on_the_1st_or_the_15th_of_the_next_month(failed_at: str, due: str) -> None:
    """F-E5: days 1–15 of the company's month give the 1st, days 16 to the end the 15th."""
    rule = DueHalfMonth(first=1, second=15)
    assert due_dates.task_due(rule, deal_at("order.lost"), moment(utc(failed_at), MOSCOW)) == utc(due)


# --- timers of a deal -------------------------------------------------------------------------------------------

WORK = build(
    """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    work:
      title: Работа
      tasks:
        prepare: {title: Подготовить, due: {on: visit_at, before: 1d}}
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Стоит день}
        - {on: {stuck: 3d}, if: {empty: note}, escalate: supervisor, text: Стоит три дня}
        - {on: {before: visit_at, by: 1d}, notify: responsible, text: Скоро визит}
      next: [paying]
    paying:
      title: Оплата
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Не оплачено}
      next: [work, won]
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
"""
)
STUCK_1D, STUCK_3D = "order.work.stuck1440.notify", "order.work.stuck4320.escalate"
BEFORE = "order.work.before-visit_at-1440.notify"


def timers(found: e.Plan | e.Refusal) -> dict[str, tuple[str, datetime]]:
    return {timer.rule: (timer.anchor, timer.due_at) for timer in of_kind(e.TimerSet, found)}


def test_entering_a_stage_sets_its_timers_hung_on_that_moment() -> None:
    plan = moves.plan_begin(WORK, deal_at("order.work"), moment())
    assert timers(plan) == {
        STUCK_1D: (NOW.isoformat(), later(days=1)),
        STUCK_3D: (NOW.isoformat(), later(days=3)),
        "silence": (NOW.isoformat(), later(days=7)),
    }
    assert of_kind(e.TimerVoided, plan) == [e.TimerVoided(BEFORE)]


def test_a_timer_that_rings_does_what_its_rule_says() -> None:
    deal = deal_at("order.work")
    plan = moves.plan_timer(WORK, deal, STUCK_1D, NOW.isoformat(), moment(later(days=1)))
    assert planned(plan) == (e.NoticePlanned("responsible", "Стоит день", STUCK_1D, anchor=NOW.isoformat()),)


def test_a_timer_of_a_stage_that_the_deal_has_left_does_nothing() -> None:
    deal = deal_at("order.paying", later(hours=1))
    assert planned(moves.plan_timer(WORK, deal, STUCK_1D, NOW.isoformat(), moment(later(days=1)))) == ()


def test_a_timer_of_an_earlier_visit_to_the_same_stage_does_nothing() -> None:
    deal = deal_at("order.work", later(hours=5))
    assert planned(moves.plan_timer(WORK, deal, STUCK_1D, NOW.isoformat(), moment(later(days=1)))) == ()


def test_a_timer_whose_rule_is_gone_or_whose_condition_no_longer_holds_does_nothing() -> None:
    anchor, ringing = NOW.isoformat(), moment(later(days=3))
    assert planned(moves.plan_timer(WORK, deal_at("order.work"), "order.work.stuck9.notify", anchor, ringing)) == ()
    assert planned(moves.plan_timer(WORK, deal_at("order.work", note="Ждём"), STUCK_3D, anchor, ringing)) == ()
    assert planned(moves.plan_timer(WORK, deal_at("order.work"), STUCK_3D, anchor, ringing)) != ()


def test_a_new_date_moves_its_timer_to_a_new_anchor_and_its_task_with_it() -> None:
    first, second = utc("2026-04-01 10:00"), utc("2026-04-08 10:00")
    deal = replace(deal_at("order.work", visit_at=first), tasks={"prepare": None})
    plan = moves.plan_fields(WORK, deal, {"visit_at": second}, moment())
    assert timers(plan) == {BEFORE: (second.isoformat(), utc("2026-04-07 10:00"))}
    assert of_kind(e.TaskMoved, plan) == [e.TaskMoved("prepare", utc("2026-04-07 10:00"), anew=True)]

    moved = deal.with_fields({"visit_at": second})
    ringing = moment(utc("2026-03-31 10:00"))
    assert planned(moves.plan_timer(WORK, moved, BEFORE, first.isoformat(), ringing)) == ()
    assert planned(moves.plan_timer(WORK, moved, BEFORE, second.isoformat(), moment(utc("2026-04-07 10:00")))) != ()


def test_an_emptied_date_voids_its_timer() -> None:
    deal = deal_at("order.work", visit_at=utc("2026-04-01 10:00"))
    assert of_kind(e.TimerVoided, moves.plan_fields(WORK, deal, {"visit_at": None}, moment())) == [
        e.TimerVoided(BEFORE)
    ]


def test_a_closed_task_does_not_follow_its_date() -> None:
    deal = replace(deal_at("order.work"), tasks={"prepare": "done"})
    assert of_kind(e.TaskMoved, moves.plan_fields(WORK, deal, {"visit_at": utc("2026-04-01 10:00")}, moment())) == []


def test_the_same_moment_in_another_zone_is_the_same_anchor() -> None:
    robot = WORK.rules[BEFORE]
    at = utc("2026-04-01 10:00")
    local = at.astimezone(ZoneInfo("Europe/Moscow"))
    anchors = {engine_run.anchor_of(robot, deal_at("order.work", visit_at=value)) for value in (at, local)}
    assert anchors == {at.isoformat()}


# --- the last net -----------------------------------------------------------------------------------------------


def silent(deal: DealState, ringing: datetime, anchor: str = NOW.isoformat(), **acts: Any) -> list[tuple[str, int]]:
    """(Who hears, after how many days) when the net rings."""
    plan = moves.plan_timer(WORK, deal, "silence", anchor, moment(ringing), LastActs(**acts))
    assert "silence" in timers(plan), "the net is gone"
    return [(one.to, one.days) for one in of_kind(e.SilenceTold, plan)]


def test_silence_is_told_and_rings_again_after_the_same_span() -> None:
    ringing = later(days=7)
    plan = moves.plan_timer(WORK, deal_at("order.work"), "silence", NOW.isoformat(), moment(ringing))
    assert planned(plan) == (
        e.SilenceTold("responsible", "Тишина", NOW, 7),
        e.SilenceTold("supervisor", "Тишина", NOW, 7, escalated=True),
        e.TimerSet("silence", f"{NOW.isoformat()}/7", ringing + timedelta(days=7)),
    )


def test_the_net_speaks_to_the_responsible_often_and_to_those_above_more_seldom_for_ever() -> None:
    """Truth 20: an untouched deal does not fall silent; his list, then the supervisor's."""
    net = Silence(every=timedelta(days=2), after=timedelta(days=5))
    calendar, days, told = moment().calendar, 0, []
    while days < 21:
        at = silences.next_ring(net, NOW, days, calendar)
        now = silences.days_between(NOW, at, calendar)
        mine, above = silences.is_told(net, now, days)
        told += [(now, "responsible")] * mine + [(now, "above")] * above
        days = now
    assert [n for n, who in told if who == "responsible"] == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]
    assert [n for n, who in told if who == "above"] == [5, 10, 15, 20]


def test_a_net_that_rings_late_says_each_thing_once() -> None:
    """The bot was down for ten days: both hear once, with the true count, and the next time is ahead."""
    assert silent(deal_at("order.work"), later(days=17)) == [("responsible", 17), ("supervisor", 17)]
    assert silent(deal_at("order.work"), later(days=21), f"{NOW.isoformat()}/17") == [
        ("responsible", 21), ("supervisor", 21),
    ]  # fmt: skip


def test_silence_is_counted_from_the_last_act_of_a_person() -> None:
    acted = later(days=5)
    assert silent(deal_at("order.work"), later(days=7), at=acted) == []
    acts = LastActs(acted)
    plan = moves.plan_timer(WORK, deal_at("order.work"), "silence", NOW.isoformat(), moment(later(days=7)), acts)
    assert timers(plan)["silence"] == (f"{NOW.isoformat()}/2", later(days=12))
    assert silent(deal_at("order.work"), later(days=12), f"{NOW.isoformat()}/2", at=acted) == [
        ("responsible", 7), ("supervisor", 7),
    ]  # fmt: skip


def test_an_act_begins_a_new_count_however_long_it_was_silent_before() -> None:
    acted = later(days=8)
    assert silent(deal_at("order.work"), later(days=15), f"{NOW.isoformat()}/14", at=acted) == [
        ("responsible", 7), ("supervisor", 7),
    ]  # fmt: skip


def test_days_of_silence_are_working_days() -> None:
    five = WorkCalendar(ZoneInfo("Europe/Moscow"), weekdays=frozenset(range(5)))
    friday, monday = utc("2026-11-27 09:00"), utc("2026-11-30 09:00")
    assert silences.days_between(friday, monday, five) == 1
    assert silences.days_between(friday, monday - timedelta(days=1), five) == 0
    assert silences.next_ring(Silence(every=timedelta(days=4)), friday, 0, five) == utc("2026-12-03 06:00")


def test_a_deal_whose_task_is_for_a_day_to_come_is_not_silent() -> None:
    """K-16: three weeks of production, and a task on its set day: nobody is alarmed meanwhile, but the net stays."""
    waiting = replace(deal_at("order.work", visit_at=utc("2026-04-01 10:00")), tasks={"prepare": None})
    last, day = later(days=14), utc("2026-04-02 10:00")
    assert silent(waiting, last) == []
    assert silent(waiting, day) != []


def test_a_deal_with_an_agreed_day_ahead_is_not_silent() -> None:
    """Truth 20: a robot of the stage hangs on the day; a task was given for it, or put off to it."""
    ringing = later(days=14)
    assert silent(deal_at("order.work"), ringing) != []
    assert silent(deal_at("order.work", visit_at=utc("2026-04-01 10:00")), ringing) == []
    assert silent(deal_at("order.work", visit_at=ringing), ringing) == [], "it is today"
    assert silent(deal_at("order.work", visit_at=ringing - timedelta(days=1)), ringing) != [], "the day is over"
    assert silent(deal_at("order.work"), ringing, task_ahead=True) == []


def test_silence_is_over_when_the_deal_moved_or_ended() -> None:
    ringing = moment(later(days=7))
    assert (
        planned(moves.plan_timer(WORK, deal_at("order.work", later(days=1)), "silence", NOW.isoformat(), ringing)) == ()
    )
    assert planned(moves.plan_timer(WORK, deal_at("order.won"), "silence", NOW.isoformat(), ringing)) == ()


def test_an_ended_deal_has_no_net() -> None:
    plan = moves.plan_move(WORK, deal_at("order.paying"), "won", moment())
    assert timers(plan) == {}


def test_the_net_of_a_deal_that_began_earlier_hangs_on_its_own_moment() -> None:
    """A deal taken in later (an import) rings for the stage it stands on, not for the minute of the import."""
    entered = later(days=-1)
    plan = moves.plan_begin(WORK, deal_at("order.work", entered), moment())
    assert {anchor for anchor, _ in timers(plan).values()} == {entered.isoformat()}
