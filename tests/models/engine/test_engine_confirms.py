"""Answers that must agree: a gate is shut until whoever takes the step has confirmed them together (M-16)."""

from __future__ import annotations

from dataclasses import replace

from engine_shop import NOW, build, codes, deal_at, moment, of_kind, planned, refused

from models.engine import effects as e
from models.engine import moves, transitions
from models.engine.deal_state import DealState

SHOP = build(
    """
sales:
  title: Продажи
  new: {button: Новая, ask: [name], title: "{name}"}
  stages:
    calc:
      title: Просчёт
      tasks:
        think:
          title: Думать
          due: {after: 1d}
          outcomes:
            done: {title: Готово}
            no: {title: Отказ, ask: note, do: [{move: lost}]}
      robots:
        - {on: {tap: Отказался}, move: lost}
        - {on: {filled: urgent}, move: lost}
      next: [done]
    done: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true, enter: {requires: [note, kind], confirms: [note, kind]}}
"""
)
BOTH = {"note": "Купили готовое в Икее", "kind": "corner"}


def deal(**fields: object) -> DealState:
    return replace(deal_at("sales.calc", NOW, None, **fields), tasks={"think": None})


def confirmed(*names: str) -> DealState:
    return replace(deal(**BOTH), confirmed=frozenset(names))


def test_what_is_missing_is_asked_first_and_then_the_yes() -> None:
    assert codes(moves.plan_move(SHOP, deal(), "lost", moment())) == [("missing", "note"), ("missing", "kind")]
    found = refused(moves.plan_move(SHOP, deal(**BOTH), "lost", moment()))
    assert found.unconfirmed == ("note", "kind") and found.only_missing and found.missing == ()


def test_a_confirmation_of_every_answer_opens_the_way_and_one_of_a_part_does_not() -> None:
    assert planned(moves.plan_move(SHOP, confirmed("note", "kind"), "lost", moment()))
    assert refused(moves.plan_move(SHOP, confirmed("note"), "lost", moment())).unconfirmed == ("note", "kind")


def test_the_stage_menu_says_that_the_way_is_only_to_be_confirmed() -> None:
    (lost,) = [one for one in transitions.options(SHOP, deal(**BOTH), moment()) if one.stage == "lost"]
    assert all(one.is_asked for one in lost.reasons)


def test_an_outcome_that_leads_there_is_not_closed_before_the_yes() -> None:
    """Else the task would be gone, and the deal would stand where it stood."""
    task = SHOP.task("sales", "calc", "think")
    no = refused(moves.plan_close(SHOP, deal(), "think", task, "no", (), moment()))
    assert no.missing == ("note", "kind") and [one.code for one in no.reasons].count("missing") == 2
    shut = refused(moves.plan_close(SHOP, deal(**BOTH), "think", task, "no", (), moment()))
    assert shut.unconfirmed == ("note", "kind")
    done = moves.plan_close(SHOP, confirmed("note", "kind"), "think", task, "no", (), moment())
    assert [one.to_stage for one in of_kind(e.StageChanged, done)] == ["lost"]


def test_another_outcome_of_that_task_asks_nothing() -> None:
    task = SHOP.task("sales", "calc", "think")
    assert planned(moves.plan_close(SHOP, deal(), "think", task, "done", (), moment()))


def test_a_button_of_a_robot_that_leads_there_asks_for_the_yes() -> None:
    rule = next(name for name, robot in SHOP.rules_of("sales", "calc") if robot.rule_name == "tap.move")
    assert refused(moves.plan_tap(SHOP, deal(**BOTH), rule, moment())).unconfirmed == ("note", "kind")
    done = moves.plan_tap(SHOP, confirmed("note", "kind"), rule, moment())
    assert [one.to_stage for one in of_kind(e.StageChanged, done)] == ["lost"]


def test_a_robot_that_nobody_pressed_confirms_nothing_and_a_person_hears_of_it() -> None:
    found = moves.plan_fields(SHOP, deal(**BOTH), {"urgent": True}, moment())
    (blocked,) = of_kind(e.MoveBlocked, found)
    assert blocked.refusal.unconfirmed == ("note", "kind") and not of_kind(e.StageChanged, found)


def test_one_answer_alone_has_nothing_to_agree_with() -> None:
    shop = build(
        """
sales:
  title: Продажи
  new: {button: Новая, ask: [name], title: "{name}"}
  stages:
    calc: {title: Просчёт, tasks: {think: {title: Думать, due: {after: 1d}}}, next: [done]}
    done: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true, enter: {requires: kind, confirms: [note, kind]}}
"""
    )
    assert planned(moves.plan_move(shop, deal(kind="corner"), "lost", moment()))
    assert refused(moves.plan_move(shop, deal(**BOTH), "lost", moment())).unconfirmed == ("note", "kind")
