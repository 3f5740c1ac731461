"""Screens of money: what they say, rows that a phone can show, buttons that fit (K-13, K-14)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from keyboards import payments
from keyboards.callback_data import MOST_BYTES
from keyboards.forms import payment_prompts
from keyboards.forms.payment_prompts import PaymentDue
from keyboards.forms.prompts import Question
from keyboards.notices import pinned_message
from keyboards.payments import PaymentsView
from keyboards.screen import Screen
from keyboards.translator import translator
from models.entities import Deal
from tests.worlds.deals import a_deal
from tests.worlds.payment_shop import bench

T = translator("ru", ZoneInfo("Europe/Moscow"))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BIG = 2**40
MILLIONS = Decimal("123456789.99")


@dataclass(frozen=True)
class Line:
    """A line of the ledger."""

    id: int
    amount: Decimal
    note: str | None = None
    is_reversed: bool = False
    reverses_id: int | None = None
    field: str = "prepayment"
    paid_on: date = date(2025, 12, 31)
    method: str = "card"
    author: str | None = "Константин Константинопольский"
    is_refund: bool = False


def deal(**fields: object) -> Deal:
    return a_deal(
        id=BIG, number="2026-0042", process="bench", title="Верстак · Мария", fields=fields, version=BIG,
        entered_at=NOW, created_at=NOW,
    )  # fmt: skip


def account(*lines: Line, can_edit: bool = True, **fields: object) -> PaymentsView:
    return PaymentsView(deal(**fields), bench(), lines, NOW, can_edit)


def plain(screen: Screen | str) -> str:
    said = screen if isinstance(screen, str) else screen.plain
    return said.replace("\N{NO-BREAK SPACE}", " ")


ASK = Question(BIG, "Сумма предоплаты", example="75 000", about="Верстак · № 1", now="75 000 ₽")
FULL = account(Line(BIG, MILLIONS), price=MILLIONS * 2, prepayment=MILLIONS)
SCREENS = {
    "amount": payment_prompts.amount(T, ASK, PaymentDue(MILLIONS)),
    "day": payment_prompts.day(T, ASK, MILLIONS, TODAY, {}),
    "any day": payment_prompts.any_day(T, ASK, 2026 * 12 + 10, TODAY, date(2025, 11, 20)),
    "method": payment_prompts.method(T, ASK, MILLIONS, TODAY, TODAY, bench().payments.methods),  # type: ignore[union-attr]
    "twice": payment_prompts.twice(T, ASK, "75 000 ₽"),
    "over": payment_prompts.over(T, ASK, MILLIONS * 2, PaymentDue(MILLIONS)),
    "refund": payment_prompts.amount(T, ASK, PaymentDue(MILLIONS, MILLIONS * 2, back=True)),
    "page": payments.page(FULL, T),
    "field": payments.choose_field(FULL, ["prepayment", "rest"], T),
    "line": payments.choose_line(FULL, T),
    "confirm": payments.confirm(FULL, FULL.lines[0], "не та сделка", T),
    "pinned": pinned_message.screen(deal(), "Остаток {balance}", {"balance": "5 ₽"}, "Договор", T),
}


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_fits_a_phone_and_leads_out(name: str) -> None:
    screen = SCREENS[name]
    assert screen.rows and screen.lines
    for row in screen.rows:
        assert len(row) <= (7 if name == "any day" else 3)
        for one in row:
            assert len(one.text) <= 40
            assert one.data is None or len(one.data.encode()) <= MOST_BYTES


def test_the_likely_sums() -> None:
    def labels(due: PaymentDue) -> list[str]:
        return [plain(one.text) for row in payment_prompts.amount(T, replace(ASK, now=""), due).rows for one in row][
            :-1
        ]

    assert labels(PaymentDue(Decimal(150_000))) == ["50 % — 75 000 ₽", "Весь остаток — 150 000 ₽"]
    assert labels(PaymentDue(Decimal(150_000), Decimal(75_000))) == ["Весь остаток — 75 000 ₽"]
    assert labels(PaymentDue(Decimal(150_000), Decimal(150_000))) == labels(PaymentDue()) == []


def test_who_may_not_see_money_is_told_no_sums() -> None:
    assert "₽" not in payment_prompts.amount(T, replace(ASK, now=""), PaymentDue()).plain


def test_the_summary_of_a_card() -> None:
    """K-14."""
    said = {
        "": deal(),
        "оплачено 5 000 ₽": deal(prepayment=Decimal(5000)),
        "150 000 ₽ · оплачено 0 ₽ · остаток 150 000 ₽": deal(price=Decimal(150_000)),
        "150 000 ₽ · оплачено 150 000 ₽ · остаток 0 ₽": deal(price=Decimal(150_000), rest=Decimal(150_000)),
    }
    for wanted, one in said.items():
        assert plain(" | ".join(payments.summaries(bench(), one, T))) == wanted


def test_a_client_whose_deal_is_lost_owes_nothing() -> None:
    fields = {"price": Decimal(150_000), "prepayment": Decimal(5000)}
    lost = a_deal(id=BIG, process="bench", pipeline="order", stage="off", fields=fields)
    assert plain(" | ".join(payments.summaries(bench(), lost, T))) == "150 000 ₽ · оплачено 5 000 ₽"
    assert "Остаток" not in payments.page(replace(FULL, deal=lost), T).plain


def test_a_long_ledger_shows_the_newest_lines_and_says_how_many_more() -> None:
    many = [Line(n, Decimal(n)) for n in range(1, 31)]
    said = plain(payments.page(account(*many, price=MILLIONS), T))
    assert "30 ₽, 31 декабря 2025" in said and "11 ₽," in said
    assert "10 ₽," not in said
    assert "10 более ранн" in said


def test_what_is_taken_back_can_not_be_chosen_again() -> None:
    lines = (Line(1, Decimal(5), is_reversed=True), Line(2, Decimal(-5), reverses_id=1), Line(3, Decimal(7)))
    labels = [one.text for row in payments.choose_line(account(*lines), T).rows for one in row]
    assert [plain(one) for one in labels[:-1]] == ["7 ₽, 31 декабря 2025, карта"]


def test_who_may_only_look_has_no_buttons_that_change() -> None:
    rows = payments.page(account(Line(1, Decimal(5)), can_edit=False, price=MILLIONS), T).rows
    assert [one.text for row in rows for one in row] == ["‹ Назад", "🏠 Меню"]


def test_a_closed_deal_says_so_in_its_pinned_message() -> None:
    screen = pinned_message.screen(deal().replace(status="lost"), "Остаток {balance}", {"balance": "5 ₽"}, "Отказ", T)
    assert plain(screen) == "Верстак · Мария · № 2026-0042\nОстаток 5 ₽\nСделка закрыта: Отказ"


def test_braces_that_a_person_typed_stay_as_they_are() -> None:
    screen = pinned_message.screen(deal().replace(title="{balance}"), "Клиент {client}", {"client": "{paid}"}, "", T)
    assert plain(screen) == "{balance} · № 2026-0042\nКлиент {paid}"


def test_the_chat_of_the_former_responsible_keeps_no_sums() -> None:
    assert plain(pinned_message.handed_over(deal(), "Борис", T)) == "Верстак · Мария · № 2026-0042\nСделку ведёт: Борис"
    assert plain(pinned_message.handed_over(None, "", T)) == "Этой сделки больше нет."
