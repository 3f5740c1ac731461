"""Money and claims in a deal's history, in words (K-13, K-14, K-24)."""

from __future__ import annotations

from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import of_account, tells
from keyboards.forms import payment_prompts
from keyboards.translator import Translator
from models.history.line import HistoryEntry
from models.history.money_lines import (
    ClaimMade,
    ClaimWasSettled,
    MoneyKept,
    PaymentCame,
    PaymentTakenBack,
    RefundNoted,
)
from models.values import money
from models.values.received_payment import ReceivedPayment


@tells(PaymentCame, hidden=of_account)
def _paid(one: HistoryEntry, line: PaymentCame, view: DealView, t: Translator) -> str:
    """«поступило 75 000 ₽, 20 ноября (Сумма предоплаты, карта)»."""
    received = ReceivedPayment(money.from_kopecks(line.amount), line.paid_on, line.method, line.note)
    methods = view.process.payments.methods if view.process.payments else {}
    how = t(methods[line.method]) if line.method in methods else line.method if methods else ""
    known = view.process.fields.get(line.field)
    about = ", ".join(part for part in (t(known.title) if known else "", t.lowered(how)) if part)
    return t("поступило {sum} ({about})", sum=payment_prompts.received(t, received), about=about)


@tells(PaymentTakenBack, hidden=of_account)
def _unpaid(one: HistoryEntry, line: PaymentTakenBack, view: DealView, t: Translator) -> str:
    """«отменён платёж 75 000 ₽: ошиблась сделкой»."""
    return t("отменён платёж {sum}: {text}", sum=t.money(money.from_kopecks(line.amount)), text=line.text)


@tells(RefundNoted, hidden=of_account)
def _returned(one: HistoryEntry, line: RefundNoted, view: DealView, t: Translator) -> str:
    """«возвращено клиенту 30 000 ₽, 23 ноября: отказался от столешницы»."""
    given = ReceivedPayment(money.from_kopecks(line.amount), line.paid_on, line.method)
    return t("возвращено клиенту {sum}: {text}", sum=payment_prompts.received(t, given), text=line.text or "—")


@tells(MoneyKept, hidden=of_account)
def _kept(one: HistoryEntry, line: MoneyKept, view: DealView, t: Translator) -> str:
    return t("деньги клиента остаются: {text}", text=line.text)


@tells(ClaimMade)
def _claim(one: HistoryEntry, line: ClaimMade, view: DealView, t: Translator) -> str:
    return t("претензия {number}: {text}", number=line.number, text=line.text)


@tells(ClaimWasSettled)
def _settled(one: HistoryEntry, line: ClaimWasSettled, view: DealView, t: Translator) -> str:
    return t("претензия улажена: {text}", text=line.text or "—")
