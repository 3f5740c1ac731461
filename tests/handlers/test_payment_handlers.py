"""Money for people: the question for a payment, the page «Оплата», taking back, the card's line (K-13, K-14, C-8)."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from form_phone import Phone, Shop, copy_of
from sqlalchemy import select

from handlers import refusals
from handlers.notices import notice_reader
from handlers.request import Incoming
from keyboards import base36
from keyboards.notices import notices as screens
from models.entities import Deal
from models.errors import AlreadyDone, CrmError, NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import InvalidValue
from models.values.received_payment import ReceivedPayment
from services import drafts, payments
from services.deals import deal_commands, deal_queries
from services.outbox import schedule
from services.purposes.deal_purposes import FillPurpose
from services.unit_of_work import Company
from tests.worlds.payment_shop import bench

TODAY = date(2026, 3, 10)


@pytest.fixture
def shop(migrated: sqlite3.Connection) -> Iterator[Shop]:
    """The shop that takes payments."""
    with copy_of(migrated) as tx, tx.begin():
        yield Shop(tx, bench())


@pytest.fixture
def deal(shop: Shop, manager: Phone) -> Deal:
    return shop.order(manager.person, price=Decimal(150_000))


def now_of(shop: Shop, deal: Deal) -> Deal:
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    return found


def ledger(shop: Shop, deal: Deal) -> list[tuple[str, Decimal, str]]:
    return [(one.field, one.amount, one.method) for one in payments.of_deal(shop.work(), deal.id)]


def pay(shop: Shop, who: Phone, deal: Deal, **came: int) -> None:
    for field, much in came.items():
        deal_commands.fill(shop.work(who.person), deal.id, {field: ReceivedPayment(Decimal(much), TODAY, "card")})


def fill(phone: Phone, deal: Deal, field: str = "prepayment") -> Phone:
    return phone.press(f"v1:fill:{deal.id}:{field}")


def shown(phone: Phone) -> str:
    return phone.text.replace("\N{NO-BREAK SPACE}", " ")


# --- the question -----------------------------------------------------------------------------------------------


def test_half_today_by_card_is_three_taps(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-13."""
    fill(manager, deal)
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in manager.labels[:2]] == [
        "50 % — 75 000 ₽",
        "Весь остаток — 150 000 ₽",
    ]
    manager.tap("50 %")
    assert "Когда пришли деньги?" in shown(manager)
    manager.tap("Сегодня")
    assert "Как заплатили?" in shown(manager)
    manager.tap("Карта")
    assert ledger(shop, deal) == [("prepayment", Decimal(75_000), "card")]
    assert now_of(shop, deal).fields["prepayment"] == Decimal(75_000)
    assert "💰 150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽" in shown(manager)


def test_everything_can_be_typed(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).type("70 т").type("вчера").type("нал")
    assert ledger(shop, deal) == [("prepayment", Decimal(70_000), "cash")]
    assert payments.of_deal(shop.work(), deal.id)[0].paid_on == TODAY - timedelta(days=1)


def test_a_day_said_by_words_is_confirmed_and_the_calendar_looks_back(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).type("70 000").type("3 дня назад")
    assert "Понял так: сб, 7 марта" in shown(manager)
    manager.tap("Верно").tap("‹ Назад").tap("📅 Другой день")
    days = {one.text for row in manager.last.rows for one in row if one.data and ":day:" in one.data}
    assert {"9", "1"} <= days and "11" not in days
    manager.tap("5").tap("Карта")
    assert payments.of_deal(shop.work(), deal.id)[0].paid_on == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("0", "Сумма должна быть больше нуля."),
        ("-5", "Сумма не может быть отрицательной."),
        ("1000000000000", "Сумма слишком велика"),
        ("сто тысяч", "напишите сумму цифрами, не словами"),
        ("200 000", "Больше остатка: осталось 150 000 ₽."),
    ],
)
def test_a_bad_sum_is_asked_again_and_nothing_comes_in(
    shop: Shop, manager: Phone, deal: Deal, raw: str, said: str
) -> None:
    fill(manager, deal).type(raw)
    assert said in shown(manager)
    assert "Сумма предоплаты" in shown(manager)
    manager.type("75 000")
    assert "Когда пришли деньги?" in shown(manager)
    assert ledger(shop, deal) == []


