"""After the visit: one question, a result as a button, a stage and a line of «Учёт клиентов» for each (M-11 … M-14)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stories import measuring as m
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import plain
from tests.stories.measuring import Crew

VISIT = date(2026, 11, 24)
QUESTION = "Чем закончился замер?"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    shop, http = await m.open_measuring(tmp_path)
    yield await m.hired(shop, VISIT)
    await close_shop(shop, http)


async def test_m_11_after_the_visit_one_question_offers_every_result_as_a_button(crew: Crew) -> None:
    await crew.visit()
    card = await crew.anna.sees_only("Замер закончен: Шкаф-купе · Мария Иванова. Выберите, чем он закончился")
    assert QUESTION in card.text and "Узнайте у замерщика итог и выберите его до 11:00" in card.text
    assert card.labels[:6] == [
        "Договор заключён", "Листы замера есть", "Листов замера нет",
        "Повторный замер", "Замер не состоялся", "Клиент отказался",
    ]  # fmt: skip


async def test_m_11_the_question_rings_at_10_45_of_the_day_after_and_the_supervisor_hears_at_11(crew: Crew) -> None:
    """M-11: by 11:00 of the day after the stage must follow its result; a reminder before, an escalation after."""
    await crew.visit(sheets=True)
    await crew.shop.until("2026-11-25T10:44")
    await crew.anna.sees_no("Пора: срок задачи наступил")
    await crew.shop.until("2026-11-25T10:45")
    bell = await crew.anna.sees_only("Пора: срок задачи наступил")
    assert QUESTION in bell.text and "Договор заключён" in bell.labels
    await crew.shop.until("2026-11-25T10:59")
    await crew.boss.sees_no("Стадия не изменена")
    await crew.shop.until("2026-11-25T11:00")
    await crew.boss.sees_only("Стадия не изменена до 11:00 после замера: Шкаф-купе · Мария Иванова")
    assert (await crew.entry()).status == "Замер подтверждён"  # the ledger says what the deal says
    await crew.anna.tap("Листы замера есть", bell)  # late, yet from the reminder itself
    assert await crew.stage() == "sales.after_measure"
    assert (await crew.entry()).status == "Ожидает решения"


async def test_m_11_a_result_named_in_time_brings_no_reminder_and_no_escalation(crew: Crew) -> None:
    await crew.visit(sheets=True)
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Листы замера есть]")
    await crew.shop.until("2026-11-25T11:30")
    await crew.anna.sees_no("Пора: срок задачи наступил")
    await crew.boss.sees_no("Стадия не изменена")


async def test_m_12_a_contract_asks_number_sum_discount_and_name_and_closes_as_success(crew: Crew) -> None:
    await crew.visit()
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Договор заключён]", "12455Ш", "150 000", "0", "Иванова Мария Петровна")
    assert "Готово. Сделка теперь на стадии «Сделка успешна»" in crew.anna.screen.text
    assert await crew.stage() == "sales.won"
    line = await crew.entry()
    assert (line.status, line.result, line.contract_number) == ("Договор заключён", "Заключён договор", "12455Ш")
    assert (line.contract_sum, line.discount, line.full_name) == (
        Decimal(150_000),
        Decimal(0),
        "Иванова Мария Петровна",
    )
    assert (line.date, line.sum) == (VISIT, Decimal(115_973))
    await crew.shop.until("2026-11-25T11:30")
    await crew.boss.sees_no("Стадия не изменена")  # nothing rings for what is closed


async def test_m_12_a_contract_is_not_taken_without_its_data_nor_with_bad_sums(crew: Crew) -> None:
    await crew.visit()
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Договор заключён]", "12455Ш", "0")
    assert "Здесь должно быть больше нуля." in crew.anna.screen.text
    await do(crew.anna, "сто пятьдесят")
    assert "Сумма договора" in crew.anna.screen.text and await crew.stage() == "sales.measure"
    await do(crew.anna, "150 000", "-5000")
    assert "Скидка" in crew.anna.screen.text
    await do(crew.anna, "5 000", "🙂")
    assert "Здесь нужны буквы или цифры" in crew.anna.screen.text and await crew.stage() == "sales.measure"
    await do(crew.anna, "Иванова Мария Петровна")
    assert await crew.stage() == "sales.won"


async def test_m_13_sheets_are_asked_for_and_missing_at_10_15_the_deal_goes_by_itself(crew: Crew) -> None:
    await crew.visit()
    await crew.shop.until("2026-11-25T10:00")
    await crew.anna.sees_only("Запросите у замерщика листы и итог замера до 10:15")
    await crew.shop.until("2026-11-25T10:14")
    assert await crew.stage() == "sales.measure"
    await crew.shop.until("2026-11-25T10:15")
    assert await crew.stage() == "sales.no_sheet"
    await crew.anna.sees_only("Нет замерного листа: Шкаф-купе · Мария Иванова. Получите его у замерщика")
    assert ((await crew.entry()).status, (await crew.entry()).result) == ("Нет замерного листа", "Листов нет")
    await crew.shop.until("2026-11-25T11:00")
    await crew.boss.sees_no("Стадия не изменена")


async def test_m_13_sheets_that_come_late_lead_to_created_after_the_measurement(crew: Crew) -> None:
    await crew.visit()
    await crew.shop.until("2026-11-25T10:15")
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[➕ Замерные листы]")
    await crew.anna.send_files(("zamer.png", m.PICTURE))
    await do(crew.anna, "[Готово]")
    assert await crew.stage() == "sales.after_measure"
    assert (await crew.entry()).status == "Ожидает решения"


async def test_m_13_sheets_sent_by_the_measurer_are_not_asked_for_and_lead_on(crew: Crew) -> None:
    """No «Нет замерного листа» for a deal whose sheets are there, and the manager need not send them again."""
    await crew.visit(sheets=True)
    await crew.shop.until("2026-11-25T10:30")
    await crew.anna.sees_no("Запросите у замерщика листы")
    assert await crew.stage() == "sales.measure"
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Листы замера есть]")
    assert await crew.stage() == "sales.after_measure"
    await crew.anna.sees_only("Замер проведён, договора нет: Шкаф-купе · Мария Иванова")


async def test_m_13_there_is_no_created_after_measurement_without_sheets(crew: Crew) -> None:
    await crew.visit()
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Листы замера есть]")
    assert "Замерные листы" in crew.anna.screen.text and await crew.stage() == "sales.measure"
    await do(crew.anna, "Листы у Петра в машине")  # words are no sheets
    assert await crew.stage() == "sales.measure"


async def test_m_13_a_visit_called_off_without_a_stamp_is_not_taken_for_no_sheets(crew: Crew) -> None:
    await crew.shop.until("2026-11-25T10:44")
    assert await crew.stage() == "sales.measure"
    await crew.anna.sees_no("Запросите у замерщика листы")
    await crew.shop.until("2026-11-25T11:00")
    assert await crew.stage() == "sales.measure"
    await crew.boss.sees_only("Замер не состоялся, а новой даты нет до 11:00")
    await crew.boss.sees_no("Стадия не изменена")


async def test_m_13_a_visit_that_did_not_take_place_gets_a_new_date_and_is_planned_anew(crew: Crew) -> None:
    await m.stamped(crew.technologist)
    await m.visit_planned(crew.dispatcher, "завтра в 12:00")
    await crew.shop.until("2026-11-24T12:30")
    await m.opened(crew.measurer, "Замер у клиента")
    await do(crew.measurer, "[Замер не состоялся]")
    await crew.anna.sees_only("Замер не состоялся: Шкаф-купе · Мария Иванова. Договоритесь с клиентом о новой дате")
    await crew.shop.until("2026-11-25T10:50")
    assert await crew.stage() == "sales.measure"  # not «Нет замерного листа»
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Замер не состоялся]", "24.11.2026")
    assert await crew.stage() == "sales.measure" and (await crew.entry()).date == VISIT  # a past day is no new date
    await do(crew.anna, "27.11")
    assert (await crew.entry()).date == date(2026, 11, 27)
    await crew.measurer.sees_only("Замер перенесён: Шкаф-купе · Мария Иванова. Было вт, 24 ноября, теперь пт")
    await m.visit_planned(crew.dispatcher, "27.11 15:00")
    assert "пт, 27 ноября, 15:00" in plain((await m.opened(crew.measurer, "Замер у клиента")).text)


# --- the repeated visit ------------------------------------------------------------------------------------------


async def repeated(crew: Crew, day: str = "30.11") -> None:
    """The measurement was done, and another one is needed."""
    await crew.visit()
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Повторный замер]", "Помещение не готово", day)


async def test_m_14_a_repeated_measurement_asks_the_reason_and_a_new_date_that_the_ledger_shows(crew: Crew) -> None:
    await repeated(crew, "24.11")
    assert "Нужна новая дата: день, который ещё впереди" in crew.anna.screen.text
    assert await crew.stage() == "sales.measure"
    await do(crew.anna, "30.11")
    assert await crew.stage() == "sales.remeasure"
    line = await crew.entry()
    assert (line.status, line.date, line.result) == ("Повторный выезд", date(2026, 11, 30), "Повторный выезд")
    await crew.anna.sees_only("Повторный замер пн, 30 ноября: Шкаф-купе · Мария Иванова. Помещение не готово")
    await crew.measurer.sees_no("Замер перенесён")  # he was there: nothing was moved


async def test_m_14_the_call_two_days_before_the_repeated_visit_confirms_it(crew: Crew) -> None:
    await repeated(crew)
    await crew.shop.until("2026-11-28T09:59")
    await crew.anna.sees_no("Пора: срок задачи наступил")
    await crew.shop.until("2026-11-28T10:00")
    bell = await crew.anna.sees_only("Пора: срок задачи наступил")
    assert "Подтвердить дату повторного замера" in bell.text
    await crew.anna.tap("Дата подтверждена", bell)
    assert (await crew.entry()).date == date(2026, 11, 30)  # nothing changes
    await m.visit_planned(crew.dispatcher, "30.11 12:00")  # and who goes there is told again
    assert "пн, 30 ноября, 12:00" in plain((await m.opened(crew.measurer, "Замер у клиента")).text)


async def test_m_14_a_repeated_visit_that_is_moved_has_its_new_date_and_its_call_again(crew: Crew) -> None:
    await repeated(crew)
    await crew.shop.until("2026-11-28T10:00")
    await m.opened(crew.anna, "Подтвердить дату")
    await do(crew.anna, "[Перенести замер]", "04.12")
    line = await crew.entry()
    assert (line.status, line.date) == ("Повторный выезд", date(2026, 12, 4))
    assert "Срок: ср, 2 декабря, 10:00" in plain((await m.opened(crew.anna, "Подтвердить дату")).text)
    await crew.shop.until("2026-12-02T10:00")
    assert await crew.anna.count("Пора: срок задачи наступил") == 2


async def test_m_14_a_repeated_visit_beyond_32_days_goes_to_deferred_demand(crew: Crew) -> None:
    await repeated(crew)
    await crew.shop.until("2026-11-28T10:00")
    await m.opened(crew.anna, "Подтвердить дату")
    await do(crew.anna, "[Перенести замер]", "15.02.2027")
    assert await crew.stage() == "deferred.m202702"


async def test_m_14_the_result_of_the_repeated_visit_is_due_at_10_45_and_its_stage_at_11(crew: Crew) -> None:
    await repeated(crew)
    await crew.shop.until("2026-12-01T10:30")
    await crew.anna.sees_only("До 10:45 узнайте у замерщика итог повторного замера")
    await crew.shop.until("2026-12-01T10:45")
    bell = await crew.anna.sees(QUESTION)
    assert bell.labels[0] == "Договор заключён"
    await crew.boss.sees_no("Стадия не изменена")
    await crew.shop.until("2026-12-01T11:00")
    await crew.boss.sees_only("Стадия не изменена до 11:00 после повторного замера")
    await crew.anna.tap("Повторный замер", bell)
    await do(crew.anna, "Перегородку ещё ставят", "10.12")
    line = await crew.entry()
    assert (line.status, line.date) == ("Повторный выезд", date(2026, 12, 10))
    assert await crew.stage() == "sales.remeasure"


async def test_m_14_a_stage_is_not_changed_by_hand_to_a_repeated_visit_in_the_past(crew: Crew) -> None:
    await crew.visit()
    await crew.shop.until("2026-11-24T18:00")
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Этапы…]", "[Повторный замер]")
    assert "Нужна новая дата: день, который ещё впереди" in crew.anna.screen.text
    assert await crew.stage() == "sales.measure"
    await do(crew.anna, "[Изменить: Предполагаемая дата]", "30.11", "Помещение не готово")  # and then it goes
    assert await crew.stage() == "sales.remeasure"
    await crew.measurer.sees_no("Замер перенесён")


async def test_m_14_the_measurer_cannot_change_the_stage_by_forged_buttons(crew: Crew) -> None:
    """Who may not change the status does not, whatever he presses; the result is the manager's to choose."""
    await crew.visit()
    card = await m.opened(crew.anna, QUESTION)
    mine = await crew.measurer.last()
    for label in ("Листов замера нет", "Клиент отказался", "Договор заключён"):
        button = card.button(label)
        assert button is not None
        await crew.measurer.press(mine.id, button["data"], forged=True)
        assert crew.measurer.toast or crew.measurer.alert
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Этапы…]")
    move = crew.anna.screen.button("Завершить сделку")
    assert move is not None
    await crew.measurer.press(mine.id, move["data"], forged=True)
    assert await crew.stage() == "sales.measure"


