"""`make month` in short: two days of the simulated shop, so that it does not rot."""

from __future__ import annotations

import json

import pytest

from tests.month.__main__ import as_json, main, table
from tests.month.people import month
from tests.month.shop import Shop


def test_two_days_of_the_shop_are_played_and_told_by_person_and_kind() -> None:
    shop = Shop(seed=3)
    month(shop, days=2, warm_up=1, deals=4)
    assert shop.tally.messages["Анна", 1] > 0, "a manager has heard of something"
    assert {role for role, _, _ in shop.tally.kinds} >= {"manager"}
    assert "manager: note" in table(shop.tally)


def test_the_same_seed_is_the_same_month() -> None:
    """Before and after are compared by it."""

    def played() -> str:
        shop = Shop(seed=5)
        month(shop, days=1, warm_up=1, deals=3)
        return as_json(shop.tally)

    first = played()
    assert first == played()
    assert json.loads(first)["lines"]


def test_it_is_told_as_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--days", "1", "--warm-up", "1", "--deals", "2", "--json"])
    assert set(json.loads(capsys.readouterr().out)) == {"messages", "lines", "longest"}
