"""Payments in a process file: who may enter them, and what they pay (K-13)."""

import pytest

from models.process import checks, parse
from tests.worlds.payment_shop import TEXT

ROBOT = '          - {on: enter, pin: "Договор {price} · оплачено {paid} · остаток {balance}"}\n'


def problems(text: str) -> list[str]:
    process, wrong, lines = parse.read(text, "bench.yaml")
    found = checks.find_problems(process, "bench.yaml", lines) if process else wrong
    return [one.reason for one in found]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ROBOT, ROBOT + "          - {on: enter, put: {prepayment: 5}}\n", "a robot does not"),
        (ROBOT, ROBOT + "          - {on: enter, clear: rest}\n", "a robot does not"),
        ("new: {ask: [name, phone, comment]", "new: {ask: [name, phone, comment, prepayment]", "not before"),
        ("  methods: {card: Карта, cash: Наличные}", "  methods: {}", "methods"),
        ("rest: {title: Доплата, type: payment, of: price", "rest: {title: Доплата, type: payment, of: phone", "of"),
    ],
)
def test_what_would_part_the_card_from_its_ledger_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT
    found = problems(TEXT.replace(old, new, 1))
    assert any(said in one for one in found), found


def test_the_little_shop_itself_is_sound() -> None:
    assert problems(TEXT) == []
