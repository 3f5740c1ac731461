"""The money of a deal: what is to be paid, what came, line by line; taking a line back (K-14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from babel import dates

from keyboards import buttons
from keyboards.callbacks.change_callbacks import AskAbove
from keyboards.callbacks.deal_callbacks import FillField, OpenDeal
from keyboards.callbacks.payment_callbacks import (
    AskReversalReason,
    ChoosePayment,
    EnterPayment,
    EnterRefund,
    KeepPayment,
    OpenPayments,
    ReversePayment,
)
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Line, Screen, Span, bold, line
from keyboards.translator import Translator
from models import access
from models.engine import balances
from models.engine.balances import Account
from models.entities import Deal
from models.ids import PaymentId
from models.process.process import Process
from models.roles import Role
from models.values.product_text import ProductText
from models.values.received_payment import FROM_CARD

SHOWN = 20  # lines of the ledger on the page, the newest
LABEL = 40  # characters of a button that stands alone in its row
CHOICES = 8  # lines that can be chosen to be taken back, the newest


class PaymentLine(Protocol):
    """A line of the ledger; `amount` is below zero where it takes another one back, or was given back itself."""

    @property
    def id(self) -> PaymentId: ...
    @property
    def field(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def paid_on(self) -> date: ...
    @property
    def method(self) -> str: ...
    @property
    def note(self) -> str | None: ...
    @property
    def author(self) -> str | None: ...
    @property
    def reverses_id(self) -> int | None: ...
    @property
    def is_reversed(self) -> bool: ...
    @property
    def is_refund(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """A deal's money as the page shows it. `can_edit`: the person may enter payments and take them back."""

    deal: Deal
    process: Process
    lines: Sequence[PaymentLine]
    now: datetime
    can_edit: bool = True
    role: Role = "manager"

    @property
    def methods(self) -> Mapping[str, ProductText]:
        return self.process.payments.methods if self.process.payments else {}

    @property
    def accounts(self) -> list[Account]:
        """What is to be paid and was: of the direction where the deal stands, then of others."""
        return balances.accounts(self.process, self.deal)

    @property
    def standing(self) -> list[PaymentLine]:
        """The lines that count and can be taken back, the newest first."""
        return [one for one in reversed(self.lines) if one.reverses_id is None and not one.is_reversed]


def summaries(process: Process, deal: Deal, t: Translator) -> list[str]:
    """«150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽», for each account of the deal of which anything is known.

    Those of other directions than the deal's are named; a sum that was only named for one is not owed.
    """
    (own, *others), due = balances.accounts(process, deal), balances.is_due(process, deal)
    found = [_summary(own, t, due=due)]
    found += [f"{t(process.fields[one.field].title)}: {_summary(one, t, due=due)}" for one in others]
    counted = {one.field for one in (own, *others)}
    named = [name for name in process.payment_slots if name not in counted and deal.fields.get(name) is not None]
    found += [f"{t(process.fields[name].title)}: {t.money(deal.fields[name])}" for name in named]
    return [said for said in found if said]


def _summary(one: Account, t: Translator, *, due: bool) -> str:
    """One account in a line, what is left of it only if that is `due`; empty while there is nothing to say."""
    paid = t("оплачено {paid}", paid=t.money(one.paid))
    if one.total is None or one.left is None:
        return paid if one.paid else ""
    return " · ".join((t.money(one.total), paid, *([left_in_words(one.left, t)] if due else ())))


def left_in_words(left: Decimal, t: Translator) -> str:
    """«остаток 75 000 ₽», or «переплата 5 000 ₽»."""
    if left < 0:
        return t("переплата {sum}", sum=t.money(-left))
    return t("остаток {left}", left=t.money(left))


def page(account: PaymentsView, t: Translator) -> Screen:
    """«Детали по оплате»: the sums, then every line of the ledger."""
    deal = account.deal
    lines = [line("💰 ", bold(t("Детали по оплате"))), line(f"{deal.title} · № {deal.number}"), EMPTY]
    for one in account.accounts:
        lines += [*_sums(account, one, t), EMPTY]
    shown = account.lines[-SHOWN:]
    if len(account.lines) > SHOWN:
        hidden = len(account.lines) - SHOWN
        lines.append(line(t.plural("Ещё {n} более ранний платёж", "Ещё {n} более ранних платежей", hidden)))
    lines += [row for one in shown for row in _entry(account, one, t)] or [line(t("Платежей ещё не было."))]
    return Screen(tuple(lines), tuple(tuple(row) for row in _ways(account, t)))


def _sums(account: PaymentsView, one: Account, t: Translator) -> list[Line]:
    """What is to be paid, what was, what is left, of one account of the deal; of a lost one nothing is left to pay."""
    title = t(account.process.fields[one.field].title)
    lines = [line(f"{title}: ", bold(t.money(one.total) if one.total is not None else "—"))]
    lines.append(line(t("Оплачено: "), bold(t.money(one.paid))))
    if one.left is None or not balances.is_due(account.process, account.deal):
        return lines
    if one.left >= 0:
        lines.append(line(t("Остаток: "), bold(t.money(one.left))))
    else:
        lines.append(line(t("Переплата: "), bold(t.money(-one.left))))
        lines.append(line(t("Верните её клиенту или исправьте сумму.")))
    return lines


