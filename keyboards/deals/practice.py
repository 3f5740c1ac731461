"""«Обучение»: a learner's practice deals, and the button that begins one (K-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import BeginDeal, OpenDeal
from keyboards.callbacks.list_callbacks import ListPractice
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.values.product_text import ProductText

LABEL = 40
ENDS = {"won": "✅ ", "lost": "✖️ "}


@dataclass(frozen=True, slots=True)
class PracticeView:
    """A page; `deals` with the stage's title and, for those above, the learner's name; `starts`: process, pipeline,
    title of the button."""

    deals: Sequence[tuple[Deal, str, str]]
    starts: Sequence[tuple[str, str, ProductText]]
    after: int | None = None
    before: int | None = None
    sees_all: bool = False


def practice(view: PracticeView, t: Translator) -> Screen:
    """What it is for, the deals, and a new one."""
    lines = [line("🎓 ", bold(t("Обучение")))]
    lines.append(line(t("Учебные сделки всех сотрудников.") if view.sees_all else t("Ваши учебные сделки.")))
    lines.append(
        line(t("Всё как в жизни, но наружу ничего не уходит и в отчёты не попадает: все сообщения получает ученик."))
    )
    if not view.deals:
        lines += [EMPTY, line(t("Здесь пока пусто. Начните первую: бот подскажет каждый шаг."))]
    rows: list[list[Button]] = [
        [buttons.button(t(title), BeginDeal(process, pipeline), colour="success")]
        for process, pipeline, title in view.starts
    ]
    for deal, stage, who in view.deals:
        said = " · ".join(part for part in (deal.title, who, stage) if part)
        rows.append([buttons.button(cut(f"{ENDS.get(deal.status, '')}{said}", LABEL), OpenDeal(deal.id))])
    pager = []
    if view.before is not None:
        pager.append(buttons.button("‹", ListPractice("b", view.before)))
    if view.after is not None:
        pager.append(buttons.button("›", ListPractice("a", view.after)))
    rows += [pager, [buttons.home(t)]]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def menu_button(n: int, t: Translator) -> Button:
    """The way in from the menu; `n` open deals of one's own."""
    return buttons.button(t("🎓 Обучение · {n}", n=n) if n else t("🎓 Обучение"), ListPractice())


def offer(t: Translator) -> Button:
    """For somebody who has just come in."""
    return buttons.button(t("🎓 Пройти учебную сделку"), ListPractice(), colour="success")
