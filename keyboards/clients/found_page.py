"""What a search has found: a page of deals, clients, and whose the deals are that one may not open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from keyboards import buttons
from keyboards.callbacks.client_callbacks import AskRange, AskSearch, BeginLead, NarrowSearch, SearchPage
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.file_callbacks import BeginLeadOfUpload
from keyboards.clients import client_card
from keyboards.clients.client_card import DealLine, OthersLine
from keyboards.near_time import cut
from keyboards.oversight import look_words
from keyboards.screen import Button, Line, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.oversight.looks import ShownClients
from models.process import months
from models.search.said_ranges import DayRange, SumRange
from models.values.dates import date_arithmetic
from models.values.product_text import ProductText

NOBODY = ShownClients(())
LABEL = 30
ROOM = 50  # characters of a button that words and a filter share
TITLE = 80
Fault = Literal["nothing", "letter", "long"]


@dataclass(frozen=True, slots=True)
class FoundView:
    """What a search gave; of clients those who may be shown, `counts` of deals, clients and colleagues' deals in all
    (more than `most`: not counted further). `phone`: the number that was asked for; `lead` is the button that begins a
    lead with it. `packed`: the words for a page's button, None where they do not fit into one; `words`: the token of
    the words beside the number."""

    asked: str
    clients: ShownClients = NOBODY
    deals: tuple[DealLine, ...] = ()
    others: tuple[OthersLine, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    most: int = 10_000
    page: int = 0
    pages: int = 1
    packed: str | None = None
    phone: str | None = None
    lead: ProductText | None = None
    guessed: bool = False
    digits: int = 0
    fault: Fault | None = None
    only: str | None = None
    only_title: str | None = None
    words: str | None = None


def found_screen(view: FoundView, t: Translator) -> Screen:
    """Results as buttons; an unknown phone can become a lead at once."""
    asked = t.phone(view.phone) if view.phone else cut(view.asked, 100)
    lines: list[Line] = [line("🔍 ", bold(t("Поиск: {asked}", asked=asked)))]
    kept_back = look_words.kept_back(view.clients, t)
    n = sum(view.counts)
    if view.only_title:
        lines.append(line(t("Только: {filter}", filter=view.only_title)))
    lines += _how_many(view, n, t) if n else [] if kept_back else _nothing(view, t)
    lines += [_deal_line(one, t) for one in view.deals]
    lines += client_card.others_lines(view.others, view.counts[2], t) if view.page == 0 else []
    lines += kept_back
    rows: list[list[Button]] = [[client_card.client_button(one, t)] for one in view.clients.clients]
    rows += [[_deal_button(one)] for one in view.deals]
    rows += _turning(view, t)
    if view.phone and view.lead:
        label = t("➕ {button} с этим телефоном", button=t(view.lead))
        press = BeginLeadOfUpload(view.words) if view.words else BeginLead(int(view.phone))
        rows.append([buttons.button(label, press, colour="success" if n == 0 else None)])
    rows.append([buttons.button(t("🔍 Искать ещё"), AskSearch()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def _how_many(view: FoundView, n: int, t: Translator) -> list[Line]:
    lines: list[Line] = []
    if view.guessed:
        lines.append(line(t("Точно такого нет. Похоже на это:")))
    if max(view.counts) > view.most:
        most = t.number(Decimal(view.most))
        lines.append(line(t("Нашлось больше {n}. Напишите точнее: ещё слово или цифры телефона.", n=most)))
    else:
        lines.append(line(t.plural("Нашлась {n} запись", "Нашлось {n} записей", n)))
    if view.pages > 1:
        lines.append(line(t("Сделки: страница {page} из {pages}", page=view.page + 1, pages=view.pages)))
        if view.packed is None:
            lines.append(line(t("Остальные не поместились: напишите точнее.")))
    return lines


def _nothing(view: FoundView, t: Translator) -> list[Line]:
    if view.only is not None:
        return [line(t("Среди найденного таких нет."))]
    if view.fault == "nothing":
        return [line(t("Здесь нет ни букв, ни цифр. Напишите имя, цифры телефона, адрес или номер."))]
    if view.fault == "letter":
        return [line(t("Одной буквы мало. Напишите хотя бы две: начало имени, улицы или названия."))]
    if view.fault == "long":
        return [line(t("Для поиска слишком длинно. Напишите несколько главных слов, например фамилию и улицу."))]
    lines = [line(t("Ничего не нашлось."))]
    if 0 < view.digits < 4:
        lines.append(line(t("Так коротко ищутся только номера сделок и документов; от телефона нужны четыре цифры.")))
    elif view.phone is None:
        lines.append(line(t("Попробуйте фамилию, цифры телефона, улицу и дом или номер сделки, например 2026-0042.")))
    return lines


def _deal_line(one: DealLine, t: Translator) -> Line:
    whose = t("ведёт {name}", name=one.led_by) if one.led_by else None
    client = one.client if one.client and one.client not in one.title else None
    said = ", ".join(part for part in (cut(one.title, TITLE), client, one.stage, whose) if part)
    return line(f"{one.mark} № {one.number} — {said}")


def _deal_button(one: DealLine) -> Button:
    number = one.number.rpartition("-")[2]
    return buttons.button(cut(f"{one.mark} {number} {one.title}", LABEL), OpenDeal(one.id))


def _turning(view: FoundView, t: Translator) -> list[list[Button]]:
    """To the pages beside this one, and to fewer deals or all of them again."""
    if view.packed is None:
        return []
    row = []
    if view.page > 0:
        row.append(buttons.button(t("◀ Назад"), SearchPage(view.packed, view.page - 1, view.only)))
    if view.page + 1 < view.pages:
        row.append(buttons.button(t("Дальше ▶"), SearchPage(view.packed, view.page + 1, view.only)))
    rows = [row] if row else []
    if view.only is not None:
        rows.append([buttons.button(t("✖️ Все найденные"), SearchPage(view.packed, 0))])
    elif 1 < view.counts[0] <= view.most:
        rows.append([buttons.button(t("🔽 Уточнить"), NarrowSearch(view.packed))])
    return rows


def narrow_screen(packed: str, asked: str, choices: Sequence[tuple[str, str, int]], t: Translator) -> Screen:
    """Filters with how many deals each leaves: (its word, its title, how many)."""
    lines: list[Line] = [line("🔽 ", bold(t("Уточнить: {asked}", asked=asked)))]
    if not choices:
        lines.append(line(t("Здесь больше нечего отделить.")))
    rows = []
    for word, title, n in choices:
        if len(packed) + len(word) <= ROOM:
            rows.append([buttons.button(f"{cut(title, LABEL - 6)} ({n})", SearchPage(packed, 0, word))])
    rows.append([buttons.button(t("✍️ Сумма или даты…"), AskRange(packed))])
    rows.append([buttons.back(t, SearchPage(packed, 0)), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def range_title(said: SumRange | DayRange, t: Translator) -> str:
    """What a filter of sums or days is called."""
    if isinstance(said, DayRange):
        return _days_title(said, t)
    if said.low is None or said.high is None:
        return t("от {sum}", sum=t.money(Decimal(said.low))) if said.low is not None else _up_to(said, t)
    return t("{low} – {high}", low=t.money(Decimal(said.low)), high=t.money(Decimal(said.high)))


def _up_to(said: SumRange, t: Translator) -> str:
    return t("до {sum}", sum=t.money(Decimal(said.high or 0)))


def _days_title(said: DayRange, t: Translator) -> str:
    """«Октябрь 2026» for a whole month."""
    if said.first == said.last:
        return t.day(said.first, today=said.first)
    if said.first.day == 1 and said.last == date_arithmetic.add_months(said.first, 1) - timedelta(days=1):
        return t(months.title_of(months.stage_of(said.first)))
    return t("с {first} по {last}", first=said.first.strftime("%d.%m.%Y"), last=said.last.strftime("%d.%m.%Y"))