def _ways(account: PaymentsView, t: Translator) -> list[list[Button]]:
    key, rows = account.deal.id, list[list[Button]]()
    owed = any(one.left is None or one.left > 0 for one in account.accounts)
    if account.can_edit and owed:
        rows.append([buttons.button(t("➕ Внести платёж"), EnterPayment(key), colour="success")])
    elif account.can_edit:  # what comes now is an overpayment
        rows.append([buttons.button(t("➕ Ещё платёж"), EnterPayment(key))])
    if account.can_edit and any(one.paid > 0 for one in account.accounts):
        rows.append([buttons.button(t("↩️ Возврат клиенту"), EnterRefund(key))])
    if account.can_edit and account.standing:
        rows.append([buttons.button(t("Отменить платёж"), ChoosePayment(key))])
    asks = account.can_edit and owed and balances.is_due(account.process, account.deal)
    rows += [[one] for one in _let_go(account, t)] if asks else []
    return [*rows, [buttons.back(t, OpenDeal(key)), buttons.home(t)]]


def _let_go(account: PaymentsView, t: Translator) -> list[Button]:
    """What those above write where a deal may go on with a debt: to be filled in, or asked for."""
    key, found, hidden = account.deal.id, [], access.hidden_fields(account.role, account.process)
    for name, field in account.process.fields.items():
        about_money = name not in hidden and not set(field.covers).isdisjoint(account.process.payment_fields)
        if not (about_money and field.is_for_above()) or account.deal.fields.get(name) is not None:
            continue
        title = t(field.title)
        if access.fills(account.role, account.process, name):
            found.append(buttons.button(t("Заполнить: {field}", field=title), FillField(key, name)))
        else:
            found.append(buttons.button(t("Попросить руководителя: {field}", field=title), AskAbove(key, name)))
    return found


def _entry(account: PaymentsView, one: PaymentLine, t: Translator) -> list[Line]:
    what = said(one, account.methods, account.now, t, author=False)
    who = one.author or t("Система")
    if one.reverses_id is not None:
        return [line("↩️ ", what), line(t("   отменено: {text} · {name}", text=one.note or "—", name=who))]
    if one.is_refund:
        under = t("   возврат клиенту: {text} · {name}", text=one.note or "—", name=who)
        return [line("↩️ ", Span(what, "s") if one.is_reversed else what), line(under)]
    field = account.process.fields.get(one.field)
    under = t("   {field} · внесено: {name}", field=t(field.title) if field else one.field, name=who)
    below = [line("   ", t(FROM_CARD) if one.note == FROM_CARD else one.note)] if one.note else []
    return [line("💵 ", Span(what, "s") if one.is_reversed else what), line(under), *below]


def said(
    one: PaymentLine, methods: Mapping[str, ProductText], now: datetime, t: Translator, *, author: bool = True
) -> str:
    """«75 000 ₽, 20 ноября, карта, внесено: Анна»."""
    how = t.lowered(t.title(methods[one.method]) if one.method in methods else one.method) if methods else ""
    parts = [_money(one.amount, t), _day(one.paid_on, now, t), how]
    if author and one.author:
        parts.append(t("внесено: {name}", name=one.author))
    return ", ".join(part for part in parts if part)


def _money(amount: Decimal, t: Translator) -> str:
    return f"−{t.money(-amount)}" if amount < 0 else t.money(amount)


def _day(day: date, now: datetime, t: Translator) -> str:
    pattern = "d MMMM" if day.year == now.astimezone(t.zone).year else "d MMMM y"
    return dates.format_date(day, pattern, locale=t.locale)


def choose_field(account: PaymentsView, names: Sequence[str], t: Translator, *, back: bool = False) -> Screen:
    """Under which field the money is entered."""
    title = t("Какие деньги вернули?") if back else t("За что пришли деньги?")
    lines = [line(bold(title)), line(f"{account.deal.title} · № {account.deal.number}")]
    press = EnterRefund if back else EnterPayment
    rows = [
        (buttons.button(t(account.process.fields[name].title)[:60], press(account.deal.id, name)),) for name in names
    ]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenPayments(account.deal.id)),)))


def choose_line(account: PaymentsView, t: Translator) -> Screen:
    """Which payment is to be taken back."""
    lines = [line(bold(t("Какой платёж отменить?"))), line(t("В списке он останется зачёркнутым, с вашей причиной."))]
    found = account.standing[:CHOICES]
    rows = [(buttons.button(_label(account, one, t), AskReversalReason(account.deal.id, one.id)),) for one in found]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenPayments(account.deal.id)),)))


def _label(account: PaymentsView, one: PaymentLine, t: Translator) -> str:
    return cut(said(one, account.methods, account.now, t, author=False), LABEL)


def confirm(account: PaymentsView, one: PaymentLine, why: str, t: Translator) -> Screen:
    """The last look before a payment is taken back."""
    lines = [
        line(bold(t("Отменить платёж?"))),
        line(said(one, account.methods, account.now, t)),
        line(t("Причина: {text}", text=why)),
        line(t("Другую причину можно написать сообщением.")),
    ]
    yes = buttons.button(t("Да, отменить платёж"), ReversePayment(account.deal.id, one.id), colour="danger")
    no = buttons.button(t("Нет, оставить"), KeepPayment(account.deal.id))
    return Screen(tuple(lines), ((yes,), (no,)))
