"""How near moments read: «сегодня, 18:00», «завтра, 9:00»."""

from __future__ import annotations

from datetime import datetime

from keyboards.translator import Translator
from models.values.invalid_value import N_

NEAR = {
    -1: N_("вчера, {time}"),
    0: N_("сегодня, {time}"),
    1: N_("завтра, {time}"),
}


def near(at: datetime, now: datetime, t: Translator) -> str:
    """Yesterday, today and tomorrow by name, every other day by date; in the company's zone."""
    local = at.astimezone(t.zone)
    days = (local.date() - now.astimezone(t.zone).date()).days
    if days in NEAR:
        return t(NEAR[days], time=clock(at, t))
    return t.moment(at, now=now)


def clock(at: datetime, t: Translator) -> str:
    """«9:05», «18:00»."""
    local = at.astimezone(t.zone)
    return f"{local.hour}:{local:%M}"


def cut(text: str, most: int) -> str:
    """The text on one line, not longer than `most` characters, with «…» where it was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip(" ,·—-") + "…"
