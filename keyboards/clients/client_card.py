"""Search results and the card of a client: phones, company, deals, duplicates."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards import buttons
from keyboards.callbacks.client_callbacks import (
    AddClientPhone,
    AskSearch,
    BeginLead,
    CompareClients,
    MergeClients,
    OpenClient,
    RenameClient,
)
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.entities import Client
from models.ids import DealId
from models.states import DealStatus
from models.values.product_text import ProductText

LABEL = 34
MOST_PHONES = 3
MOST_DEALS = 8


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal in a list."""

    id: DealId
    number: str
    title: str
    stage: str
    status: DealStatus = "open"


@dataclass(frozen=True, slots=True)
class ClientView:
    """All that a client's card shows."""

    client: Client
    company: Client | None = None
    contacts: tuple[Client, ...] = ()
    deals: tuple[DealLine, ...] = ()
    duplicates: tuple[Client, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundView:
    """What a search gave. `phone`: the number that was asked for; `lead` is the button that begins a lead with it."""

    asked: str
    clients: tuple[Client, ...] = ()
    deals: tuple[DealLine, ...] = ()
    phone: str | None = None
    lead: ProductText | None = None


def found_screen(view: FoundView, t: Translator) -> Screen:
    """Results as buttons; an unknown phone can become a lead at once."""
    asked = t.phone(view.phone) if view.phone else view.asked
    lines: list[Line] = [line("🔍 ", bold(t("Поиск: {asked}", asked=asked)))]
    n = len(view.clients) + len(view.deals)
    if n:
        lines.append(line(t.plural("Нашлась {n} запись", "Нашлось {n} записей", n)))
    else:
        lines.append(line(t("Ничего не нашлось.")))
        if view.phone is None:
            lines.append(line(t("Попробуйте фамилию, телефон или номер сделки, например 2026-0042.")))
    rows: list[list[Button]] = [[_client(one, t)] for one in view.clients]
    rows += [[_deal(one, t)] for one in view.deals]
    if view.phone and view.lead:
        label = t("➕ {button} с этим телефоном", button=t(view.lead))
        rows.append([buttons.button(label, BeginLead(int(view.phone)), colour="success" if n == 0 else None)])
    rows.append([buttons.button(t("🔍 Искать ещё"), AskSearch()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def _client(one: Client, t: Translator) -> Button:
    mark = "🏢" if one.kind == "company" else "👤"
    phone = f" · {t.phone(one.phones[0])}" if one.phones else ""
    return buttons.button(f"{mark} {cut(one.name, 24)}{phone}", OpenClient(one.id))


def _deal(one: DealLine, t: Translator) -> Button:
    mark = {"won": "✅", "lost": "✖️"}.get(one.status, "📁")
    return buttons.button(f"{mark} {cut(one.title, 20)} · {cut(one.stage, 20)}", OpenDeal(one.id))


def client_card(view: ClientView, t: Translator) -> Screen:
    """The card: who, how to reach him, what he has ordered."""
    client = view.client
    lines = list(_who(view, t))
    if view.deals:
        lines += [EMPTY, line(bold(t("Сделки")))]
        lines += [line(f"• № {one.number} — {one.title}, {one.stage}") for one in view.deals[:MOST_DEALS]]
    rows: list[list[Button]] = [[Button(f"📋 {t.phone(one)}", copy=one) for one in client.phones[:MOST_PHONES]]]
    rows += [[_deal(one, t)] for one in view.deals[:MOST_DEALS]]
    if view.company:
        rows.append([_client(view.company, t)])
    rows += [[_client(one, t)] for one in view.contacts]
    rows.append(
        [
            buttons.button(t("➕ Телефон"), AddClientPhone(client.id)),
            buttons.button(t("✏️ Переименовать"), RenameClient(client.id)),
        ]
    )
    if view.duplicates:
        lines += [EMPTY, line("⚠️ ", t("Тот же телефон есть и в другой карточке. Это один человек?"))]
    rows += [
        [buttons.button(cut(t("Объединить: {name}", name=one.name), LABEL), CompareClients(client.id, one.id))]
        for one in view.duplicates
    ]
    rows.append([buttons.button(t("🔍 Найти"), AskSearch()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def _who(view: ClientView, t: Translator) -> list[Line]:
    client = view.client
    lines: list[Line] = [line("🏢 " if client.kind == "company" else "👤 ", bold(client.name))]
    lines += [line("📞 ", t.phone(one)) for one in client.phones]
    if not client.phones:
        lines.append(line(t("Телефона нет.")))
    if view.company:
        lines.append(line(t("Компания: {name}", name=view.company.name)))
    if view.contacts:
        lines.append(line(t("Контакты: {names}", names=", ".join(one.name for one in view.contacts))))
    if client.note:
        lines.append(line(client.note))
    return lines


def merge_screen(one: ClientView, other: ClientView, t: Translator) -> Screen:
    """Both cards side by side, before they become one; the name that stays is chosen."""
    lines: list[Line] = [line("⚠️ ", bold(t("Объединить две карточки?")))]
    for view in (one, other):
        n = len(view.deals)
        lines += [EMPTY, *_who(view, t), line(t.plural("{n} сделка", "{n} сделок", n))]
    lines += [
        EMPTY,
        line(
            t("Сделки, телефоны и контакты соберутся в одной карточке. Разделить их обратно нельзя. Чьё имя оставить?")
        ),
    ]
    rows = [
        [_merge(one.client, other.client, t)],
        [_merge(other.client, one.client, t)],
        [buttons.back(t, OpenClient(one.client.id)), buttons.home(t)],
    ]
    return Screen(tuple(lines), rows_of(rows))


def _merge(keep: Client, drop: Client, t: Translator) -> Button:
    label = cut(t("Оставить «{name}»", name=keep.name), LABEL)
    return buttons.button(label, MergeClients(keep.id, drop.id), colour="danger")
