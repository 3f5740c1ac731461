"""What must stay true: where it binds, what becomes of a change that breaks it, what is told and when (truth 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from engine_shop import build, codes, deal_at, moment, of_kind, planned, refused

from models.engine import effects as e
from models.engine import holds, moves, transitions
from models.engine.deal_state import DealState

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LINE = """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    contract:
      title: Договор
      holds: {not_lowered: total, once: {filled: note}, else: ask, why: Сумму подписанного снижает руководитель}
      tasks: {sign: {title: Подписать, due: {after: 1d}}}
      next: [prepaid]
    prepaid:
      title: Предоплата
      holds:
        - {if: {filled: paid}, why: Предоплаты нет}
        - {if: {filled: note}, else: refuse, why: Договор остаётся}
      tasks: {plan: {title: План, due: {after: 1d}, outcomes: {done: {title: Готово, do: [{move: made}]}}}}
      robots: [{on: {changed: kind}, move: made}]
      next: [extra, made]
    extra:
      title: Доработка
      holds: {if: {is: {urgent: true}}, why: Доработка бывает только срочная}
      tasks: {more: {title: Доработать, due: {after: 1d}}}
      next: [made]
    made:
      title: Сделано
      holds: {if: {at_least: {paid: total}}, why: Оплачено не всё}
      tasks:
        visit: {title: Отвезти, to: installer, due: {after: 1d}, outcomes: {done: {title: Да, do: [{move: won}]}}}
      next: [won]
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
"""
SHOP = build(LINE)
PAID = {"total": Decimal(100), "paid": Decimal(100), "note": "подписан"}


def at(stage: str, **fields: Any) -> DealState:
    return deal_at(f"order.{stage}", **{**PAID, **fields})


def fill(deal: DealState, *, decides: bool = False, **values: Any) -> e.Plan | e.Refusal:
    return moves.plan_fields(SHOP, deal, values, moment(), decides=decides)


def told(found: e.Plan | e.Refusal) -> list[tuple[str, ...]]:
    return [one.why for one in of_kind(e.HoldsBroken, found)]


# --- where it binds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "bound"),
    [
        ("contract", []),
        ("prepaid", ["Предоплаты нет"]),
        ("extra", ["Предоплаты нет", "Доработка бывает только срочная"]),
        ("made", ["Предоплаты нет", "Оплачено не всё"]),
        ("won", ["Предоплаты нет", "Оплачено не всё"]),
        ("lost", []),
    ],
)
def test_it_binds_its_stage_and_what_lies_behind_and_nothing_that_can_be_come_to_past_it(
    stage: str, bound: list[str]
) -> None:
    broken = holds.broken(SHOP, deal_at(f"order.{stage}", total=Decimal(1)), moment())
    assert [one.why for one in broken] == bound


# --- a fact that breaks it --------------------------------------------------------------------------------------


def test_a_change_that_breaks_it_is_made_and_told_once() -> None:
    plan = fill(at("made"), paid=Decimal(40))
    assert told(plan) == [("Оплачено не всё",)]
    assert of_kind(e.FieldsSet, plan)
    again = fill(at("made", paid=Decimal(40)), paid=Decimal(30))
    assert told(again) == [] and of_kind(e.HoldsKept, again) == []


def test_what_is_cured_is_told_as_well_and_breaks_anew_later() -> None:
    cured = fill(at("made", paid=Decimal(40)), paid=Decimal(100))
    assert of_kind(e.HoldsKept, cured) == [e.HoldsKept(("Оплачено не всё",), still=False)]
    assert told(fill(at("made"), total=Decimal(150))) == [("Оплачено не всё",)]


def test_of_two_things_the_first_cured_does_not_mean_that_all_is_well() -> None:
    both = at("made", paid=None).with_fields({"paid": None})
    plan = fill(both, paid=Decimal(1))
    assert of_kind(e.HoldsKept, plan) == [e.HoldsKept(("Предоплаты нет",), still=True)]


def test_no_way_leads_on_while_it_is_broken_but_back_and_out_it_goes() -> None:
    broken = at("made", paid=Decimal(40))
    found = {one.stage: [r.code for r in one.reasons] for one in transitions.options(SHOP, broken, moment())}
    assert found == {"won": ["held"], "lost": [], "extra": [], "prepaid": [], "contract": []}
    assert codes(moves.plan_move(SHOP, broken, "won", moment())) == [("held", ("paid", "total"))]


def test_moved_back_before_its_stage_or_lost_the_deal_is_free_of_it_and_nobody_is_told() -> None:
    broken = at("made", paid=Decimal(40))
    for to in ("prepaid", "lost"):
        plan = moves.plan_move(SHOP, broken, to, moment())
        assert told(plan) == [] and of_kind(e.HoldsKept, plan) == []


def test_reopened_with_what_does_not_hold_it_is_told_at_once() -> None:
    lost = DealState("order", "lost", NOW, {**PAID, "paid": Decimal(5)}, came_from="made")
    assert told(moves.plan_move(SHOP, lost, "made", moment())) == [("Оплачено не всё",)]


def test_nobody_comes_to_a_stage_whose_own_hold_would_be_broken() -> None:
    assert codes(moves.plan_move(SHOP, at("prepaid", paid=Decimal(40)), "made", moment())) == [
        ("held", ("paid", "total"))
    ]
    empty = DealState("order", "contract", NOW, {"total": Decimal(1)}, {"sign": "done"})
    assert refused(moves.plan_move(SHOP, empty, "prepaid", moment())).missing == ("paid",), "asked for on the way"


def test_robots_do_not_move_it_on_and_somebody_hears() -> None:
    plan = fill(at("prepaid", paid=Decimal(40), kind="corner"), kind="straight")
    (blocked,) = of_kind(e.MoveBlocked, plan)
    assert (blocked.to_stage, [one.code for one in blocked.refusal.reasons]) == ("made", ["held"])
    assert of_kind(e.StageChanged, plan) == []


def test_an_outcome_that_would_move_it_on_is_refused_before_the_task_is_gone() -> None:
    deal = DealState("order", "prepaid", NOW, {**PAID, "paid": Decimal(40)}, {"plan": None})
    task = SHOP.find_task("plan")
    assert codes(moves.plan_close(SHOP, deal, "plan", task, "done", (), moment())) == [("held", ("paid", "total"))]


def test_who_was_at_the_clients_says_so_whatever_the_money_is() -> None:
    """He closes his job; the deal stays, and the responsible hears why."""
    deal = DealState("order", "made", NOW, {**PAID, "paid": Decimal(40)}, {"visit": None})
    plan = moves.plan_close(SHOP, deal, "visit", SHOP.find_task("visit"), "done", (), moment())
    assert [one.name for one in of_kind(e.TaskClosed, plan)] == ["visit"]
    assert [one.to_stage for one in of_kind(e.MoveBlocked, plan)] == ["won"]


# --- a change that needs a word ---------------------------------------------------------------------------------


def test_a_change_is_refused_that_may_never_be() -> None:
    assert codes(fill(at("made"), note=None)) == [("held", ("note",))]
    assert codes(fill(at("made"), decides=True, note=None)) == [("held", ("note",))]
    assert planned(fill(at("contract"), note=None)), "before its stage it does not bind"


@pytest.mark.parametrize("total", [Decimal(99), None])
def test_a_sum_is_lowered_only_by_who_may(total: Decimal | None) -> None:
    assert codes(fill(at("contract"), total=total)) == [("asked", ("total",))]
    assert planned(fill(at("contract"), decides=True, total=total))


def test_a_sum_may_rise_and_before_the_contract_is_signed_sink() -> None:
    assert planned(fill(at("contract"), total=Decimal(101)))
    assert planned(fill(deal_at("order.contract", total=Decimal(100)), total=Decimal(50)))
    assert codes(fill(at("won", paid=Decimal(50)), total=Decimal(50))) == [("asked", ("total",))], "behind it as well"


def test_a_lost_deal_asks_nobody() -> None:
    assert planned(fill(at("lost"), total=Decimal(1), note=None))
