"""One-way doors (M-2): nothing leads back behind them — no role, no robot, no detour; and due rules by working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from engine_shop import MOSCOW, NOW, build, codes, deal_at, moment, of_kind, planned, refused

from models.engine import due_dates, moves, transitions
from models.engine import effects as e
from models.engine.deal_state import DealState
from models.process import parse
from models.process.process import Process
from models.process.stages import DueOn
from models.values.public_holidays import CountryHolidays
from models.values.work_calendar import WorkCalendar

SHOP = build(
    """
sales:
  title: Продажи
  new: {button: Новая, ask: [name], title: "{name}"}
  stages:
    calc:
      title: Просчёт
      tasks: {think: {title: Думать, due: {after: 1d}}}
      next: [paused, visit, {to: done, if: {filled: note}}]
      robots: [{on: {tap: Отложить}, carry: later}]
    paused: {title: Перенос, tasks: {wait: {title: Ждать, due: {after: 1d}}}}
    visit:
      title: Предзамер
      one_way: true
      tasks: {call: {title: Звонить, due: {after: 1d}}}
      robots:
        - {on: {tap: Отложить}, carry: later}
        - {on: {tap: Назад}, move: previous}
      next: [after, calc]
    after:
      title: После
      tasks: {sign: {title: Подписать, due: {after: 1d}}}
      robots: [{on: {filled: note}, move: calc}]
      next: [done, calc]
    done: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
later:
  title: Потом
  kind: deferred
  stages:
    rest:
      title: Отдых
      tasks: {ring: {title: Позвонить, due: {after: 1d}}}
      robots:
        - {on: {tap: В просчёт}, carry: sales.calc}
        - {on: {tap: В предзамер}, carry: sales.visit}
        - {on: {filled: note}, carry: sales.calc}
      next: [lost]
    lost: {title: Отказ, ending: lost}
"""
)
SLIPPERY = build(
    """
sales:
  title: Продажи
  new: {button: Новая, ask: [name], title: "{name}"}
  stages:
    calc: {title: Просчёт, tasks: {think: {title: Думать, due: {after: 1d}}}}
    visit: {title: Предзамер, one_way: true, robots: [{on: enter, carry: later}]}
    lost: {title: Отказ, ending: lost, from_any: true}
later:
  title: Потом
  kind: deferred
  stages:
    rest: {title: Отдых, robots: [{on: enter, carry: sales.calc}]}
    lost: {title: Отказ, ending: lost}
""",
    checked=False,  # it runs in a circle but for the door
)
BEHIND = ("calc", "postponed")
LATER = (
    "premeasure", "measure", "no_sheet", "after_measure", "remeasure", "precontract", "contract", "finish", "lost",
)  # fmt: skip


@cache
def measurement() -> Process:
    """The measurers' process as it stands in processes/."""
    path = Path(__file__).parents[3] / "processes" / "measurement.yaml"
    process, problems, _ = parse.read(path.read_text("utf-8"), "m")
    assert process is not None, problems
    return process


def tap(process: Process, deal: DealState, title: str) -> e.Plan | e.Refusal:
    """Press a robot's button by its title."""
    rule = next(
        rule for rule, robot in process.rules_of(deal.pipeline, deal.stage) if getattr(robot.on, "tap", "") == title
    )
    return moves.plan_tap(process, deal, rule, moment())


def codes_of_blocked(plan: e.Plan | e.Refusal) -> list[str]:
    """Why robots' moves were refused."""
    return [reason.code for one in of_kind(e.MoveBlocked, plan) for reason in one.refusal.reasons]


# --- the doors of the regulation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", BEHIND)
@pytest.mark.parametrize("here", LATER)
def test_m_2_from_every_later_stage_and_from_a_lost_deal_the_way_back_is_shut(here: str, to: str) -> None:
    came_from = "measure" if here == "lost" else None
    deal = deal_at(f"sales.{here}", NOW, came_from, contact_on=date(2026, 3, 12))
    found = codes(moves.plan_move(measurement(), deal, to, moment()))
    assert ("one_way", to) in found, found
    menu = {one.stage: one for one in transitions.options(measurement(), deal, moment())}
    assert menu[to].reasons[0].code == "one_way", "the menu shows it shut, with the reason"


