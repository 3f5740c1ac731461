"""The card of a client: phones, company, deals, duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keyboards import buttons
from keyboards.callbacks.client_callbacks import (
    AddClientPhone,
    AskMerge,
    AskSearch,
    CompareClients,
    MergeClients,
    OpenClient,
    RenameClient,
)
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.undo_callbacks import TakeBack
from keyboards.near_time import cut
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.personal import person_pages
from keyboards.screen import EMPTY, Button, Line, Rows, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.entities import Client
from models.ids import ClientId, DealId
from models.notices.people_notices import MergeAsked
from models.personal.consent import Consent
from models.states import DealStatus
from models.undo import Undo

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
    client: str | None = None
    led_by: str | None = None

    @property
    def mark(self) -> str:
        return {"won": "✅", "lost": "✖️"}.get(self.status, "📁")


@dataclass(frozen=True, slots=True)
class OthersLine:
    """A colleague's deal: its number and who leads it, and no button."""

    number: str
    led_by: str | None


def others_lines(others: Sequence[OthersLine], count: int, t: Translator) -> list[Line]:
    """Whom to ask about deals that one may not open."""
    lines = [line("🔒 ", t("№ {number} — ведёт {name}", number=one.number, name=one.led_by or "—")) for one in others]
    if count > len(others):
        lines.append(line("🔒 ", t("И ещё сделок коллег: {n}", n=count - len(others))))
    return lines


@dataclass(frozen=True, slots=True)
class ClientView:
    """All that a client's card shows. `undo`: it was joined with another one, which the reader may take back; `led_by`:
    colleagues who lead his deals, so that the reader may not change the card; `is_owner`: he may look at all that is
    known of him."""

    client: Client
    company: Client | None = None
    contacts: tuple[Client, ...] = ()
    deals: tuple[DealLine, ...] = ()
    duplicates: tuple[Client, ...] = ()
    undo: Undo | None = None
    led_by: tuple[str, ...] = ()
    today: date | None = None
    consent: Consent | None = None
    is_owner: bool = False
    others: tuple[OthersLine, ...] = ()


def client_button(one: Client, t: Translator) -> Button:
    mark = "🏢" if one.kind == "company" else "👤"
    phone = f" · {t.phone(one.phones[0])}" if one.phones else ""
    return buttons.button(f"{mark} {cut(one.name, 24)}{phone}", OpenClient(one.id))


def _deal(one: DealLine, t: Translator) -> Button:
    return buttons.button(f"{one.mark} {cut(one.title, 20)} · {cut(one.stage, 20)}", OpenDeal(one.id))


def client_card(view: ClientView, t: Translator) -> Screen:
    """The card: who, how to reach him, what he has ordered."""
    client = view.client
    lines = list(_who(view, t))
    if client.kind == "person":
        lines.append(person_pages.consent_line(view.consent, t))
    if view.deals:
        lines += [EMPTY, line(bold(t("Сделки")))]
        lines += [line(f"• № {one.number} — {one.title}, {one.stage}") for one in view.deals[:MOST_DEALS]]
    lines += others_lines(view.others, len(view.others), t)
    rows: list[list[Button]] = [[Button(f"📋 {t.phone(one)}", copy=one) for one in client.phones[:MOST_PHONES]]]
    rows += [[_deal(one, t)] for one in view.deals[:MOST_DEALS]]
    if view.company:
        rows.append([client_button(view.company, t)])
    rows += [[client_button(one, t)] for one in view.contacts]
    if view.led_by:
        names = ", ".join(view.led_by)
        lines.append(
            line(t("Сделки ведёт {names}. Изменить карточку может ведущий сделки или руководитель.", names=names))
        )
    else:
        rows.append(
            [
                buttons.button(t("➕ Телефон"), AddClientPhone(client.id)),
                buttons.button(t("✏️ Переименовать"), RenameClient(client.id)),
            ]
        )
        if client.kind == "person":
            rows.append([person_pages.consent_button("client", client.id, view.consent, t)])
    if view.is_owner:
        rows.append([person_pages.person_button("client", client.id, t)])
    if view.undo is not None:
        until = t.day(view.undo.until.astimezone(t.zone).date(), today=view.today)
        until = t.day(view.undo.until.astimezone(t.zone).date())
        lines += [EMPTY, line(t("Объединена с другой карточкой; разделить обратно можно до: {day}", day=until))]
        rows.append([buttons.button(t("↩️ Разделить обратно"), TakeBack(view.undo.id))])
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


def merge_screen(one: ClientView, other: ClientView, t: Translator, led: Sequence[str] = ()) -> Screen:
    """Both cards side by side, before they become one; the name that stays is chosen. Where colleagues lead deals of
    theirs (`led`), those above are asked."""
    lines: list[Line] = [line("⚠️ ", bold(t("Объединить две карточки?")))]
    for view in (one, other):
        n = len(view.deals)
        lines += [EMPTY, *_who(view, t), line(t.plural("{n} сделка", "{n} сделок", n))]
    back = [buttons.back(t, OpenClient(one.client.id)), buttons.home(t)]
    if led:
        names = ", ".join(led)
        lines += [EMPTY, line(t("Сделки ведёт {names}: объединить карточки может руководитель.", names=names))]
        ask = buttons.button(t("Попросить руководителя"), AskMerge(one.client.id, other.client.id), colour="primary")
        return Screen(tuple(lines), rows_of([[ask], back]))
    lines += [
        EMPTY,
        line(
            t(
                "Сделки, телефоны и контакты соберутся в одной карточке. Разделить их обратно можно неделю. "
                "Чьё имя оставить?"
            )
        ),
    ]
    rows = [
        [_merge(one.client, other.client, t)],
        [_merge(other.client, one.client, t)],
        back,
    ]
    return Screen(tuple(lines), rows_of(rows))


def _merge(keep: Client, drop: Client, t: Translator) -> Button:
    label = cut(t("Оставить «{name}»", name=keep.name), LABEL)
    return buttons.button(label, MergeClients(keep.id, drop.id), colour="danger")


@presents(MergeAsked)
class MergeAskedWords(NoticeWords[MergeAsked]):
    """Two cards that may be one client: the button shows both."""

    icon = "👥 "
    about_deal = False

    def said(self, view: NoticeView, notice: MergeAsked, t: Translator) -> str:
        return t("{name} просит объединить карточки клиента", name=notice.by)

    def below(self, view: NoticeView, notice: MergeAsked, t: Translator) -> list[Line]:
        return [line(f"👤 {notice.first}"), line(f"👤 {notice.second}")]

    def rows(self, view: NoticeView, notice: MergeAsked, t: Translator) -> Rows:
        compare = CompareClients(ClientId(notice.one), ClientId(notice.other))
        return ((buttons.button(t("Сравнить карточки"), compare, colour="primary"), buttons.home(t)),)
