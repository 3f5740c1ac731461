"""The messages to the client on a deal: what was written, when, by which rule, and whether it arrived (K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.sms_callbacks import RepeatSms
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, quote
from keyboards.translator import Translator
from models import sms as m
from models.entities import Deal
from models.sms import SmsMessage
from models.values.invalid_value import N_
from models.values.product_text import StoredTitle

ICONS = {
    m.DELIVERED: "✅",
    m.SENT: "📨",
    m.FAILED: "📵",
    m.DOUBT: "❓",
    m.PRACTICE: "🎓",
    m.AGAIN: "🔁",
    m.DROPPED: "🚫",
}
STATES = {
    m.WAITING: N_("ждёт отправки"),
    m.SENDING: N_("отправляется"),
    m.SENT: N_("принято шлюзом"),
    m.DELIVERED: N_("доставлено"),
    m.FAILED: N_("не дошло"),
    m.DOUBT: N_("неизвестно, дошло ли"),
    m.PRACTICE: N_("учебное, клиенту не отправлялось"),
    m.AGAIN: N_("отправлено ещё раз"),
    m.DROPPED: N_("не понадобилось: сказать больше нечего"),
    "no_phone": N_("не отправлено, нет телефона клиента"),
}


@dataclass(frozen=True, slots=True)
class SmsLine:
    """A message with its text filled in as far as is known, and why it was written, in words."""

    sms: SmsMessage
    text: str
    why: str


def messages(deal: Deal, found: Sequence[SmsLine], now: datetime, t: Translator, *, can_repeat: bool) -> Screen:
    """The latest messages, the newest first."""
    lines: list[Line] = [line(bold(t("SMS клиенту"))), line(f"{deal.title} · № {deal.number}")]
    rows: list[tuple[Button, ...]] = []
    if not found:
        lines += [EMPTY, line(t("Клиенту ещё ничего не отправляли."))]
    for one in found:
        lines += _one(one, now, t)
        if can_repeat and one.sms.state in m.REPEATABLE:
            label = t("🔁 Отправить ещё раз: {when}", when=t.moment(one.sms.at, now=now))
            rows.append((buttons.button(label, RepeatSms(one.sms.id)),))
    rows.append((buttons.back(t, OpenDeal(deal.id)), buttons.home(t)))
    return Screen(tuple(lines), tuple(rows))


def _one(one: SmsLine, now: datetime, t: Translator) -> list[Line]:
    sms = one.sms
    icon = ICONS.get(sms.state, "🕓")
    head = line(f"{icon} ", bold(state(sms.state, t)), f" · {t.moment(sms.state_at or sms.at, now=now)}")
    facts = [t.phone(sms.phone)]
    facts += [t.plural("{n} SMS", "{n} SMS", sms.parts)] if sms.parts else []
    facts += [sms.author] if sms.author else []
    out = [EMPTY, head, quote(one.text), line(" · ".join(facts))]
    if sms.failure:
        out.append(line(t("Причина: {reason}", reason=reason(sms.failure, t))))
    return [*out, line(t("Правило: {rule}", rule=one.why))]


def state(name: str, t: Translator) -> str:
    """The state in words."""
    return t(STATES[name]) if name in STATES else name


def reason(said: str, t: Translator) -> str:
    """Why not: our own words translated, with what they are about behind them; a provider's as they came."""
    first, *about = said.split("\n")
    words = next((one for one in m.OWN_WORDS if one == first), None)
    if words is None:
        return said
    return f"{t(words)}: {', '.join(_lack(one, t) for one in about)}" if about else t(words)


def _lack(said: str, t: Translator) -> str:
    """«Адрес», or with what of it behind a tab: «Монтаж (телефон)»."""
    title, _, of = said.partition("\t")
    shown = t.title(StoredTitle(title))  # of a field, or a word of `models.sms`: the sender has written it down
    if title == m.WORK_PHONE:
        return f"{shown} ({of})"  # a colleague's name
    return f"{shown} ({t.title(StoredTitle(of))})" if of else shown