@pytest.mark.parametrize("to", BEHIND)
def test_m_2_a_lost_deal_that_came_to_the_end_from_finish_remembers_the_door_by_its_history(to: str) -> None:
    """It stands in an ending, came from a stage that can be reached from anywhere; what it has passed is a fact."""
    deal = replace(
        deal_at("sales.lost", NOW, "finish", contact_on=date(2026, 3, 12)),
        facts=frozenset({"passed:sales.premeasure"}),
    )
    assert ("one_way", to) in codes(moves.plan_move(measurement(), deal, to, moment()))


def test_m_2_back_from_deferred_demand_the_door_stays_where_it_was() -> None:
    """A deal that has been on «Предзамер» may come back to it, not to «Просчёт»; one that has not comes to both."""
    fresh = deal_at("later.rest")
    passed = replace(fresh, facts=frozenset({"passed:sales.visit"}))
    for title in ("В просчёт", "В предзамер"):
        assert of_kind(e.StageChanged, tap(SHOP, fresh, title))
    assert [one.to_stage for one in of_kind(e.StageChanged, tap(SHOP, passed, "В предзамер"))] == ["visit"]
    (reason,) = refused(tap(SHOP, passed, "В просчёт")).reasons
    assert (reason.code, reason.data["behind"]) == ("one_way", "visit")


def test_m_2_a_robot_that_carries_a_deal_back_into_the_pipeline_is_refused_too() -> None:
    passed = replace(deal_at("later.rest"), facts=frozenset({"passed:sales.visit"}))
    plan = moves.plan_fields(SHOP, passed, {"note": "снова в деле"}, moment())
    assert not of_kind(e.StageChanged, plan)
    assert [one.refusal.reasons[0].code for one in of_kind(e.MoveBlocked, plan)] == ["one_way"]


def test_m_2_going_through_the_door_is_remembered_within_the_same_step() -> None:
    """A robot that carries the deal away at once leaves no gap in which it could slip back."""
    assert transitions.passed(SHOP, "sales", "after") == {"passed:sales.visit"}
    assert transitions.passed(SHOP, "sales", "visit") == {"passed:sales.visit"}
    assert transitions.passed(SHOP, "sales", "calc") == frozenset()
    assert transitions.passed(SHOP, "sales", "lost") == frozenset(), (
        "an ending is reached from anywhere: it says nothing"
    )
    assert transitions.passed(SHOP, "later", "rest") == frozenset()
    visit = replace(deal_at("sales.calc", note="снова в деле"), facts=frozenset({"client"}))
    assert codes_of_blocked(moves.plan_move(SLIPPERY, visit, "visit", moment())) == ["one_way"]


def test_m_2_not_even_a_way_that_the_file_names_leads_back_behind_a_door() -> None:
    for here in ("visit", "after"):
        deal = replace(deal_at(f"sales.{here}"), facts=transitions.passed(SHOP, "sales", here))
        assert ("one_way", "calc") in codes(moves.plan_move(SHOP, deal, "calc", moment())), here


def test_m_2_a_robot_is_refused_as_a_person_is() -> None:
    """`move: calc`, `move: previous` and `carry: sales.calc` end in a blocked move that the responsible hears of."""
    here = replace(deal_at("sales.after"), facts=frozenset({"passed:sales.visit"}))
    plan = moves.plan_fields(SHOP, here, {"note": "назад"}, moment())
    assert not of_kind(e.StageChanged, plan)
    assert [one.refusal.reasons[0].code for one in of_kind(e.MoveBlocked, plan)] == ["one_way"]

    back = replace(deal_at("sales.visit", NOW, "calc"), facts=frozenset({"passed:sales.visit"}))
    pressed = tap(SHOP, back, "Назад")
    assert not of_kind(e.StageChanged, pressed) and of_kind(e.MoveBlocked, pressed)


