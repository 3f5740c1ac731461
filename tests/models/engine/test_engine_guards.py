"""Conditions at their limits, on empty fields, in the company's zone; what a failed one says and asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_shop import MOSCOW, NOW, deal_at, moment
from pydantic import TypeAdapter

from models.engine import guards
from models.engine.effects import Reason
from models.process.conditions import Condition
from models.values.visit_slot import VisitSlot


def condition(said: dict[str, Any]) -> Condition:
    read: Condition = TypeAdapter(Condition).validate_python(said)
    return read


def holds(said: dict[str, Any], **fields: object) -> bool:
    return guards.holds(condition(said), deal_at("order.contract", NOW, None, **fields), moment())


def reasons(said: dict[str, Any], **fields: object) -> list[Reason]:
    return guards.reasons([condition(said)], deal_at("order.contract", NOW, None, **fields), moment())


def asked(said: dict[str, Any], **fields: object) -> list[object]:
    """The fields that are asked for; nothing else stands against it."""
    found = reasons(said, **fields)
    assert {reason.code for reason in found} <= {"missing"}
    return [reason.data["field"] for reason in found]


@pytest.mark.parametrize("said", [{"at_most": {"paid": 100}}, {"at_least": {"paid": 100}}])
def test_a_limit_itself_is_within_it(said: dict[str, Any]) -> None:
    assert holds(said, paid=Decimal(100))
    assert holds({"at_most": {"paid": "total"}}, paid=Decimal(100), total=Decimal(100))


def test_a_sum_over_the_most_or_under_the_least_is_refused() -> None:
    assert not holds({"at_most": {"paid": 100}}, paid=Decimal("100.01"))
    assert not holds({"at_least": {"paid": 100}}, paid=Decimal("99.99"))


@pytest.mark.parametrize(
    "said", [{"at_most": {"paid": 100}}, {"at_least": {"paid": 0}}, {"at_most": {"paid": "total"}}]
)
def test_a_sum_that_nobody_has_named_is_within_no_limit_but_asked_for(said: dict[str, Any]) -> None:
    assert not holds(said, total=Decimal(100))
    assert asked(said, total=Decimal(100)) == ["paid"]


def test_a_yes_is_no_number_and_a_sum_is_neither_yes_nor_no() -> None:
    assert not holds({"is": {"urgent": 1}}, urgent=True)
    assert not holds({"is": {"paid": True}}, paid=Decimal(1))
    assert holds({"is": {"paid": 100}}, paid=Decimal("100.00"))


LATE = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)  # an hour past midnight in Moscow: the 11th


@pytest.mark.parametrize("visit_at", [LATE, VisitSlot(1, LATE, LATE + timedelta(days=1))])
def test_a_visit_is_on_the_day_on_which_it_begins_where_the_company_is(visit_at: datetime | VisitSlot) -> None:
    tomorrow = condition({"days_until": "visit_at", "more_than": 0, "at_most": 1})
    deal = deal_at("order.contract", NOW, None, visit_at=visit_at)
    assert guards.holds(tomorrow, deal, moment(calendar=MOSCOW))
    assert not guards.holds(tomorrow, deal, moment()), "where midnight is later it is today"


def test_a_reason_that_the_file_gives_for_several_parts_is_told_as_one() -> None:
    both = {"all": [{"is": {"urgent": True}}, {"is": {"kind": "corner"}}], "why": "Только срочные угловые"}
    [reason] = reasons(both, urgent=False, kind="straight")
    assert reason.why == "Только срочные угловые"


def test_what_needs_several_answers_asks_for_each_of_them_at_once() -> None:
    both = {"all": [{"filled": "note"}, {"at_least": {"paid": 100}}], "why": "Сначала заметка и предоплата"}
    assert asked(both) == ["note", "paid"]
    assert asked(both, paid=Decimal(100)) == ["note"]


def test_where_all_must_not_hold_together_one_answer_will_do() -> None:
    """Once one of them is filled in, the other may stay empty."""
    never_both_empty = {"not": {"all": [{"empty": "note"}, {"empty": "kind"}]}}
    assert asked(never_both_empty) == ["note"]
    assert asked(never_both_empty, kind="corner") == []
    none_empty = {"not": {"any": [{"empty": "note"}, {"empty": "kind"}]}}
    assert asked(none_empty) == ["note", "kind"]
