"""Claims of clients: their line on the card, the page of one, the list of all open ones (K-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.claim_callbacks import (
    AddClaimPhotos,
    EnterClaim,
    ListClaims,
    ListOpenClaims,
    SendClaimPhotos,
    ShowClaim,
)
from keyboards.callbacks.deal_callbacks import OpenDeal, OpenHistory
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.near_time import cut, near
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, quote
from keyboards.translator import Translator
from models.entities import Claim, Deal
from models.ids import DealId

LABEL = 34
LONG = 300  # a text longer than this is folded
STEPS = 12  # lines of history on the page; the rest stands in the deal's history


@dataclass(frozen=True, slots=True)
class ClaimView:
    """All that the page shows. `steps` are lines of the deal's history since: when, who, what; `photos` are those files
    that the reader may see."""

    claim: Claim
    deal: Deal
    now: datetime
    steps: Sequence[tuple[datetime, str, str]] = ()
    more_steps: bool = False
    photos: int = 0
    repair: Deal | None = None
    can_add: bool = False
    others: bool = False  # whether the deal has other claims


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim in the list of all open ones."""

    claim: Claim
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """A page of the list."""

    claims: Sequence[ListedClaim]
    total: int
    now: datetime
    after: int | None = None
    before: int | None = None


def card_lines(found: Sequence[Claim], now: datetime, t: Translator) -> list[Line]:
    """What the deal's card says: each open claim, and since when."""
    said = [
        line("❗ ", bold(t("Претензия {number} открыта {since}", number=one.number, since=t.since(one.opened_at, now))))
        for one in found
        if one.is_open
    ]
    return said[:3]


def card_buttons(
    found: Sequence[Claim], deal_id: DealId, *, can_add: bool, expected: bool, t: Translator
) -> list[Button]:
    """On the deal's card: the claims there are; «the client has called with a claim» where one is to be expected."""
    row = []
    if found:
        row.append(buttons.button(t("❗ Претензии {n}", n=len(found)), ListClaims(deal_id)))
    if can_add and expected:
        row.append(add_button(deal_id, t))
    return row


def add_button(deal_id: DealId, t: Translator) -> Button:
    """Register a claim by hand."""
    return buttons.button(t("➕ Претензия клиента"), EnterClaim(deal_id))


def page(view: ClaimView, t: Translator) -> Screen:
    """One claim: what, who, when, who works on it until when, what was done, how it ended."""
    one, deal = view.claim, view.deal
    state = t("открыта {since}", since=t.since(one.opened_at, view.now)) if one.is_open else t("улажена")
    lines: list[Line] = [line("❗ " if one.is_open else "✅ ", bold(t("Претензия {number}", number=one.number)))]
    lines += [line(state[:1].upper() + state[1:]), line(f"{deal.title} · № {deal.number}"), EMPTY]
    lines.append(quote(one.text or "—", folded=len(one.text) > LONG))
    who = one.opened_by or t("Система")
    lines.append(line(t("Принял: {name}, {when}", name=who, when=_at(one.opened_at, view, t))))
    lines += _work(view, t) if one.is_open else _end(view, t)
    if view.steps:
        lines += [EMPTY, line(bold(t("Что сделано")))]
        lines += [line(f"{_at(at, view, t)} · {who}: ", what) for at, who, what in view.steps]
        if view.more_steps:
            lines.append(line("…"))
    return Screen(tuple(lines), _rows(view, t))


def _at(at: datetime, view: ClaimView, t: Translator) -> str:
    return t.moment(at, now=view.now)


def _work(view: ClaimView, t: Translator) -> list[Line]:
    one = view.claim
    out = [line(t("Отвечает: {name}", name=one.responsible or t("пока никто")))]
    if one.due_at is not None:
        late = one.due_at < view.now
        head = t("Просрочено") if late else t("Срок")
        out.append(line("⚠️ " if late else "🕒 ", f"{head}: {near(one.due_at, view.now, t)}"))
    else:
        out.append(line("🕒 ", t("Срок не назначен")))
    return out


def _end(view: ClaimView, t: Translator) -> list[Line]:
    one = view.claim
    out = [line(t("Слово клиента: {text}", text=one.client_word))] if one.client_word else []
    if one.settled_at is not None:
        name = one.settled_by or t("Система")
        out.append(line(t("Закрыл: {name}, {when}", name=name, when=_at(one.settled_at, view, t))))
    return out


def _rows(view: ClaimView, t: Translator) -> tuple[tuple[Button, ...], ...]:
    one, deal = view.claim, view.deal
    rows: list[list[Button]] = []
    if one.task_id is not None:
        rows.append([buttons.button(t("К задаче"), OpenTask(one.task_id), colour="primary")])
    photos = [buttons.button(t("📷 Фото {n}", n=view.photos), SendClaimPhotos(one.id))] if view.photos else []
    if view.can_add and one.is_open:
        photos.append(buttons.button(t("➕ Фото"), AddClaimPhotos(one.id)))
    rows.append(photos)
    if view.repair is not None:
        rows.append([buttons.button(t("🔧 Сделка № {number}", number=view.repair.number), OpenDeal(view.repair.id))])
    rows.append([buttons.button(t("История"), OpenHistory(deal.id)), buttons.button(t("К сделке"), OpenDeal(deal.id))])
    last = [buttons.button(t("‹ Претензии"), ListClaims(deal.id))] if view.others else []
    rows.append([*last, buttons.home(t)])
    return tuple(tuple(row) for row in rows if row)


def of_deal(deal: Deal, found: Sequence[Claim], now: datetime, *, can_add: bool, t: Translator) -> Screen:
    """The claims of one deal, the newest first."""
    lines = [line("❗ ", bold(t("Претензии"))), line(f"{deal.title} · № {deal.number}")]
    rows: list[list[Button]] = []
    for one in reversed(found):
        state = t.since(one.opened_at, now) if one.is_open else t("улажена")
        rows.append([buttons.button(cut(f"{_mark(one, now)}{one.number} · {state}", LABEL), ShowClaim(one.id))])
    if can_add:
        rows.append([add_button(deal.id, t)])
    rows.append([buttons.back(t, OpenDeal(deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def all_open(view: ClaimsView, t: Translator) -> Screen:
    """All open claims, the oldest first; overdue ones are marked."""
    lines: list[Line] = [line("❗ ", bold(t("Открытые претензии")), f"  {view.total}")]
    if not view.claims:
        lines.append(line(t("Открытых претензий нет.")))
    rows: list[list[Button]] = []
    for one in view.claims:
        claim, mark = one.claim, _mark(one.claim, view.now)
        who = claim.responsible or t("пока никто")
        lines += [EMPTY, line(mark, bold(claim.number), f" · {t.since(claim.opened_at, view.now)} · {who}")]
        lines.append(line(f"{one.title} · № {one.number}"))
        lines.append(line(cut(" ".join(claim.text.split()), 120)))
        rows.append([buttons.button(cut(f"{mark}{claim.number} · {one.title}", LABEL), ShowClaim(claim.id))])
    pager = []
    if view.before is not None:
        pager.append(buttons.button("‹", ListOpenClaims("b", view.before)))
    if view.after is not None:
        pager.append(buttons.button("›", ListOpenClaims("a", view.after)))
    rows += [pager, [buttons.home(t)]]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def _mark(one: Claim, now: datetime) -> str:
    if not one.is_open:
        return "✅ "
    return "⚠️ " if one.due_at is not None and one.due_at < now else "❗ "