def test_a_day_that_cannot_be_is_asked_again(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).type("75 000").type("завтра")
    assert "Этот день ещё не наступил" in shown(manager)
    manager.type("01.02.2024")
    assert "Это больше года назад" in shown(manager)
    assert "Когда пришли деньги?" in shown(manager)


def test_a_method_that_is_none_is_answered_by_those_there_are(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).type("75 000").type("сегодня").type("бартер")
    assert "Нет варианта «бартер». Есть: Карта, Наличные." in shown(manager)


def test_without_a_price_the_price_is_asked_first(shop: Shop, manager: Phone) -> None:
    """K-13: what is missing is asked, not only complained of."""
    deal = shop.order(manager.person)
    manager.press(f"v1:move:{deal.id}:~:prepaid")
    assert "Сумма договора · 1 из 2" in shown(manager)
    manager.type("100 000").tap("50 %").tap("Сегодня").tap("Карта")
    moved = now_of(shop, deal)
    assert (moved.stage, moved.fields["prepayment"]) == ("prepaid", Decimal(50_000))


def test_the_price_cannot_sink_below_what_came(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=75_000)
    fill(manager, deal, "price").type("70 000")
    assert "«Сумма договора» не может быть меньше, чем уже оплачено — 75 000 ₽." in shown(manager)
    manager.type("75 000")
    assert now_of(shop, deal).fields["price"] == Decimal(75_000)


def test_back_goes_place_by_place_and_cancel_enters_nothing(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).tap("50 %").tap("Вчера").tap("‹ Назад")
    assert "Когда пришли деньги?" in shown(manager)
    manager.tap("‹ Назад")
    assert "Напишите сумму или выберите." in shown(manager)
    assert "‹ Назад" not in manager.labels
    manager.tap("Отмена")
    assert ledger(shop, deal) == []


def test_a_second_payment_adds_a_line_and_keeping_adds_none(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=50_000)
    fill(manager, deal)
    assert "Сейчас: 50 000 ₽" in shown(manager)
    assert "Какую сумму внести ещё?" in shown(manager)
    assert not any("50 %" in one for one in manager.labels)
    manager.tap("Оставить как есть")
    assert len(ledger(shop, deal)) == 1
    fill(manager, deal).type("25 000").tap("Вчера").tap("Наличные")
    assert now_of(shop, deal).fields["prepayment"] == Decimal(75_000)
    assert len(ledger(shop, deal)) == 2


def test_keeping_on_the_way_to_a_stage_moves_without_a_new_payment(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=50_000)
    manager.press(f"v1:cure:{deal.id}:prepayment:prepaid").tap("Оставить как есть")
    assert now_of(shop, deal).stage == "prepaid"
    assert len(ledger(shop, deal)) == 1


def test_the_same_payment_once_more_is_asked_about(shop: Shop, manager: Phone, deal: Deal) -> None:
    """Bad input of K-14: a payment entered twice."""
    pay(shop, manager, deal, prepayment=75_000)
    fill(manager, deal).type("75 000").tap("Сегодня").tap("Карта")
    assert "Такой платёж уже внесён" in shown(manager)
    assert "75 000 ₽, 10 марта, карта, внесено: Мария" in shown(manager)
    assert "Это второй платёж?" in shown(manager)
    manager.tap("Нет, не вносить")
    assert len(ledger(shop, deal)) == 1
    fill(manager, deal).type("75 000").tap("Сегодня").tap("Карта").tap("Да, ещё один")
    assert len(ledger(shop, deal)) == 2


