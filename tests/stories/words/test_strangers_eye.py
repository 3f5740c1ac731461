"""A stranger's attempts to break the page of a job, the card, «Заполнить» and the payment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.history.message_lines import PaperWasMade
from models.tables.deals import DealRow
from models.tables.payments import PaymentRow
from services.deals import deal_queries, plans
from services.unit_of_work import UnitOfWork
from tests.stories import measuring
from tests.stories.acts import do, fields
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop
from tests.stories.kitchen import PICTURE, begun, open_kitchens, paid, ready, task
from tests.stories.words.test_taps_of_a_job import at_work

FOX = "🦊" * 1000  # as long as a text field takes; two UTF-16 units each


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def measure(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await measuring.open_measuring(tmp_path / "m")
    yield opened
    await close_shop(opened, http)


async def asked_when(anna: Phone, number: str) -> Seen:
    card = await anna.open(number)
    for label in ("Оплата", "➕ Внести платёж", "Весь остаток"):
        await anna.tap(label, card)
    return anna.screen


async def newest_payment(shop: Shop) -> tuple[str, str]:
    rows = await shop.rows(select(PaymentRow.paid_on, PaymentRow.method).order_by(PaymentRow.id.desc()).limit(1))
    return rows[0].paid_on.isoformat(), rows[0].method


async def moved_to_tomorrow(anna: Phone, number: str) -> None:
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Доставка и монтаж]", "[Монтаж:]", "завтра в 10", "[Клиент согласен]")


async def on_the_spot_again(nikolay: Phone) -> None:
    await task(nikolay, "Монтаж кухни")
    if nikolay.screen.button("Принимаю выезд"):
        await nikolay.tap("Принимаю выезд", nikolay.screen)
    for label in ("☐ Позвонить", "☐ На месте", "Пропустить"):
        await nikolay.tap(label, nikolay.screen)


# --- the payment ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pressed", ["2026-11-24T00:03", "2026-11-25T10:00"])
async def test_midnight_between_the_question_and_how(shop: Shop, anna: Phone, pressed: str) -> None:
    """The screen was drawn on the 23rd: «Сегодня» on it writes the 23rd, so must «СБП»."""
    number = await begun(shop, "production")
    await shop.until("2026-11-23T23:58")
    when = await asked_when(anna, number)
    await shop.until(pressed)
    await anna.tap("СБП", when)
    if rows := await shop.rows(select(PaymentRow.id).offset(1)):  # or it asks which day
        assert await newest_payment(shop) == ("2026-11-23", "sbp"), rows


async def test_how_is_understood_in_words_too(shop: Shop, anna: Phone) -> None:
    """The screen says «сразу выберите, как»; on the next question «СБП» typed is understood."""
    await asked_when(anna, await begun(shop, "production"))
    seen = await anna.text("СБП")
    assert "Не получилось понять" not in seen.text


# --- the photos that came by themselves -------------------------------------------------------------------------


async def test_changed_a_paper_offers_no_tick_by_the_photos_of_another_day(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """The visit was moved; on the new day he sends a PDF and no photo at all."""
    number = await at_work(shop, anna, nikolay)
    await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await moved_to_tomorrow(anna, number)
    await shop.until("2026-11-25T13:00")
    await on_the_spot_again(nikolay)
    told = await nikolay.send_files(("pdf.pdf", b"%PDF-1.4 receipt"), kind="document")
    assert not told.button("✔ Кухня собрана")


async def test_changed_photos_of_another_day_are_no_answer(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    number = await at_work(shop, anna, nikolay)
    await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await moved_to_tomorrow(anna, number)
    await shop.until("2026-11-25T13:00")
    await on_the_spot_again(nikolay)
    told = await nikolay.send_files(("x.png", PICTURE + b"9"))
    await nikolay.tap("✔ Кухня собрана", told)
    assert len((await fields(shop, number))["assembly_photos"]) == 1


async def test_changed_another_installer_is_not_offered_his_colleague_s_photos(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    number = await at_work(shop, anna, nikolay)
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    oleg = await shop.hire("Олег Дроздов", "installer")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Доставка и монтаж]", "[Монтаж:]")
    await anna.tap("сегодня, 14:00 · Олег")
    await anna.tap("Клиент согласен")
    await on_the_spot_again(oleg)
    told = await oleg.send_files(("pdf.pdf", b"%PDF-1.4 receipt"), kind="document")
    assert not told.button("✔ Кухня собрана")


async def test_changed_the_line_of_photos_is_asked_again_on_the_new_day(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """The field was put aside with the visit (`lasts`), its tick stayed: the page passes it over, no photo is asked."""
    number = await at_work(shop, anna, nikolay)
    await nikolay.tap("☐ Кухня собрана", nikolay.screen)
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    await nikolay.tap("Готово")
    await moved_to_tomorrow(anna, number)
    assert (await fields(shop, number)).get("assembly_photos") is None
    await shop.until("2026-11-25T13:00")
    await on_the_spot_again(nikolay)
    assert nikolay.screen.button("☐ Кухня собрана"), nikolay.screen.labels


# --- the page of a job ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["☐ Кухня собрана", "☑ На месте"])
async def test_back_a_question_of_the_page_that_is_cancelled_leads_to_the_page(
    shop: Shop, anna: Phone, nikolay: Phone, question: str
) -> None:
    await at_work(shop, anna, nikolay)
    await nikolay.tap(question, nikolay.screen)
    if question.startswith("☑"):
        await nikolay.tap("☐ На месте", nikolay.screen)
    await nikolay.tap("Отмена", nikolay.screen)
    assert nikolay.screen.button("⋯ Ещё"), nikolay.screen.labels


@pytest.mark.parametrize("outcome", ["Акт подписан", "Есть претензия"])
async def test_back_what_an_outcome_asks_and_is_cancelled_leads_to_the_page(
    shop: Shop, anna: Phone, nikolay: Phone, outcome: str
) -> None:
    await at_work(shop, anna, nikolay)
    await nikolay.tap("☐ Кухня собрана", nikolay.screen)
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    await do(nikolay, "[Готово]", "[Без замечаний]", "Собрали всё")
    await nikolay.tap(outcome)
    await nikolay.tap("Отмена")
    assert nikolay.screen.button("⋯ Ещё"), nikolay.screen.labels
    assert nikolay.screen.button(outcome), nikolay.screen.labels


async def test_long_emoji_in_two_fields_leave_the_job_openable_and_told(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    await paid(shop)
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "завтра в 10", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", FOX, FOX)
    await ready(shop, anna)
    told = [one for one in await nikolay.from_bot() if "📋 Монтаж кухни у клиента" in one.text]
    await nikolay.start()
    await nikolay.tap("Мои задачи")
    await nikolay.tap("Монтаж", nikolay.screen)
    assert (len(told) > 0, nikolay.screen.button("⋯ Ещё") is not None) == (True, True)


# --- «Заполнить» ------------------------------------------------------------------------------------------------


async def test_long_one_field_of_emoji_leaves_the_page_openable(shop: Shop, anna: Phone) -> None:
    await anna.open(await begun(shop, "production", wishes=FOX))
    await anna.tap("Заполнить", anna.screen)
    assert anna.screen.button("✏️ О сделке"), "nothing happens, and nothing is said"


async def test_long_two_fields_leave_the_whole_card(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "production", special="я" * 1000, wishes="ю" * 1000)
    await anna.open(number)
    await anna.tap("Заполнить", anna.screen)
    whole = anna.screen.text.partition("Вся карточка")[2]
    assert number in whole, f"under «Вся карточка» stands: {whole!r}"


async def test_closed_wanted_of_an_old_page_says_no_untruth(shop: Shop, anna: Phone, boss: Phone) -> None:
    number = await begun(shop, "contract")
    await anna.open(number)
    await anna.tap("Заполнить", anna.screen)
    page = anna.screen
    await boss.open(number)
    await do(boss, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await anna.tap("➕ Нужное", page)
    assert "заполнено" not in (anna.toast or ""), anna.toast


async def test_what_only_another_way_asks_for_is_not_wanted(measure: Shop) -> None:
    """The first measurement is still ahead: why it is to be repeated is asked by a way aside."""
    crew = await measuring.hired(measure, date(2026, 11, 24))
    await crew.anna.open(crew.deal)
    await crew.anna.tap("Заполнить", crew.anna.screen)
    wanted = crew.anna.screen.text.partition("Заполнено")[0]
    assert "Почему нужен повторный замер" not in wanted, wanted


# --- the card ---------------------------------------------------------------------------------------------------


async def test_what_was_corrected_is_not_told_below(shop: Shop, anna: Phone) -> None:
    await anna.open(await begun(shop, "production"))
    await anna.tap("💬 Слово")
    await anna.text("хочет чёрные ручки")
    card = await anna.edit(await anna.said(), "хочет белые ручки")
    assert "чёрные" not in card.text, card.text


async def test_a_step_of_one_s_own_does_not_hide_the_task(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "contract", prepaid=0)
    await anna.open(number)
    assert anna.screen.button("✅ Задача") and anna.screen.button("📄 Договор")
    await anna.tap("⏭ Дальше", anna.screen)
    await anna.text("перезвонить сегодня в 15")
    card = await anna.open(number)
    assert card.button("✅ Задача") and card.button("📄 Договор"), card.labels


async def test_rights_an_installer_reads_nothing_of_papers_that_are_hidden_from_him(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    await at_work(shop, anna, nikolay)

    def note(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        found = deal_queries.find(work, tx.execute(select(DealRow.id)).scalar_one())
        assert found is not None
        plans.note(work, found, PaperWasMade("rest_invoice", "7-Д", 1))

    await shop.app.db.run(note)
    card = await nikolay.start("d1")
    assert "Счёт" not in card.text, card.text


async def test_rights_nor_of_a_file_in_a_folder_that_is_hidden_from_him(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    number = await at_work(shop, anna, nikolay)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Документы]", "[Спецификации]")
    await anna.send_files(("Смета.pdf", b"%PDF-1.4 x"), kind="document", caption="наценка 40 000")
    await anna.tap("Готово")
    card = await nikolay.start("d1")
    assert "наценка" not in card.text and "Смета" not in card.text, card.text


async def test_sms_states_do_not_push_events_off_the_card(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    await at_work(shop, anna, nikolay)
    told = [one for one in (await nikolay.start("d1")).text.splitlines() if one.startswith("🕘")]
    assert sum("SMS клиенту" in one for one in told) < 2, told


# --- held -------------------------------------------------------------------------------------------------------


async def test_held_two_presses_of_how_at_once_are_one_payment(shop: Shop, anna: Phone) -> None:
    when = await asked_when(anna, await begun(shop, "production"))
    for label in ("СБП", "Карта"):
        data = when.button(label)
        assert data
        await shop.post(f"phones/{anna.key}/tap", {"message_id": when.id, "data": data["data"], "wait": False})
    await shop.settle()
    assert len(await shop.rows(select(PaymentRow.id))) == 2


async def test_held_how_is_nothing_while_another_day_is_chosen(shop: Shop, anna: Phone) -> None:
    when = await asked_when(anna, await begun(shop, "production"))
    await anna.tap("📅 Другой день", when)
    await anna.tap_old("СБП", when)
    assert len(await shop.rows(select(PaymentRow.id))) == 1 and anna.toast


async def test_held_an_installer_sees_no_money(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    await at_work(shop, anna, nikolay)
    card = await nikolay.start("d1")
    assert "₽" not in card.text
    await nikolay.tap("Подробно", card)
    assert "₽" not in nikolay.screen.text and "Паспорт" not in nikolay.screen.text


async def test_held_closed_and_handed_over_pages_do_nothing(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    number = await at_work(shop, anna, nikolay)
    page = nikolay.screen
    told = await nikolay.send_files(("one.png", PICTURE + b"1"))
    await anna.open(number)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    for label, on in (("☐ Кухня", page), ("☑ На месте", page), ("⋯ Ещё", page), ("✔ Кухня", told)):
        await nikolay.tap_old(label, on)
        assert "снята" in (nikolay.toast or "")


async def test_held_a_left_question_of_a_closed_job_completes_nothing(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    number = await at_work(shop, anna, nikolay)
    await nikolay.tap("☐ Кухня собрана", nikolay.screen)
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    await anna.open(number)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await nikolay.tap("Готово")
    print("CLOSED", nikolay.toast, nikolay.screen.text)
    assert (await fields(shop, number)).get("assembly_photos") is None


async def test_held_english(shop: Shop, anna: Phone) -> None:
    nik = await shop.hire("Николай Громов", "installer", language="en")
    await paid(shop)
    from tests.stories.kitchen import booked

    await booked(anna)
    await ready(shop, anna)
    await shop.until("2026-11-24T10:05")
    await nik.start()
    await nik.tap("My tasks")
    await nik.tap("Kitchen assembly", nik.screen)
    print("PAGE", nik.screen.text, nik.screen.labels)
    for label in ("☐", "☐", "Skip"):
        await nik.tap(label, nik.screen)
    told = await nik.send_files(("one.png", PICTURE + b"1"))
    print("TOLD", told.text, told.labels)
    card = await nik.start("d1")
    print("CARD", card.text, card.labels)


async def test_twice_a_double_tap_of_the_tick_leaves_the_question(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """A glove presses twice: «how did it go» came and is taken away by the second press."""
    await at_work(shop, anna, nikolay)
    told = await nikolay.send_files(("one.png", PICTURE + b"1"))
    data = told.button("✔ Кухня")
    assert data
    for _ in range(2):
        await shop.post(f"phones/{nikolay.key}/tap", {"message_id": told.id, "data": data["data"], "wait": False})
    await shop.settle()
    now = await nikolay.as_it_is(told)
    assert "Как прошла сборка" in now.text, now.labels
