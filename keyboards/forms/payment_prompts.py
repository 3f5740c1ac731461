"""Money that came in, asked in three steps: how much, when, how (K-13); shown as a sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import dates

from keyboards import buttons
from keyboards.callbacks.forms.date_answer_callbacks import ChooseDay
from keyboards.callbacks.forms.payment_answer_callbacks import (
    ChooseAmount,
    ChooseMethod,
    DropSecondPayment,
    EnterOverpayment,
    EnterSecondPayment,
    OpenCalendar,
)
from keyboards.forms import field_words
from keyboards.forms.date_prompts import calendar
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, in_rows, screen
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.fields.payment_field import PaymentField, half
from models.values.money import to_kopecks
from models.values.product_text import ProductText
from models.values.received_payment import ReceivedPayment


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """What is to be paid and what has come in; None where the person may not see it, or nobody has said. `back`: it is
    asked how much was given back to the client."""

    total: Decimal | None = None
    paid: Decimal = Decimal(0)
    back: bool = False

    @property
    def left(self) -> Decimal | None:
        return None if self.total is None else self.total - self.paid


def amount(t: Translator, ask: Question, due: PaymentDue) -> Screen:
    """How much came: typed, or the likely sums by a tap."""
    rows = [
        [buttons.button(title, ChooseAmount(ask.step, to_kopecks(much)), colour="success")]
        for title, much in _likely(t, due)
    ]
    lines = [] if due.total is None else [EMPTY, *_standing(t, due)]
    if due.back:
        ask = replace(ask, title=t("Сколько вернули клиенту?"), hint="", now="", example="")
    how = t("Какую сумму внести ещё? Напишите или выберите.") if ask.now else t("Напишите сумму или выберите.")
    how = how if rows else t("Напишите сумму сообщением.")
    return screen(t, ask, *rows, lines=lines, how=how)


def over(t: Translator, ask: Question, much: Decimal, due: PaymentDue) -> Screen:
    """More than is due: a slip, or an overpayment that is kept until it is given back or the sum is raised."""
    left = max(due.left or Decimal(0), Decimal(0))
    rows = [[buttons.button(t("Записать переплату"), EnterOverpayment(ask.step))]]
    rows += [
        [buttons.button(title, ChooseAmount(ask.step, to_kopecks(sum_)), colour="success")]
        for title, sum_ in _likely(t, due)
    ]
    first = t("Больше остатка: осталось {limit}.", limit=t.money(left)) if left else t("Всё уже оплачено: остатка нет.")
    more = t("{sum} — на {over} больше, чем по договору.", sum=t.money(much), over=t.money(much - left))
    how = t("Запишите переплату или исправьте сумму: напишите или выберите.")
    return screen(t, replace(ask, now=""), *rows, lines=[EMPTY, line(first), line(more)], how=how)


def _likely(t: Translator, due: PaymentDue) -> list[tuple[str, Decimal]]:
    if due.back:
        over = -due.left if due.left is not None and due.left < 0 else Decimal(0)
        found = [(t("Всё — {sum}", sum=t.money(due.paid)), due.paid)] if due.paid > 0 else []
        return [(t("Переплату — {sum}", sum=t.money(over)), over), *found] if 0 < over < due.paid else found
    if due.total is None or due.left is None or due.left <= 0:
        return []
    found = [(t("Весь остаток — {sum}", sum=t.money(due.left)), due.left)]
    if due.paid == 0 and half(due.total) > 0:
        part = half(due.total)
        found = [(t("50 % — {sum}", sum=t.money(part)), part), *found]
    return found


def _standing(t: Translator, due: PaymentDue) -> list[Line]:
    assert due.total is not None and due.left is not None
    said = t("Нужно: {total} · оплачено: {paid}", total=t.money(due.total), paid=t.money(due.paid))
    if due.left < 0:
        return [line(said), line(t("Переплата: "), bold(t.money(-due.left)))]
    return [line(said), line(t("Остаток: "), bold(t.money(due.left)))]


def day(
    t: Translator,
    ask: Question,
    much: Decimal,
    today: date,
    methods: Mapping[str, ProductText],
    *,
    back: bool = False,
) -> Screen:
    """When it came: nearly always today, and then how is said at once; or yesterday."""
    near = ((t("Сегодня"), today), (t("Вчера"), today - timedelta(days=1)))
    rows = [[buttons.button(title, ChooseDay(ask.step, one.toordinal())) for title, one in near]]
    rows += [list(row) for row in in_rows(_methods(t, ask, methods, today.toordinal()))] if len(methods) > 1 else []
    rows.append([buttons.button(t("📅 Другой день"), OpenCalendar(ask.step))])
    asked = replace(ask, title=_when(t, back=back), hint="", example="", now="")
    how = t("Выберите день или напишите, например «вчера» или «14.03».")
    if len(methods) > 1:
        how = t("Сегодня — сразу выберите, как. Иначе день: кнопкой или словами, например «вчера» или «14.03».")
    return screen(t, asked, *rows, lines=[EMPTY, *_so_far(t, much)], how=how)


def _methods(t: Translator, ask: Question, methods: Mapping[str, ProductText], day: int | None = None) -> list[Button]:
    return [buttons.button(t(title), ChooseMethod(ask.step, name, day)) for name, title in methods.items()]


def _when(t: Translator, *, back: bool) -> str:
    return t("Когда вернули деньги?") if back else t("Когда пришли деньги?")


def any_day(t: Translator, ask: Question, month: int, today: date, earliest: date, *, back: bool = False) -> Screen:
    """The calendar, back from today."""
    asked = replace(ask, title=_when(t, back=back), hint="", example="", now="")
    how = t("Выберите день или напишите, например «вчера» или «14.03».")
    return calendar(t, asked, month, today, earliest=earliest, latest=today, how=how)


def method(
    t: Translator,
    ask: Question,
    much: Decimal,
    on: date,
    today: date,
    methods: Mapping[str, ProductText],
    *,
    back: bool = False,
) -> Screen:
    """How it was paid."""
    title = t("Как вернули?") if back else t("Как заплатили?")
    asked = replace(ask, title=title, hint="", example="", now="")
    return screen(
        t, asked, *in_rows(_methods(t, ask, methods)), lines=[EMPTY, *_so_far(t, much, t.day(on, today=today))]
    )


def twice(t: Translator, ask: Question, found: str, *, back: bool = False) -> Screen:
    """The same sum, day and method stand in the ledger already."""
    yes = buttons.button(t("Да, ещё один"), EnterSecondPayment(ask.step))
    no = buttons.button(t("Нет, не вносить"), DropSecondPayment(ask.step), colour="danger")
    title = t("Такой возврат уже внесён") if back else t("Такой платёж уже внесён")
    asked = replace(ask, title=title, hint="", example="", now="")
    second = t("Это второй возврат?") if back else t("Это второй платёж?")
    return screen(t, asked, (yes, no), lines=[line(second)], how=found)


def _so_far(t: Translator, much: Decimal, on: str = "") -> list[Line]:
    out = [line(t("Сумма: "), bold(t.money(much)))]
    return [*out, line(t("Дата: "), bold(on))] if on else out


@field_words.shows(PaymentField)
def _words(t: Translator, one: PaymentField, typed: Decimal | ReceivedPayment, reading: Reading) -> str:
    """What has come in under the field; of a payment just being entered also the day."""
    return received(t, typed) if isinstance(typed, ReceivedPayment) else t.money(typed)


def received(t: Translator, one: ReceivedPayment) -> str:
    """«75 000 ₽, 20 ноября», also of what was given back."""
    return f"{t.money(abs(one.amount))}, {dates.format_date(one.paid_on, 'd MMMM', locale=t.locale)}"


@field_words.samples(PaymentField)
def _sample(t: Translator, one: PaymentField, now: datetime) -> str:
    return t.money(Decimal(75000))
