"""Several accounts on one deal: a design and the furniture after it, each with its own sum (truth 5e)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine_shop import codes, deal_at, furniture, moment, of_kind

from models.engine import balances, moves
from models.engine import effects as e
from models.engine.deal_state import DealState

DESIGN = {"design_price": Decimal(40), "design_prepayment": Decimal(20)}


def at(place: str, **fields: Any) -> DealState:
    state = deal_at(place, **fields)
    return DealState(state.pipeline, state.stage, state.entered_at, fields, facts=balances.facts(furniture(), state))


def test_a_direction_has_its_own_sum() -> None:
    design = at("design.approval", **DESIGN, budget=Decimal(300))
    assert balances.balance(furniture(), design) == Decimal(20)
    assert [one.field for one in balances.accounts(furniture(), design)] == ["design_price"], "a budget is no debt"
    order = at("order.payment", **DESIGN, budget=Decimal(300), prepayment=Decimal(300))
    assert balances.balance(furniture(), order) == 0
    assert [one.left for one in balances.accounts(furniture(), order)] == [0, Decimal(20)]


def test_what_is_owed_for_the_design_is_owed_by_the_order_it_became() -> None:
    order = at("order.payment", **DESIGN, budget=Decimal(300), prepayment=Decimal(300), final_payment=Decimal(1))
    assert balances.facts(furniture(), order) == {balances.DEBT}
    assert codes(moves.plan_move(furniture(), order, "won", moment())) == [("held", ("debt_reason",))]


def test_carried_over_the_facts_are_those_of_the_new_direction() -> None:
    """What was paid in full there is not paid in full here."""
    design = at("design.to_assembly", design_price=Decimal(40), design_prepayment=Decimal(40), budget=Decimal(300))
    assert design.facts == {balances.PAID_IN_FULL}
    carried = design.at("payment", moment().now, "order")
    assert balances.facts(furniture(), carried) == {balances.DEBT}


def test_one_rouble_of_150_000_does_not_close_an_order() -> None:
    """Truth 5e."""
    order = at("order.payment", budget=Decimal(150_000), prepayment=Decimal(75_000), final_payment=Decimal(1))
    assert codes(moves.plan_move(furniture(), order, "won", moment())) == [("held", ("debt_reason",))]
    let_go = order.with_fields({"debt_reason": "Доплатит в декабре"})
    assert of_kind(e.StageChanged, moves.plan_move(furniture(), let_go, "won", moment()))


def test_the_leave_to_close_with_a_debt_is_of_that_money_and_lapses_with_it() -> None:
    """Kind B: another sum, another payment: the supervisor decides anew."""
    let_go = at(
        "order.payment", budget=Decimal(150), prepayment=Decimal(75), final_payment=Decimal(1), debt_reason="Ладно"
    )
    for change in ({"budget": Decimal(300)}, {"final_payment": Decimal(2)}):
        (aside,) = of_kind(e.FieldsPutAside, moves.plan_fields(furniture(), let_go, change, moment()))
        assert aside.fields == ("debt_reason",)
    kept = moves.plan_fields(furniture(), let_go, {"feedback": "Хорошо"}, moment())
    assert of_kind(e.FieldsSet, kept)[0].values == {"feedback": "Хорошо"}


def test_a_warranty_repair_owes_nothing_and_a_paid_one_its_price() -> None:
    free = at("repair.warranty_repair", warranty_case="warranty")
    assert of_kind(e.StageChanged, moves.plan_move(furniture(), free, "won", moment()))
    priced = at("repair.paid_repair", warranty_case="paid", budget=Decimal(9), prepayment=Decimal(3))
    assert codes(moves.plan_move(furniture(), priced, "won", moment())) == [("missing", "final_payment")]


def test_a_repair_that_is_no_warranty_case_any_more_is_not_closed_for_nothing() -> None:
    """A guard that held at the door only, beside the list."""
    turned = at("repair.warranty_repair", warranty_case="paid")
    assert ("held", ("warranty_case",)) in codes(moves.plan_move(furniture(), turned, "won", moment()))
