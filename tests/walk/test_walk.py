"""The short walk: a few shops of each business live for a while, and nothing that was said is untrue.

The long one is `make walk`; what it finds becomes a story.
"""

from __future__ import annotations

import pytest

from tests.walk.walking import walk

STEPS = 15


@pytest.mark.parametrize("process", ["furniture", "kitchens", "measurement"])
def test_a_shop_tells_no_untruth(process: str) -> None:
    """Whatever people do, forget and change, in either week and in three zones."""
    walk([process], number=9, examples=2, steps=STEPS)


def test_all_businesses_of_one_firm_tell_no_untruth() -> None:
    """One crew works for all of them."""
    walk(["furniture", "kitchens", "measurement"], number=9, examples=1, steps=STEPS)


def test_a_shop_on_postgresql_tells_no_untruth(empty_postgres: str) -> None:
    """The same on the other database."""
    walk(["kitchens", "measurement"], number=9, examples=1, steps=STEPS, database=empty_postgres)
