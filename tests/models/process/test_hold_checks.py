"""`holds` in a process file: what cannot be held is refused with its line (truth 5)."""

from __future__ import annotations

import pytest

from models.process import checks, parse
from tests.worlds.payment_shop import TEXT

FULL = "        enter: {if: {known: paid_in_full}}\n"


def problems(text: str) -> list[str]:
    process, wrong, lines = parse.read(text, "bench.yaml")
    found = checks.find_problems(process, "bench.yaml", lines) if process else wrong
    return [one.reason for one in found]


def held(hold: str) -> str:
    assert FULL in TEXT
    return TEXT.replace(FULL, f"        holds: {hold}\n", 1)


@pytest.mark.parametrize(
    "hold",
    [
        "{if: {known: paid_in_full}, why: Не оплачено}",
        "[{if: {filled: prepayment}, else: refuse, why: Нет}, {if: {not: {known: debt}}, else: tell, why: Долг}]",
        "{not_lowered: price, once: {filled: comment}, else: ask, why: Снижает руководитель}",
    ],
)
def test_a_hold_is_one_or_a_list(hold: str) -> None:
    assert problems(held(hold)) == []


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        ("{if: {known: paid_in_full}}", "why"),
        ("{why: Нет}", "`if` or `not_lowered`, one of them"),
        ("{if: {filled: rest}, not_lowered: price, else: ask, why: Нет}", "`if` or `not_lowered`, one of them"),
        ("{not_lowered: price, why: Нет}", "`else: refuse` or `else: ask`"),
        ("{not_lowered: name, else: ask, why: Нет}", "here it must be"),
        ("{if: {filled: rset}, why: Нет}", "`rest`"),
        ("{if: {days_until: ready_on, at_most: 3}, why: Нет}", "`days_until` changes while nothing happens"),
        ("{if: {filled: rest}, once: {runs: bench}, why: Нет}", "`runs` changes while nothing happens"),
        ("{if: {filled: rest}, else: shout, why: Нет}", "mark"),
    ],
)
def test_what_cannot_be_held_is_named(hold: str, said: str) -> None:
    found = problems(held(hold))
    assert any(said in one for one in found), found


def test_of_a_lost_deal_nothing_must_stay_true() -> None:
    text = TEXT.replace("off: {title: Отказ,", "off: {title: Отказ, holds: {if: {filled: rest}, why: Нет},", 1)
    assert any("nothing must stay true of a lost deal" in one for one in problems(text))
