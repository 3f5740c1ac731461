"""The screens of «Учёт клиентов»: the statuses with their counts, a page of entries, an entry (M-5, M-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.register_callbacks import (
    AskStatusChange,
    ChangeStatus,
    ExportRegister,
    ListEntries,
    OpenEntry,
    OpenRegister,
)
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, InlineFile, Line, Screen, bold, line
from keyboards.translator import Translator
from models.ids import DealId
from models.values.product_text import ProductText

LABEL = 40


@dataclass(frozen=True, slots=True)
class RegisterLineView:
    """An entry in a list."""

    deal_id: DealId
    client: str
    date: date | None
    status: ProductText


@dataclass(frozen=True, slots=True)
class EntryView:
    """All of an entry; empty texts are left out."""

    deal_id: DealId
    process: str
    number: str
    client: str
    status: ProductText
    day: date | None
    sum: Decimal | None
    result: str
    contract_number: str
    contract_sum: Decimal | None
    discount: Decimal | None
    full_name: str
    phones: tuple[str, ...]
    address: str
    responsible: str


def menu_buttons(found: Sequence[tuple[str, ProductText]], t: Translator) -> list[Button]:
    """On the menu, where a business keeps a ledger: (process, title)."""
    return [buttons.button(f"📒 {t(title)}"[:30], OpenRegister(name)) for name, title in found]


def statuses(process: str, title: ProductText, counts: Sequence[tuple[int, ProductText, int]], t: Translator) -> Screen:
    """How many entries have which status: (its place, words, how many)."""
    total = sum(n for *_, n in counts)
    lines = [line("📒 ", bold(t(title)), f"  {total}")]
    if not counts:
        lines.append(line(t("Записей пока нет: они появляются сами, когда в сделке есть дата замера.")))
        return Screen(tuple(lines), ((buttons.home(t),),))
    lines.append(line(t("Статус, дата и суммы берутся из сделок, отдельно их не вносят.")))
    rows: list[tuple[Button, ...]] = [
        (buttons.button(cut(f"{t(words)} · {n}", LABEL), ListEntries(process, place)),) for place, words, n in counts
    ]
    rows.append((buttons.button(t("Все записи · {n}", n=total), ListEntries(process, None)),))
    rows.append(
        (
            buttons.button(t("Выгрузить .xlsx"), ExportRegister(process, "xlsx")),
            buttons.button(t("Выгрузить .csv"), ExportRegister(process, "csv")),
        )
    )
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))


def page(
    process: str,
    title: ProductText,
    place: int | None,
    found: Sequence[RegisterLineView],
    after: int | None,
    t: Translator,
) -> Screen:
    """A page of entries as buttons, the newest deal first. `place` is that of the status, None for any."""
    lines: list[Line] = [line("📒 ", bold(t(title)))]
    if place is not None and found:
        lines.append(line(t(found[0].status)))
    if not found:
        lines.append(line(t("Здесь пока пусто.")))
    rows: list[tuple[Button, ...]] = []
    for one in found:
        said = [one.client, *([f"{one.date:%d.%m.%y}"] if one.date else [])]
        said += [t(one.status)] if place is None else []
        rows.append((buttons.button(cut(" · ".join(said), LABEL), OpenEntry(one.deal_id)),))
    if after is not None:
        rows.append((buttons.button(t("Ещё ›"), ListEntries(process, place, after)),))
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenRegister(process)), buttons.home(t))))


def entry(view: EntryView, today: date, t: Translator) -> Screen:
    """An entry: what the deal says, in the ledger's words."""
    told = (
        (t("Статус"), t(view.status)),
        (t("Дата замера"), t.day(view.day, today=today) if view.day else ""),
        (t("Сумма предварительного просчёта"), _money(view.sum, t)),
        (t("Результат"), view.result),
        (t("Номер договора"), view.contract_number),
        (t("Сумма договора"), _money(view.contract_sum, t)),
        (t("Скидка"), _money(view.discount, t)),
        (t("ФИО"), view.full_name),
        (t("Телефон"), ", ".join(t.phone(one) for one in view.phones)),
        (t("Адрес"), view.address),
        (t("Ответственный"), view.responsible),
    )
    lines: list[Line] = [line("📒 ", bold(view.client), f" · № {view.number}"), EMPTY]
    lines += [line(f"{label}: ", bold(value)) for label, value in told if value]
    rows = (
        (
            buttons.button(t("К сделке"), OpenDeal(view.deal_id), colour="primary"),
            buttons.button(t("Изменить статус"), ChangeStatus(view.deal_id)),
        ),
        (buttons.back(t, OpenRegister(view.process)), buttons.home(t)),
    )
    return Screen(tuple(lines), rows)


def _money(amount: Decimal | None, t: Translator) -> str:
    return t.money(amount) if amount is not None else ""


def not_yours(number: str, deal_id: DealId, t: Translator) -> Screen:
    """Who may not change the status is sent to the supervisor (M-14)."""
    lines = (
        line("📒 ", bold(t("Статус меняет ответственный или руководитель отдела продаж"))),
        line(t("Сделка № {number}. Спросите руководителя: он увидит вопрос и ответит здесь же.", number=number)),
    )
    ask = buttons.button(t("Обратиться к руководителю"), AskStatusChange(deal_id), colour="primary")
    return Screen(lines, ((ask,), (buttons.home(t),)))


def asked(names: str, t: Translator) -> Screen:
    """The question is on its way."""
    said = (
        t("Вопрос отправлен: {names}", names=names) if names else t("Спросить пока некого: руководителя нет в команде")
    )
    return Screen((line(said),), ((buttons.home(t),),))


def file(title: ProductText, made: InlineFile, shown: int, is_cut: bool, t: Translator) -> Screen:
    """The ledger as a file."""
    said = t.plural("{n} запись", "{n} записей", shown)
    lines: list[Line] = [line("📒 ", bold(t(title)), f" · {said}")]
    if is_cut:
        lines.append(line(t("Здесь самые новые записи. Все сразу выгружает командная строка: verstak export ledger.")))
    return Screen(tuple(lines), ((buttons.home(t),),), document=made)
