"""What somebody has just pressed he takes back: then the deal, its tasks and visits, and what is planned for it are
what they were, read with other statements than the program's own."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import select

from keyboards.callbacks.undo_callbacks import TakeBack
from models.ids import UndoId
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.undo import UndoRow
from services.deals import before_press
from services.unit_of_work import UnitOfWork
from tests.walk.talking import Talkers
from tests.worlds.deal_rows import stands

BEFORE: dict[tuple[int, int], dict[str, Any]] = {}
_look = before_press.look


def _remembers(work: UnitOfWork, found: Any, *read: Any) -> None:
    """What the program notes of a deal, the walk notes too, in its own way."""
    if work.actor is not None and work.look is None:
        BEFORE[found.id, found.version] = stands(work, found.id)
    _look(work, found, *read)


before_press.look = _remembers


class TakersBack(Talkers):
    """Everybody of the shop; now and then they did not mean it."""

    async def takes_back(self, rnd: random.Random) -> None:
        """The latest press that can be taken back is: it is as if it had not been, or it is refused with a reason."""
        row = await self.shop.work(_latest)
        staff = await self.shop.staff()
        chat_id = next((key for key, one in staff.items() if row is not None and one.id == row.author_id), None)
        message = await self.newest(chat_id) if chat_id is not None else None
        if row is None or chat_id is None or message is None:
            return
        self.note(f"{chat_id} takes back what he did to deal {row.about} ({row.data.get('kinds')})")
        since = await self.shop.work(lambda work: _since(work, row))
        was, now = (
            BEFORE.get((row.about, row.data["version"])),
            await self.shop.work(lambda work: stands(work, row.about)),
        )
        await self.shop.press(chat_id, message, TakeBack(UndoId(row.id)).pack())
        after = await self.shop.work(lambda work: stands(work, row.about))
        done = await self.shop.work(lambda work: _is_undone(work, row.id))
        self.counts["taken back" if done else "not taken back"] += 1
        if not done:
            assert _same(now, after) is None, f"refused, and yet changed: {_same(now, after)}"
        elif was is not None and not since:
            different = await self.shop.work(lambda work: _but_for_what_rang(work, was, after, row.data))
            assert different is None, f"taken back, and not as it was: {different}"


def _latest(work: UnitOfWork) -> Any:
    wanted = select(UndoRow).where(UndoRow.kind == "deal", UndoRow.undone_at.is_(None), UndoRow.until > work.now)
    return work.tx.execute(wanted.order_by(UndoRow.id.desc()).limit(1)).one_or_none()


def _since(work: UnitOfWork, row: Any) -> bool:
    """Whether anything was written of the deal since that press, a word or a step included."""
    written = select(HistoryRow.id).where(HistoryRow.deal_id == row.about, HistoryRow.version > row.data["now"])
    return work.tx.execute(written.limit(1)).first() is not None


def _is_undone(work: UnitOfWork, key: int) -> bool:
    return work.tx.execute(select(UndoRow.undone_at).where(UndoRow.id == key)).scalar_one() is not None


def _but_for_what_rang(
    work: UnitOfWork, was: dict[str, Any], after: dict[str, Any], press: dict[str, Any]
) -> str | None:
    """What differs; of what was to ring, but what has rung meanwhile, and what was planned because of that."""
    rows = select(ScheduledRow.id).where(
        ScheduledRow.id.in_([*was["rings"], *after["rings"]]),
        ScheduledRow.done_at.is_not(None), ScheduledRow.delivery_state != "void",
    )  # fmt: skip
    born = press.get("rows", {}).get("waits", {}).get("new", [])
    rung = set(work.tx.execute(rows).scalars()) | {key for key in after["rings"] if key not in (*was["rings"], *born)}
    was, after = ({**one, "rings": {k: v for k, v in one["rings"].items() if k not in rung}} for one in (was, after))
    return _same(was, after)


def _same(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    """None, or the first thing in which they differ."""
    for name, before in one.items():
        after = other[name]
        if before == after:
            continue
        if isinstance(before, dict):
            keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
            return "; ".join(f"{name} {key}: {before.get(key)} → {after.get(key)}" for key in keys)
        return f"{name}: {before} → {after}"
    return None
