"""The engine where deals stand on months: carried there, moved on with the date, called, and back (M-17, M-18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.engine import effects as e
from models.engine import moves, transitions
from tests.models.engine.engine_shop import Standing, build, codes, deal_at, moment, of_kind

PIPELINES = """
sales:
  title: Продажи
  new: {button: Новая продажа, ask: [name, phone], title: "{name}"}
  stages:
    calc:
      title: Просчёт
      robots: [{on: {tap: Отложить, ask: [ready_on]}, carry: later}, {on: {stuck: 1d}, notify: responsible, text: Ждёт}]
      next: [visit]
    visit:
      title: Замер
      one_way: true
      robots: [{on: {stuck: 1d}, notify: responsible, text: Ждёт}]
    won: {title: Успешна, ending: won}
    lost: {title: Проиграна, ending: lost, from_any: true}
later:
  title: Отложенный спрос
  kind: deferred
  monthly: ready_on
  stages:
    month:
      title: Отложенный спрос
      tasks:
        call:
          title: Позвонить
          due: {on: ready_on, clock: "10:00"}
          outcomes:
            later: {title: Новый срок, stays: true, ask: ready_on, changes: ready_on}
            back: {title: Вернуть в просчёт, do: [{carry: sales.calc}]}
            on: {title: На замер, do: [{carry: sales.visit}]}
      next: []
    lost: {title: Проиграна, ending: lost, from_any: true}
"""
PROCESS = build(PIPELINES)


def tapped(day: date | None) -> Standing:
    """A deal carried from «Просчёт» to the month of the day; the tests' today is 10 March 2026."""
    fields = {} if day is None else {"ready_on": day}
    standing = Standing.begin(PROCESS, ("sales", "calc"), moment(), fields)
    rule = next(name for name, robot in PROCESS.rules_of("sales", "calc") if not robot.timed)
    found = moves.plan_tap(PROCESS, standing.deal, rule, moment())
    assert isinstance(found, e.Plan), found
    standing.take(found, moment())
    return standing


def test_a_deal_carried_into_months_stands_on_the_month_of_its_date_with_its_call() -> None:
    standing = tapped(date(2026, 5, 20))
    assert (standing.deal.pipeline, standing.deal.stage) == ("later", "m202605")
    assert f"{standing.tasks['call']:%d.%m %H:%M}" == "20.05 10:00"


def test_the_button_asks_for_the_date_first() -> None:
    deal = deal_at("sales.calc")
    rule = next(name for name, robot in PROCESS.rules_of("sales", "calc") if not robot.timed)
    assert codes(moves.plan_tap(PROCESS, deal, rule, moment())) == [("missing", "ready_on")]


@pytest.mark.parametrize(
    ("day", "stage", "visited"),
    [(date(2026, 5, 31), "m202605", 1), (date(2026, 6, 1), "m202606", 2), (date(2027, 5, 20), "m202705", 2)],
)
def test_a_new_date_takes_the_deal_to_its_month_and_one_in_the_same_month_only_moves_the_call(
    day: date, stage: str, visited: int
) -> None:
    standing = tapped(date(2026, 5, 20))
    standing.take(moves.plan_fields(PROCESS, standing.deal, {"ready_on": day}, moment()), moment())
    assert standing.deal.stage == stage
    assert len(standing.visited) == visited
    assert f"{standing.tasks['call']:%d.%m.%Y}" == f"{day:%d.%m.%Y}"


def test_with_its_date_taken_away_the_deal_stands_on_this_month_and_the_call_is_due() -> None:
    standing = tapped(date(2026, 5, 20))
    standing.take(moves.plan_fields(PROCESS, standing.deal, {"ready_on": None}, moment()), moment())
    assert standing.deal.stage == "m202603"
    assert standing.tasks["call"] <= moment().now + timedelta(days=1)


def test_from_a_month_there_are_the_ways_of_the_file_and_no_way_to_another_month() -> None:
    deal = deal_at("later.m202605", ready_on=date(2026, 5, 20))
    assert [one.stage for one in transitions.options(PROCESS, deal, moment())] == ["lost"]
    assert codes(moves.plan_move(PROCESS, deal, "m202606", moment()))[0][0] == "no_stage"
    assert not isinstance(moves.plan_move(PROCESS, deal, "lost", moment()), e.Refusal)


def test_a_month_may_be_left_for_sales_by_the_call() -> None:
    standing = tapped(date(2026, 5, 20))
    task = PROCESS.task("later", "m202605", "call")
    plan = moves.plan_close(PROCESS, standing.deal, "call", task, "back", (), moment())
    assert [(one.to_pipeline, one.to_stage) for one in of_kind(e.StageChanged, plan)] == [("sales", "calc")]


def test_who_has_passed_a_one_way_stage_is_told_before_anything_is_closed() -> None:
    """M-2, M-18: the button says why, the call stays open, and the way on is still there."""
    deal = deal_at("later.m202605", ready_on=date(2026, 5, 20))
    deal = type(deal)(
        deal.pipeline, deal.stage, deal.entered_at, deal.fields, {"call": None}, frozenset({"passed:sales.visit"})
    )
    task = PROCESS.task("later", "m202605", "call")
    assert codes(moves.plan_close(PROCESS, deal, "call", task, "back", (), moment())) == [("one_way", "calc")]
    assert not isinstance(moves.plan_close(PROCESS, deal, "call", task, "on", (), moment()), e.Refusal)


def test_a_date_put_right_on_a_lost_deal_leaves_it_lost() -> None:
    deal = deal_at("later.lost", ready_on=date(2026, 5, 20))
    plan = moves.plan_fields(PROCESS, deal, {"ready_on": date(2026, 8, 1)}, moment())
    assert of_kind(e.StageChanged, plan) == []