def test_m_2_before_the_door_ways_back_are_open_and_an_ending_is_never_shut() -> None:
    assert planned(moves.plan_move(SHOP, deal_at("sales.paused"), "calc", moment()))
    passed = replace(deal_at("sales.after"), facts=frozenset({"passed:sales.visit"}))
    assert planned(moves.plan_move(SHOP, passed, "visit", moment())), "back to the door itself, not behind it"
    assert planned(moves.plan_move(SHOP, passed, "lost", moment()))
    assert planned(moves.plan_move(SHOP, passed, "done", moment()))


def test_m_2_no_role_is_known_to_the_engine_so_none_passes() -> None:
    """Moves are planned from process, deal, stage and moment alone: there is nobody to make an exception for."""
    assert moves.plan_move.__annotations__.keys() == {"process", "deal", "to", "moment", "return"}


# --- due rules: after a day, by working days ------------------------------------------------------------------------


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def office(zone: str, country: str | None = None) -> WorkCalendar:
    return WorkCalendar(
        ZoneInfo(zone), time(9), time(18), frozenset(range(5)), CountryHolidays(country) if country else None
    )


@pytest.mark.parametrize(
    ("said", "calendar", "day", "due"),
    [
        ({"before": "1d"}, office("Europe/Moscow"), "2026-03-16", "2026-03-13 13:00"),  # Monday: Friday
        ({"before": "1d"}, office("Europe/Moscow"), "2026-03-15", "2026-03-13 13:00"),  # Sunday: Friday
        ({"before": "1d"}, office("Europe/Moscow"), "2026-03-18", "2026-03-17 13:00"),
        ({"before": "1d"}, MOSCOW, "2026-03-16", "2026-03-15 13:00"),  # who works every day has no Friday
        ({"before": "1d"}, office("Europe/Moscow", "RU"), "2026-05-12", "2026-05-08 13:00"),  # Victory Day's weekend
        ({"before": "1d"}, office("Europe/Berlin"), "2026-03-30", "2026-03-27 15:00"),  # winter time on that Friday
        ({"before": "1d"}, office("Europe/Berlin"), "2026-03-31", "2026-03-30 14:00"),  # summer time on that Monday
        ({"after": "1d"}, office("Europe/Moscow"), "2026-03-20", "2026-03-23 13:00"),  # Friday: Monday
        ({"after": "1d"}, office("Europe/Moscow"), "2026-03-17", "2026-03-18 13:00"),
        ({"after": "1d"}, office("Asia/Vladivostok"), "2026-03-17", "2026-03-18 06:00"),
    ],
)
def test_m_8_four_oclock_of_the_working_day_before_or_after(
    said: dict[str, str], calendar: WorkCalendar, day: str, due: str
) -> None:
    rule = DueOn.model_validate({"on": "ready_on", "clock": "16:00", **said})
    deal = deal_at("order.work", ready_on=date.fromisoformat(day))
    assert due_dates.task_due(rule, deal, moment(NOW, calendar)) == utc(due)


def test_m_11_the_day_after_is_the_next_working_day_of_the_company() -> None:
    rule = DueOn.model_validate({"on": "ready_on", "after": "1d", "clock": "10:45"})
    deal = deal_at("order.work", ready_on=date(2026, 3, 20))
    assert due_dates.task_due(rule, deal, moment(NOW, office("Europe/Moscow"))) == utc("2026-03-23 07:45")
    assert due_dates.task_due(rule, deal, moment(NOW, MOSCOW)) == utc("2026-03-21 07:45"), "who works every day"


def test_a_due_rule_whose_hour_has_passed_is_due_now() -> None:
    rule = DueOn.model_validate({"on": "ready_on", "before": "1d", "clock": "16:00"})
    deal = deal_at("order.work", ready_on=NOW.date())
    assert due_dates.task_due(rule, deal, moment(NOW, office("Europe/Moscow"))) == NOW


def test_a_due_rule_goes_one_way_not_both() -> None:
    with pytest.raises(ValueError, match=r"before|after"):
        DueOn.model_validate({"on": "ready_on", "before": "1d", "after": "1d"})