def test_the_way_back_from_a_second_payment_passes_what_was_asked(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-13."""
    pay(shop, manager, deal, prepayment=75_000)
    fill(manager, deal).type("75 000").tap("📅 Другой день").press(button(manager, "day", TODAY.toordinal()))
    manager.tap("Карта").tap("‹ Назад")
    assert "Как заплатили?" in shown(manager)
    manager.tap("‹ Назад")
    assert "Когда пришли деньги?" in shown(manager) and "📅 Другой день" in manager.labels
    manager.tap("‹ Назад")
    assert "Какую сумму внести ещё?" in shown(manager)


def test_where_people_pay_in_one_way_the_way_back_leads_to_the_day(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-13: how it was paid was never asked there."""
    assert shop.process.payments is not None
    one_way = shop.process.payments.model_copy(update={"methods": {"card": "Карта"}})
    shop.process = shop.process.model_copy(update={"payments": one_way})
    shop.company = Company({shop.process.process: shop.process}, shop.company.calendar)
    pay(shop, manager, deal, prepayment=75_000)
    fill(manager, deal).type("75 000").tap("📅 Другой день").press(button(manager, "day", TODAY.toordinal()))
    assert "Такой платёж уже внесён" in shown(manager)
    manager.tap("‹ Назад")
    assert "Когда пришли деньги?" in shown(manager) and "📅 Другой день" in manager.labels


def button(phone: Phone, verb: str, number: int) -> str:
    """A button of the open question that carries a number."""
    return f"{(phone.find('Отмена').data or '').removesuffix(':cancel')}:{verb}:{base36.to36(number)}"


def test_a_double_tap_and_a_replayed_one_enter_once(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).type("75 000").tap("Сегодня")
    pressed = manager.find("Карта").data
    assert pressed is not None
    key = max(manager.messages)
    manager.press(pressed, key)
    manager.press(pressed, key)
    assert manager.toast == "Этот вопрос уже закрыт."
    assert len(ledger(shop, deal)) == 1
    assert drafts.find(shop.work(manager.person)) is None


def test_money_that_came_meanwhile_is_seen_before_too_much_comes_in(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal).tap("Весь остаток").tap("Сегодня")
    pay(shop, manager, deal, rest=100_000)
    manager.tap("Карта")
    assert "Больше остатка: осталось 50 000 ₽." in shown(manager)
    assert "Напишите сумму или выберите." in shown(manager)
    manager.tap("Весь остаток").tap("Сегодня").tap("Карта")
    assert payments.of_deal(shop.work(), deal.id)[-1].amount == Decimal(50_000)


def test_the_answer_survives_in_the_draft(shop: Shop, manager: Phone, deal: Deal) -> None:
    """C-2: a restart between two questions loses nothing."""
    visit_fields = ["prepayment", "ready_on"]
    from handlers.forms import form_runner

    visit = manager.as_request()
    manager.do(
        form_runner.begin(
            visit, FillPurpose(deal.id), visit_fields, process=bench(), deal=now_of(shop, deal), again=True
        )
    )
    manager.tap("50 %").tap("Сегодня").tap("Наличные")
    assert "✓ Сумма предоплаты: 75 000 ₽, 10 марта" in shown(manager)
    assert ledger(shop, deal) == []
    manager.type("01.04.2026")
    assert ledger(shop, deal) == [("prepayment", Decimal(75_000), "cash")]


def test_buttons_of_another_place_or_question_do_nothing(shop: Shop, manager: Phone, deal: Deal) -> None:
    fill(manager, deal)
    step = (manager.find("Отмена").data or "").removesuffix(":cancel")
    for forged in ("by:card", "by:gold", "more", "drop", "dates", "day:kxyz", "day:!", "sum", "by", "ok"):
        with pytest.raises(CrmError):
            manager.press(f"{step}:{forged}")
    for much in ("-1", "0", "zzzzzzzzzzz"):
        manager.press(f"{step}:sum:{much}")
        assert "Когда пришли деньги?" not in shown(manager)
    fill(manager, deal, "ready_on")
    step = (manager.find("Отмена").data or "").removesuffix(":cancel")
    for forged in ("sum:2s", "by:card", "more", "drop", "dates"):
        with pytest.raises(NotFound):
            manager.press(f"{step}:{forged}")
    assert ledger(shop, deal) == []


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_tells_every_line(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-14."""
    pay(shop, manager, deal, prepayment=75_000)
    payments.reverse(shop.work(manager.person), deal.id, 1, "не та сделка")
    pay(shop, manager, deal, prepayment=50_000)
    manager.press(f"v1:deal:{deal.id}").tap("Оплата")
    said = shown(manager)
    for one in (
        "Детали по оплате",
        "Сумма договора: 150 000 ₽",
        "Оплачено: 50 000 ₽",
        "Остаток: 100 000 ₽",
        "💵 75 000 ₽, 10 марта, карта",
        "Сумма предоплаты · внесено: Мария",
        "↩️ −75 000 ₽, 10 марта, карта",
        "отменено: не та сделка · Мария",
        "💵 50 000 ₽, 10 марта, карта",
    ):
        assert one in said, said
    struck = [p.text for row in manager.last.lines for p in row if not isinstance(p, str) and p.style == "s"]
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in struck] == ["75 000 ₽, 10 марта, карта"]


def test_entering_from_the_page_comes_back_to_it(shop: Shop, manager: Phone, deal: Deal) -> None:
    manager.press(f"v1:pay:{deal.id}").tap("➕ Внести платёж")
    assert "Сумма предоплаты" in shown(manager)
    manager.tap("50 %").tap("Сегодня").tap("Карта")
    assert "Оплачено: 75 000 ₽" in shown(manager)
    assert manager.toast == "Платёж внесён"
    manager.tap("➕ Внести платёж")
    assert "Доплата" in shown(manager)


def test_the_last_payment_moves_the_deal_and_shows_where_it_went(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-17, K-18."""
    pay(shop, manager, deal, prepayment=75_000)
    deal_commands.move(shop.work(manager.person), deal.id, None, "prepaid")
    manager.press(f"v1:pay_in:{deal.id}").tap("Весь остаток").tap("Сегодня").tap("Наличные")
    assert now_of(shop, deal).stage == "full"
    assert "Доплата получена" in shown(manager)
    assert "остаток 0 ₽" in shown(manager)
    manager.tap("Оплата")
    assert not any("Внести" in one for one in manager.labels)


def test_a_payment_is_taken_back_with_a_reason_after_one_more_look(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-14."""
    pay(shop, manager, deal, prepayment=75_000)
    manager.press(f"v1:pay:{deal.id}").tap("Отменить платёж").tap("75")
    assert "Почему отменяем платёж?" in shown(manager)
    manager.type("ошиблась")
    assert "Причина: ошиблась" in shown(manager)
    manager.type("не та сделка")
    assert "Причина: не та сделка" in shown(manager)
    assert len(ledger(shop, deal)) == 1
    pressed, key = manager.find("Да, отменить").data, max(manager.messages)
    assert pressed is not None
    manager.press(pressed, key)
    assert ledger(shop, deal)[1] == ("prepayment", Decimal(-75_000), "card")
    assert "отменено: не та сделка · Мария" in shown(manager)
    assert "prepayment" not in now_of(shop, deal).fields
    with pytest.raises(AlreadyDone):
        manager.press(pressed, key)
    assert len(ledger(shop, deal)) == 2


def test_one_can_leave_a_payment_as_it_is(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=75_000)
    manager.press(f"v1:pay_line:{deal.id}:1").type("передумал").tap("Нет, оставить")
    assert len(ledger(shop, deal)) == 1
    assert drafts.find(shop.work(manager.person)) is None


def test_the_yes_of_another_form_takes_nothing_back(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=50_000, rest=25_000)
    manager.press(f"v1:pay_line:{deal.id}:1").type("ошибка")
    manager.press(f"v1:pay_undo:{deal.id}:2")
    assert manager.toast == "Этот вопрос уже закрыт."
    assert len(ledger(shop, deal)) == 2


def test_field_staff_see_no_money_by_any_button(shop: Shop, manager: Phone, deal: Deal, installer: Phone) -> None:
    """C-8, by forged buttons."""
    pay(shop, manager, deal, prepayment=75_000)
    for action in ("pay", "pay_in", "pay_back", "pay_keep"):
        with pytest.raises(NotAllowed):
            installer.press(f"v1:{action}:{deal.id}")
    for action in ("pay_line", "pay_undo"):
        with pytest.raises(NotAllowed):
            installer.press(f"v1:{action}:{deal.id}:1")
    with pytest.raises(NotAllowed):
        work = shop.work(installer.person)
        payments.check_may_see(work, work.process(deal.process))
    assert len(ledger(shop, deal)) == 1


def test_another_managers_deal_gives_nothing_away(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=75_000)
    other = shop.phone(shop.hire("manager", "Пётр"))
    for button in (f"pay:{deal.id}", f"pay_in:{deal.id}", f"pay_back:{deal.id}", f"pay_undo:{deal.id}:1"):
        with pytest.raises(NotAllowed):
            other.press(f"v1:{button}")


@pytest.mark.parametrize("button", ["pay:zz", "pay_in:1:price", "pay_in:1:nothing", "pay_line:1:9", "pay_undo:1:9"])
def test_what_is_not_there_is_said(shop: Shop, manager: Phone, deal: Deal, button: str) -> None:
    with pytest.raises(NotFound) as caught:
        manager.press(f"v1:{button}")
    visit = manager.as_request(Incoming("tap", 1, 1, "x", "ru", message_id=5, query_id="q", data=f"v1:{button}"))
    assert refusals.answer(visit, caught.value).toast


def test_the_buttons_fit_with_large_ids(shop: Shop, manager: Phone, deal: Deal) -> None:
    from keyboards import payments as pages
    from keyboards.callback_data import MOST_BYTES
    from keyboards.callbacks.payment_callbacks import AskReversalReason, EnterPayment
    from keyboards.payments import PaymentsView

    pay(shop, manager, deal, prepayment=75_000)
    account = PaymentsView(now_of(shop, deal), bench(), payments.of_deal(shop.work(), deal.id), shop.now)
    assert len(AskReversalReason(2**40, 2**40).pack()) <= MOST_BYTES
    assert len(EnterPayment(2**40, "a" * 24).pack()) <= MOST_BYTES
    assert pages.page(account, manager.as_request().t).rows


# --- the card, the sections, the history ------------------------------------------------------------------------


def test_the_sections_show_what_came_under_each_field(shop: Shop, manager: Phone, deal: Deal) -> None:
    pay(shop, manager, deal, prepayment=75_000)
    manager.press(f"v1:sections:{deal.id}")
    for one in ("Детали по оплате", "Сумма договора: 150 000 ₽", "Сумма предоплаты: 75 000 ₽", "Доплата: —"):
        assert one in shown(manager)


def test_the_history_tells_money_once_and_changes_with_what_was(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-14, K-16."""
    work = shop.work(manager.person)
    pay(shop, manager, deal, prepayment=75_000)
    payments.reverse(work, deal.id, 1, "не та сделка")
    deal_commands.fill(work, deal.id, {"ready_on": date(2026, 12, 12)})
    deal_commands.fill(work, deal.id, {"ready_on": date(2026, 12, 19)})
    manager.press(f"v1:history:{deal.id}")
    said = shown(manager)
    assert "поступило 75 000 ₽, 10 марта (Сумма предоплаты, карта)" in said
    assert "отменён платёж 75 000 ₽: не та сделка" in said
    assert "Дата готовности: сб, 12 декабря → сб, 19 декабря" in said
    assert "Сумма предоплаты: 75 000 ₽" not in said


def test_a_message_says_what_a_field_was_and_what_is_paid(shop: Shop, manager: Phone, deal: Deal) -> None:
    """K-16: {was}; K-14: {paid} and {balance}."""
    work = shop.work(manager.person)
    pay(shop, manager, deal, prepayment=75_000)
    deal_commands.move(work, deal.id, None, "prepaid")
    deal_commands.fill(work, deal.id, {"ready_on": date(2026, 12, 12)})
    deal_commands.fill(work, deal.id, {"ready_on": date(2026, 12, 19)})
    row = work.tx.execute(
        select(ScheduledRow).where(ScheduledRow.rule == "order.prepaid.changed-ready_on.notify")
    ).one()
    said = notice_reader.read(work, schedule.read(row), manager.as_request().t)
    text = screens.sentence(said, manager.as_request().t)
    assert text == "Готовность была сб, 12 декабря, стала сб, 19 декабря"
    assert {key: said.values[key].replace("\N{NO-BREAK SPACE}", " ") for key in ("paid", "balance")} == {
        "paid": "75 000 ₽",
        "balance": "75 000 ₽",
    }


def test_a_card_without_a_price_says_only_what_came(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.press(f"v1:deal:{deal.id}")
    assert "💰" not in shown(manager)


def test_too_much_money_is_refused_by_the_service_too(shop: Shop, manager: Phone, deal: Deal) -> None:
    with pytest.raises(InvalidValue) as caught:
        deal_commands.fill(
            shop.work(manager.person), deal.id, {"prepayment": ReceivedPayment(Decimal(150_001), TODAY, "card")}
        )
    assert caught.value.code == "payment.over"
