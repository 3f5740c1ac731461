"""Lines of a deal's history about values and money: what it was, what it has become, what came in (K-14, K-16)."""

from __future__ import annotations

from typing import Any

from keyboards.deals.deal_card import DealView
from keyboards.forms import field_words, payment_prompts
from keyboards.translator import Translator
from models.entities import Event
from models.fields import codec
from models.fields.base import Field
from models.fields.groups import Priced
from models.fields.payment_field import PaymentField
from models.values import money
from models.values.received_payment import ReceivedPayment

LONGEST_PAIR = 80  # characters of «old → new»; longer texts are told as they are now


def is_told_already(one: Event, view: DealView) -> bool:
    """The sum of a payment field: the payment itself has a line of its own."""
    return one.kind == "filled" and isinstance(_field(one, view), PaymentField)


def is_about_money(one: Event, view: DealView) -> bool:
    """Whether the line is not for the people who drive out."""
    return one.kind in ("paid", "unpaid") or (one.kind == "filled" and isinstance(_field(one, view), Priced))


def filled(one: Event, view: DealView, t: Translator) -> str:
    """«Дата готовности: 12 декабря → 19 декабря»."""
    known, value, was = _field(one, view), one.data.get("value"), one.data.get("was")
    title = t(known.title) if known else str(one.data.get("field"))
    new = _shown(one, view, value, t)
    if was is None:
        return f"{title}: {new}"
    old = _shown(one, view, was, t)
    return f"{title}: {new}" if len(old) + len(new) > LONGEST_PAIR or old == new else f"{title}: {old} → {new}"


def _shown(one: Event, view: DealView, raw: Any, t: Translator) -> str:
    known = _field(one, view)
    return field_words.value(t, known, codec.decode_value(known, raw), view.people, now=view.now)


def paid(one: Event, view: DealView, t: Translator) -> str:
    """«поступило 75 000 ₽, 20 ноября (Сумма предоплаты, карта)»."""
    received = ReceivedPayment.from_data(one.data)
    how = view.process.payments.methods.get(received.method, received.method) if view.process.payments else ""
    known = _field(one, view)
    about = ", ".join(part for part in (t(known.title) if known else "", t.lowered(t(how))) if part)
    return t("поступило {sum} ({about})", sum=payment_prompts.received(t, received), about=about)


def unpaid(one: Event, view: DealView, t: Translator) -> str:
    """«отменён платёж 75 000 ₽: ошиблась сделкой»."""
    much = money.from_kopecks(int(str(one.data.get("amount") or 0)))
    return t("отменён платёж {sum}: {text}", sum=t.money(much), text=one.data.get("text", ""))


def claim(one: Event, t: Translator) -> str:
    """A claim came, or was settled (K-24)."""
    if one.kind == "claim":
        return t("претензия {number}: {text}", number=one.data.get("number", ""), text=one.data.get("text", ""))
    return t("претензия улажена: {text}", text=one.data.get("text") or "—")


def _field(one: Event, view: DealView) -> Field | None:
    return view.process.fields.get(str(one.data.get("field")))
