"""Which sums are asked back, and with what: far from the usual ones, and typed as a bare number (truth 38, B11)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import money, money_doubts

KITCHEN = Decimal(150_000)
SUMS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**9), places=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("150", (150, 150_000)),
        ("1 500", (1500, 1_500_000)),
        ("75", (75, 75_000)),
        ("2", (2,)),  # two thousand for a kitchen is as strange as two roubles: said back, and not guessed
        ("150 000 000", (150_000_000, 150_000)),
        ("15 000", ()),
        ("3 000", ()),
        ("150 000", ()),
        ("7 500 000", ()),
    ],
)
def test_a_sum_far_from_a_kitchen_s_is_doubtful_and_thousands_are_offered(typed: str, meant: tuple[int, ...]) -> None:
    assert money_doubts.is_bare(typed)
    assert money_doubts.readings(money.parse_money(typed), KITCHEN) == tuple(map(Decimal, meant))


@pytest.mark.parametrize(
    "raw", ["150 руб", "150₽", "150 р.", "150т", "0,15 млн", "150,50", "150.00", "₽150", "150 коп"]
)
def test_who_names_roubles_thousands_or_kopecks_is_not_asked(raw: str) -> None:
    assert not money_doubts.is_bare(raw)


@pytest.mark.parametrize("raw", ["150", " 150 ", "150.", "1 500", "1'500", "1\u00a0500", "150!"])
def test_a_number_alone_can_be_misread(raw: str) -> None:
    assert money_doubts.is_bare(raw)


@given(SUMS, SUMS)
def test_whatever_is_typed_is_the_first_thing_offered_and_the_other_one_is_usual(
    amount: Decimal, usual: Decimal
) -> None:
    found = money_doubts.readings(amount, usual)
    assert found[:1] in ((), (amount,)) and len(found) <= 2
    for other in found[1:]:
        assert (
            other in (amount * 1000, amount / 1000) and usual <= other * money_doubts.FAR <= usual * money_doubts.FAR**2
        )


@given(SUMS, st.decimals(min_value="0.03", max_value=40, places=2))
def test_a_sum_near_the_usual_one_is_never_asked_back(usual: Decimal, times: Decimal) -> None:
    assert money_doubts.readings(usual * times, usual) == ()
