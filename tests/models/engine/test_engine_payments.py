"""Payments in the engine: the field holds the sum, paid in full comes true once, a reversal undoes it (K-13, K-18)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine_shop import moment, of_kind, planned

from models.engine import balances, guards, moves
from models.engine import effects as e
from models.engine.deal_state import DealState
from models.process import conditions as c
from models.process import parse
from models.process.process import Process
from models.values.received_payment import ReceivedPayment
from tests.worlds.payment_shop import TEXT, bench

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def deal(stage: str = "prepaid", **fields: Any) -> DealState:
    return DealState("order", stage, NOW, {"price": Decimal(150_000), **fields})


def came(roubles: int, method: str = "card") -> ReceivedPayment:
    return ReceivedPayment(Decimal(roubles), TODAY, method)


def enter(state: DealState, **values: Any) -> e.Plan:
    return moves.plan_fields(bench(), state, values, moment(NOW))


def sums(plan: e.Plan) -> dict[str, Any]:
    return {name: value for one in of_kind(e.FieldsSet, plan) for name, value in one.values.items()}


def test_money_that_comes_in_adds_to_what_the_field_holds() -> None:
    plan = enter(deal(prepayment=Decimal(75_000)), rest=came(25_000))
    assert sums(plan) == {"rest": Decimal(25_000)}
    again = enter(deal(prepayment=Decimal(75_000), rest=Decimal(25_000)), rest=came(10_000))
    assert sums(again) == {"rest": Decimal(35_000)}
    assert of_kind(e.PaymentEntered, again) == [e.PaymentEntered("rest", came(10_000))]


def test_the_line_of_the_ledger_stands_before_the_sum_that_follows_from_it() -> None:
    kinds = [type(one) for one in planned(enter(deal(), prepayment=came(75_000)))]
    assert kinds.index(e.PaymentEntered) < kinds.index(e.FieldsSet)


def test_a_part_of_the_money_moves_nothing() -> None:
    assert of_kind(e.StageChanged, enter(deal(), prepayment=came(75_000))) == []


def test_the_last_rouble_moves_the_deal_by_itself() -> None:
    """K-18."""
    moved = of_kind(e.StageChanged, enter(deal(prepayment=Decimal(75_000)), rest=came(75_000)))
    assert [(one.to_stage, one.why) for one in moved] == [("full", "order.prepaid.becomes-paid_in_full.move")]


def test_two_payments_at_once_count_together() -> None:
    moved = of_kind(e.StageChanged, enter(deal(), prepayment=came(100_000), rest=came(50_000)))
    assert [one.to_stage for one in moved] == ["full"]


def test_what_is_paid_already_does_not_become_paid_again() -> None:
    paid = deal(prepayment=Decimal(150_000))
    known = DealState(paid.pipeline, paid.stage, paid.entered_at, paid.fields, facts=frozenset({balances.PAID_IN_FULL}))
    assert of_kind(e.StageChanged, enter(known, ready_on=TODAY)) == []


def test_a_lower_price_can_make_it_paid() -> None:
    moved = of_kind(e.StageChanged, enter(deal(prepayment=Decimal(75_000)), price=Decimal(75_000)))
    assert [one.to_stage for one in moved] == ["full"]


def test_a_reversal_is_a_line_of_its_own_and_leaves_so_much_less() -> None:
    """K-14: corrections are reversals, never edits."""
    state = deal(prepayment=Decimal(75_000), rest=Decimal(75_000))
    plan = moves.plan_reversal(bench(), state, 7, "rest", Decimal(50_000), "ошибка", moment(NOW))
    assert of_kind(e.PaymentReversed, plan) == [e.PaymentReversed(7, "ошибка")]
    assert sums(plan) == {"rest": Decimal(25_000)}


def test_a_field_whose_only_payment_is_taken_back_is_empty() -> None:
    """K-13: the stage that requires it is shut again."""
    state = deal("contract", prepayment=Decimal(75_000))
    plan = moves.plan_reversal(bench(), state, 1, "prepayment", Decimal(75_000), "ошибка", moment(NOW))
    assert sums(plan) == {"prepayment": None}
    refusal = moves.plan_move(bench(), state.with_fields(sums(plan)), "prepaid", moment(NOW))
    assert isinstance(refusal, e.Refusal) and refusal.missing == ("prepayment",)


def test_a_reversal_makes_the_deal_unpaid_and_the_next_payment_makes_it_paid_again() -> None:
    process, paid = bench(), frozenset({balances.PAID_IN_FULL})
    state = DealState("order", "prepaid", NOW, deal(prepayment=Decimal(150_000)).fields, facts=paid)
    plan = moves.plan_reversal(process, state, 1, "prepayment", Decimal(150_000), "вернули", moment(NOW))
    after = state.with_fields(sums(plan))
    assert not balances.is_paid_in_full(process, after)
    fresh = DealState("order", "prepaid", NOW, after.fields)
    assert [one.to_stage for one in of_kind(e.StageChanged, enter(fresh, prepayment=came(150_000)))] == ["full"]


def test_what_is_no_longer_paid_is_not_taken_for_paid_within_the_same_step() -> None:
    """A robot that answers to the change sees the deal as it is then."""
    text = TEXT.replace("{on: {changed: ready_on},", "{on: {changed: prepayment}, if: {known: paid_in_full},")
    process, problems, _ = parse.read(text, "bench.yaml")
    assert process is not None, problems
    paid = DealState(
        "order", "prepaid", NOW, deal(prepayment=Decimal(150_000)).fields, facts=frozenset({balances.PAID_IN_FULL})
    )
    plan = moves.plan_reversal(process, paid, 1, "prepayment", Decimal(50_000), "ошибка", moment(NOW))
    assert of_kind(e.NoticePlanned, plan) == []


def test_that_something_is_owed_comes_true_once_by_a_reversal_or_a_higher_price() -> None:
    text = TEXT.replace("{on: {changed: ready_on}, notify: responsible, text: ", "{on: {becomes: debt}, comment: ")
    process, problems, _ = parse.read(text.replace("Готовность была {was}, стала {ready_on}", "Долг"), "bench.yaml")
    assert process is not None, problems
    full = deal(prepayment=Decimal(75_000), rest=Decimal(75_000))
    paid = DealState("order", "prepaid", NOW, full.fields, facts=frozenset({balances.PAID_IN_FULL}))
    owed = DealState("order", "prepaid", NOW, full.fields, facts=frozenset({balances.DEBT}))

    def taken_back(state: DealState) -> e.Plan:
        return moves.plan_reversal(process, state, 1, "rest", Decimal(50_000), "ошибка", moment(NOW))

    dearer = moves.plan_fields(process, paid, {"price": Decimal(200_000)}, moment(NOW))
    told = [[one.text for one in of_kind(e.Commented, plan)] for plan in (taken_back(paid), dearer, taken_back(owed))]
    assert told == [["Долг"], ["Долг"], []]


def test_the_sums_of_a_deal() -> None:
    """K-14: contract sum, paid, balance."""
    process, half = bench(), deal(prepayment=Decimal(75_000), rest=Decimal("0.50"))
    assert balances.total(process, half) == Decimal(150_000)
    assert balances.paid(process, half) == Decimal("75000.50")
    assert balances.balance(process, half) == Decimal("74999.50")
    without = DealState("order", "prepaid", NOW, {"prepayment": Decimal(1)})
    assert balances.balance(process, without) is None
    assert not balances.is_paid_in_full(process, without)
    assert balances.facts(process, without) == frozenset(), "a deal without a sum owes nothing"
    assert balances.facts(process, half) == {balances.DEBT}
    over = DealState("order", "prepaid", NOW, {"price": Decimal(1), "rest": Decimal(2)})
    assert balances.is_paid_in_full(process, over) and balances.facts(process, over) == {balances.PAID_IN_FULL}


def test_without_the_prepayment_the_stage_is_shut_and_the_move_says_what_is_missing() -> None:
    """K-13."""
    refusal = moves.plan_move(bench(), deal("contract"), "prepaid", moment(NOW))
    assert isinstance(refusal, e.Refusal) and refusal.missing == ("prepayment",)
    assert guards.holds(c.Filled(filled="prepayment"), deal(prepayment=Decimal(1)), moment(NOW))


def test_a_changed_date_is_told_with_what_it_was() -> None:
    """K-16."""
    plan = enter(deal(ready_on=TODAY), ready_on=date(2026, 11, 27))
    assert [one.was for one in of_kind(e.NoticePlanned, plan)] == [e.Change("ready_on", TODAY)]


# --- the task that asks for the balance (K-17) --------------------------------------------------------------------


@cache
def kitchens() -> Process:
    text = (Path(__file__).parents[3] / "processes" / "kitchens.yaml").read_text("utf-8")
    process, _, _ = parse.read(text, "kitchens.yaml")
    assert process is not None
    return process


def in_production(**tasks: str | None) -> DealState:
    fields = {"contract_total": Decimal(150_000), "prepayment": Decimal(75_000), "ready_on": TODAY}
    return DealState("general", "production", NOW, fields, tasks=tasks)


def pay_the_rest(state: DealState) -> e.Plan:
    return moves.plan_fields(kitchens(), state, {"rest": came(75_000)}, moment(NOW))


def test_the_last_rouble_closes_the_open_task_that_waited_for_it_and_moves_once() -> None:
    plan = pay_the_rest(in_production(check_schedule="ready", ask_balance=None))
    assert of_kind(e.TaskClosed, plan) == [e.TaskClosed("ask_balance", "paid")]
    assert [one.to_stage for one in of_kind(e.StageChanged, plan)] == ["paid"]


def test_without_that_task_the_deal_moves_all_the_same_and_a_closed_one_is_not_closed_again() -> None:
    for tasks in ({}, {"ask_balance": "paid"}):
        plan = pay_the_rest(in_production(check_schedule="ready", **tasks))
        assert of_kind(e.TaskClosed, plan) == []
        assert [one.to_stage for one in of_kind(e.StageChanged, plan)] == ["paid"]


def test_while_production_runs_the_last_rouble_closes_and_moves_nothing() -> None:
    plan = pay_the_rest(in_production(check_schedule=None))
    assert of_kind(e.TaskClosed, plan) == of_kind(e.StageChanged, plan) == []
