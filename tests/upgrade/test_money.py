"""Furniture keeps payments: what stood on its cards is lines of the ledger, to the kopeck, once (truth 5e)."""

from __future__ import annotations

import json
from pathlib import Path

from services import payment_adoption
from services.unit_of_work import UnitOfWork
from tests.stories.driver import Shop
from tests.upgrade import past as pasts
from tests.upgrade.fixture import Past
from tests.upgrade.past import MINUTES

SLOTS = {"furniture": ("prepayment", "final_payment", "design_prepayment"), "kitchens": ("prepayment", "rest")}
Sums = dict[tuple[int, str], int]


def on_cards() -> Sums:
    """Kopecks of every deal under each payment field, as the version before left them."""
    with pasts.old() as db:
        rows = db.execute("SELECT id, process, fields FROM deal").fetchall()
    slots = [(row, name) for row in rows for name in SLOTS.get(row["process"], ())]
    every = {(row["id"], name): json.loads(row["fields"]).get(name) for row, name in slots}
    return {key: amount for key, amount in every.items() if amount}


async def in_ledger(shop: Shop) -> Sums:
    rows = await pasts.ask(shop.app.db, "SELECT deal_id, field, sum(amount) FROM payment GROUP BY deal_id, field")
    return {(row[0], row[1]): int(row[2]) for row in rows if row[2]}


async def test_no_money_is_lost_and_none_is_counted_twice(before: str, past: Past, tmp_path: Path) -> None:
    async with pasts.running(past, before, tmp_path, MINUTES) as shop:
        had = on_cards()
        assert had and await in_ledger(shop) == had
        again = await shop.app.db.run(
            lambda tx: payment_adoption.adopt(UnitOfWork(tx, shop.app.now(), shop.app.company))
        )
        assert again == 0 and await in_ledger(shop) == had