# --- the ledger in the bot ---------------------------------------------------------------------------------------


async def ledger_entry(crew: Crew, status: str) -> str:
    """The manager looks the deal up in «Учёт клиентов», under that status; what she reads."""
    await crew.anna.start()
    await do(crew.anna, "[Учёт клиентов]", f"[{status}]", "[Мария Иванова]")
    return plain(crew.anna.screen.text)


async def test_m_14_the_ledger_in_the_bot_follows_the_repeated_visit(crew: Crew) -> None:
    assert "Замер подтверждён" in await ledger_entry(crew, "Замер подтверждён")
    await repeated(crew)
    shown = await ledger_entry(crew, "Повторный выезд")
    assert "30 ноября" in shown and "115 973 ₽" in shown


async def test_m_14_who_may_not_change_the_status_is_sent_to_the_supervisor(crew: Crew) -> None:
    await crew.shop.hire("Павел Орлов", "manager")
    await repeated(crew)
    await ledger_entry(crew, "Повторный выезд")
    old = crew.anna.screen
    await crew.boss.open(crew.deal)
    await do(crew.boss, "[Передать]", "[Павел Орлов]")
    await crew.anna.tap("Изменить статус", old)
    assert "Статус меняет ответственный или руководитель отдела продаж" in crew.anna.screen.text
    await do(crew.anna, "[Обратиться к руководителю]")
    assert "Вопрос отправлен: Ирина Белова" in crew.anna.screen.text
    await crew.boss.sees_only("Прошу изменить статус в учёте клиентов")
    assert await crew.stage() == "sales.remeasure"
