"""«Отложенный спрос» by month: the next two years, and before them the months whose clients still wait (M-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyboards import buttons
from keyboards.callbacks.list_callbacks import ListDeals, ListDeferredMonths, WhoseLetter
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.values.product_text import ProductText

PER_ROW = 2  # «сентябрь 2027 · 12» has to fit


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a pipeline, as a button needs it; `late`: it has passed, and deals still stand on it."""

    process: str
    pipeline: str
    place: int
    title: ProductText
    n: int
    late: bool = False


def menu_button(n: int, whose: WhoseLetter, t: Translator) -> Button:
    """The entry of the menu."""
    return buttons.button(
        f"{t('🗓 Отложенный спрос')} · {n}" if n else t("🗓 Отложенный спрос"), ListDeferredMonths(whose)
    )


def by_month(found: Sequence[Month], whose: WhoseLetter, t: Translator, *, sees_all: bool) -> Screen:
    """Every month a button; those with deals stand out, those that are late come first."""
    said = {"m": t("мои"), "f": t("ничьи"), "a": t("все")}
    lines: list[Line] = [line(bold(f"{t('🗓 Отложенный спрос')} · {said[whose]}"), f"  {sum(one.n for one in found)}")]
    late = [one for one in found if one.late]
    lines.append(line(t("Сделка стоит на месяце, когда клиенту обещали позвонить.")))
    if late:
        lines.append(line("⚠️ ", t("Месяц прошёл, а клиенты ждут звонка — они первые в списке.")))
    rows = [[_month(one, whose, t)] for one in late]
    ahead = [_month(one, whose, t) for one in found if not one.late]
    rows += [ahead[place : place + PER_ROW] for place in range(0, len(ahead), PER_ROW)]
    letters: tuple[tuple[WhoseLetter, str], ...] = (("m", t("Мои")), ("f", t("Ничьи")), ("a", t("Все")))
    rows.append(
        [
            buttons.button(title, ListDeferredMonths(letter))
            for letter, title in letters
            if letter != whose and (letter != "a" or sees_all)
        ]
    )
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def _month(one: Month, whose: WhoseLetter, t: Translator) -> Button:
    label = f"{t(one.title)} · {one.n}" if one.n else t(one.title)
    standing = ListDeals("f", whose, "s", 0, one.process, one.pipeline, one.place)
    if one.late:
        return buttons.button(f"⚠️ {label}", standing, colour="danger")
    return buttons.button(label, standing, colour="primary" if one.n else None)
