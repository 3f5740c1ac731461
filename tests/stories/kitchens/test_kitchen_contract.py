"""The kitchen shop from the lead to the signed contract: the deal, its stages, its tasks and their checklists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.stories.acts import comes, do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import DEAL, MARIA, PICTURE, invoice_sent, lead_to_deal, open_kitchens, sign, task

# what the manager is to do and to get, in the order of the stages (K-3)
STAGES = {
    "contract": ("Подписать договор", "подпишите его у клиента", "подписанный договор в папке сделки"),
    "prepaid": ("Предоплата получена", "Свяжитесь с технологом производства", "предварительная дата готовности"),
    "production": ("Производство запущено", "Следите за сроком", "кухня готова на 100 % и клиент доплатил"),
    "paid": ("Доплата получена", "Согласуйте с клиентом доставку и монтаж", "окно занято, мастер назначен"),
    "assembly_set": ("Дата монтажа назначена", "Накануне позвоните клиенту", "клиент готов"),
    "assembled": ("Монтаж завершен", "Позвоните клиенту", "клиент доволен, акт в папке"),
}
# the task that each stage gives: its title, its first words, its due time with a deal begun on Monday at 10:00 (K-4)
TASKS = {
    "contract": ("Подготовить и подписать договор", "Договор делается одним нажатием", "ср, 25 ноября, 10:00"),
    "prepaid": ("Связаться с технологом производства", "Узнайте дату готовности", "вт, 24 ноября, 10:00"),
    "paid": ("Согласовать доставку и монтаж", "Позвоните клиенту, выберите свободное окно", "вт, 24 ноября, 10:00"),
    "assembled": ("Контрольный звонок клиенту", "Узнайте, всё ли хорошо", "вт, 24 ноября, 10:00"),
}


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def stands_on(shop: Shop, anna: Phone, stage: str) -> None:
    """A deal of Anna's that has come to a stage."""

    def begin(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        (who,) = [one for one in employees.staff(work) if one.name == anna.name]
        values = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Кухня угловая"}
        process = work.process("kitchens")
        deal_commands.begin(
            UnitOfWork(tx, work.now, work.company, who), process, "general", values, responsible_id=who.id, stage=stage
        )

    await shop.app.db.run(begin)
    await shop.settle()


# --- K-1, K-9 ---------------------------------------------------------------------------------------------------


async def test_k_1_the_robot_makes_a_contact_and_a_deal_of_a_lead(shop: Shop, anna: Phone) -> None:
    """K-1: one tap on the lead; the client's card and the deal are made by the robot, and the deal's card is open."""
    await lead_to_deal(shop, anna)
    assert f"Кухня угловая · Мария Иванова № {DEAL}" in " ".join(anna.screen.text.split())
    assert "Подписать договор · 1-й день" in anna.screen.text
    assert "👤 Мария Иванова · +7 912 345-67-89" in anna.screen.text, "what the lead knew is not asked again"
    await anna.sees_only("Новая сделка: Кухня угловая · Мария Иванова")
    await anna.tap("👤 Клиент", anna.screen)
    assert "Мария Иванова" in anna.screen.text and "912 345-67-89" in anna.screen.text
    (known,) = await shop.rows(select(ClientRow.kind, ClientRow.name))
    assert tuple(known) == ("person", "Мария Иванова")
    lead, made = await shop.rows(select(DealRow.kind, DealRow.status, DealRow.origin_id).order_by(DealRow.id))
    assert tuple(lead)[:2] == ("lead", "won")
    assert tuple(made) == ("deal", "open", 1)


async def test_k_1_the_same_press_twice_makes_one_deal(shop: Shop, anna: Phone) -> None:
    """K-1: a second press of the old button, in the same moment or an hour later, makes no second deal."""
    await shop.lead(**MARIA)
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]", "✔ В работе")
    button = anna.screen.button("✔ Создать сделку")
    assert button is not None
    for _ in range(2):
        await anna.press(anna.screen.id, button["data"], forged=True)
    await shop.later(hours=1)
    await anna.press(anna.screen.id, button["data"], forged=True)
    assert len(await shop.rows(select(DealRow.id).where(DealRow.kind == "deal"))) == 1
    assert len(await shop.rows(select(ClientRow.id))) == 1


async def test_k_9_every_deal_has_a_number_of_its_own(shop: Shop, anna: Phone) -> None:
    """K-9: leads and deals are numbered by themselves, one after another, nobody types a number; it finds the card."""
    await lead_to_deal(shop, anna)
    await anna.start()
    await do(anna, "[Новая сделка]", "Пётр Сидоров", "+7 916 111-22-33", "Кухня прямая")
    numbers = [row.number for row in await shop.rows(select(DealRow.number).order_by(DealRow.id))]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
    assert "Кухня прямая · Пётр Сидоров" in (await anna.open("3")).text
    await do(anna, "[Заполнить]")
    assert "Номер: 2026-0003" in anna.screen.text, "it stands in «О сделке»"


# --- K-3, K-4 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
async def test_k_3_each_stage_tells_what_to_do_and_what_to_get(shop: Shop, anna: Phone, stage: str) -> None:
    """K-3: the stages follow one another; the card says in which one it stands, what to do, and the result to get."""
    await stands_on(shop, anna, stage)
    card = await anna.open("2026-0001")
    title, what, result = STAGES[stage]
    place = list(STAGES).index(stage) + 1
    assert f"{'●' * place}{'○' * (6 - place)}  {title}" in card.text
    assert what in card.text and "Итог: " in card.text and result in card.text
    await do(anna, "[Этапы…]")
    after = [*(one[0] for one in STAGES.values()), "Сделка успешна"][place:]
    assert after[0] in anna.screen.labels[0], "the next stage"
    assert not any(further in label for further in after[1:] for label in anna.screen.labels), "no stage is jumped over"


@pytest.mark.parametrize("stage", TASKS)
async def test_k_4_entering_a_stage_gives_its_task(shop: Shop, anna: Phone, stage: str) -> None:
    """K-4: who, what, by when, in which order: the task with a description and a checklist is in «Мои задачи»."""
    await stands_on(shop, anna, stage)
    title, words, due = TASKS[stage]
    card = await anna.open("2026-0001")
    assert f"⏭ {title} — {due}" in card.text
    seen = await task(anna, title[:20])
    near = due.replace("вт, 24 ноября", "завтра")
    assert title in seen.text and words in seen.text and f"Срок: {near}" in seen.text
    assert sum(label.startswith("☐") for label in seen.labels) >= 1, "what to do, in which order"
    assert "Исполнитель" not in seen.text, "it is her own"


async def test_k_4_the_next_task_follows_the_one_that_is_closed(shop: Shop, anna: Phone) -> None:
    """K-4, K-12: «Выставить счёт» comes when the contract is signed, and is one tap away from the closed task."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    assert "Закрыта: Договор подписан" in anna.screen.text
    await anna.tap("Выставить счёт", anna.screen)
    assert "Выставить счёт и узнать дату оплаты" in anna.screen.text and "Срок: завтра, 10:00" in anna.screen.text


async def test_k_4_my_tasks_are_overdue_today_and_coming(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-4: the task comes on its day, says «Пора» at its hour, and is overdue afterwards; put off with a reason, it
    waits for the new day, and the history knows why."""
    await lead_to_deal(shop, anna)
    await anna.start()
    await do(anna, "[Мои задачи]")
    assert anna.screen.button("Дальше · 1") and anna.screen.button("Сегодня · 0")
    await shop.until("2026-11-25T09:30")
    await anna.start()
    await do(anna, "[Мои задачи]")
    assert anna.screen.button("Сегодня · 1") and "сегодня, 10:00" in anna.screen.text
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2026-11-25T10:00")
    await anna.sees_only("Пора: срок задачи наступил")
    await shop.until("2026-11-25T12:00")
    await anna.start()
    await do(anna, "[Мои задачи]")
    assert anna.screen.button("Просрочено · 1")
    await do(anna, "[Подготовить и подписать]", "[⏰ Отложить]", "[Завтра утром]", "Клиент в отъезде")
    await anna.start()
    await do(anna, "[Мои задачи]")
    assert anna.screen.button("Просрочено · 0") and anna.screen.button("Дальше · 1")
    await anna.open(DEAL)
    await do(anna, "[История]")
    assert "задача «Подготовить и подписать договор» отложена до" in anna.screen.text
    assert "Клиент в отъезде" in anna.screen.text


async def test_k_4_a_video_shows_how_the_task_is_done(shop: Shop, anna: Phone, owner: Phone) -> None:
    """K-4: the owner gives the task a video; the next task has a button that plays it, the earlier one has none."""
    await lead_to_deal(shop, anna)
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]", "[Подготовить и подписать]", "[▶️ Видео]")
    refused = await owner.text("видео на диске")
    assert "https://" in refused.text
    await do(owner, "https://rutube.ru/video/123")
    assert "https://rutube.ru/video/123" in owner.screen.text
    assert (await task(anna, "Подготовить и подписать")).button("Видео") is None
    await anna.start()
    await do(anna, "[Новая сделка]", "Пётр Сидоров", "+7 916 111-22-33", "Кухня прямая")
    await do(anna, "[Задачи 1]", "[Подготовить и подписать]")
    play = anna.screen.button("Видео")
    assert play and play["url"] == "https://rutube.ru/video/123"


# --- K-5 --------------------------------------------------------------------------------------------------------


async def test_k_5_the_contract_is_prepared_and_signed_by_its_checklist(shop: Shop, anna: Phone) -> None:
    """K-5: each line asks what it needs on the spot; what is open is said; the task closes when all is ticked."""
    await lead_to_deal(shop, anna)
    seen = await task(anna, "Подготовить и подписать")
    assert [label for label in seen.labels if label.startswith("☐")] == [
        "☐ Указать тип кухни и сумму ✏️",
        "☐ Сформировать договор 📄",
        "☐ Подписать договор у клиента",
        "☐ Приложить подписанную копию ✏️",
    ]
    await do(anna, "[Договор подписан]")
    assert anna.toast and anna.toast.startswith("Не отмечено: Указать тип кухни и сумму, Сформировать договор")
    await sign(anna)
    assert "Закрыта: Договор подписан" in anna.screen.text
    card = await anna.open(DEAL)
    assert "150 000 ₽" in plain(card.text)


async def test_k_5_the_manager_edits_the_checklist_of_one_deal(shop: Shop, anna: Phone, owner: Phone) -> None:
    """K-5: a line added, renamed, moved, removed for this deal; the history tells; other deals keep the usual list."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[✏️ Чек-лист]", "[➕ Добавить пункт]", "Взять у клиента копию паспорта")
    assert "5. ☐ Взять у клиента копию паспорта" in anna.screen.text
    await do(anna, "[3. Подписать договор]", "[✏️ Переименовать]", "Подписать договор в салоне")
    await do(anna, "[5. Взять у клиента]", "[↑ Выше]", "[↑ Выше]")
    await anna.tap("‹ Назад", anna.screen)
    assert "3. ☐ Взять у клиента копию паспорта\n4. ☐ Подписать договор в салоне" in anna.screen.text
    await do(anna, "[4. Подписать договор]", "[🗑 Убрать]", "[‹ К задаче]")
    assert [label for label in anna.screen.labels if label.startswith("☐")][2:] == [
        "☐ Взять у клиента копию паспорта",
        "☐ Приложить подписанную копию ✏️",
    ]
    await anna.open(DEAL)
    await do(anna, "[История]")
    assert "чек-лист «Подготовить и подписать договор»: добавлено «Взять у клиента копию паспорта»" in anna.screen.text
    assert "убрано «Подписать договор в салоне»" in anna.screen.text
    await anna.start()
    await do(anna, "[Новая сделка]", "Пётр Сидоров", "+7 916 111-22-33", "Кухня прямая")
    await do(anna, "[Задачи 1]", "[Подготовить и подписать]")
    assert anna.screen.button("☐ Подписать договор у клиента") and not anna.screen.button("копию паспорта")


async def test_k_5_the_owner_edits_the_template_and_lists_given_stay(shop: Shop, anna: Phone, owner: Phone) -> None:
    """K-5: the template's new line is in tasks given from now on; the checklist already given is left alone."""
    await lead_to_deal(shop, anna)
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]")
    assert "Подготовить и подписать договор" in owner.screen.text
    await do(owner, "[Подготовить и подписать]", "[➕ Добавить пункт]", "Сверить паспортные данные")
    assert "5. Сверить паспортные данные" in owner.screen.text
    assert "уже выданы, остаются как есть" in owner.screen.text
    assert not (await task(anna, "Подготовить и подписать")).button("Сверить паспортные")
    await anna.start()
    await do(anna, "[Новая сделка]", "Пётр Сидоров", "+7 916 111-22-33", "Кухня прямая")
    await do(anna, "[Задачи 1]", "[Подготовить и подписать]")
    assert anna.screen.button("☐ Сверить паспортные данные")
    await owner.tap("Вернуть как в файле")
    await owner.tap("Вернуть", owner.screen)
    assert "Сверить" not in owner.screen.text


async def test_k_5_only_the_owner_edits_the_template(shop: Shop, anna: Phone, owner: Phone, nikolay: Phone) -> None:
    """K-5, C-8: the manager has no such button, and the owner's buttons, forged, do nothing for her or an installer."""
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]", "[Подготовить и подписать]")
    add = owner.screen.button("Добавить пункт")
    assert add is not None
    for phone in (anna, nikolay):
        seen = await phone.text("/settings")
        assert seen.button("Чек-листы") is None
        await phone.press(seen.id, add["data"], forged=True)
        assert phone.toast == "У вас нет доступа к этому."


# --- K-6 --------------------------------------------------------------------------------------------------------


async def test_k_6_the_card_keeps_the_account_of_the_deal(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-6: what the system did and what people wrote stands in one timeline, each with its time and its author."""
    await lead_to_deal(shop, anna)
    await shop.later(minutes=30)
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[💬 Заметка]", "Клиент просит ручки-скобы")
    await sign(anna)
    await anna.open(DEAL)
    await do(anna, "[История]")
    told = plain(anna.screen.text)
    for part in (
        "10:00 · Система: Создана папка сделки",
        "10:30 · Анна Соколова: Клиент просит ручки-скобы",
        "10:30 · Анна Соколова: сделан документ: Договор № Д-2026-001, версия 1",
        "10:30 · Анна Соколова: Сумма договора: 150 000 ₽",
        "10:30 · Анна Соколова: Подписанный договор: 1 файл",
        "«Подготовить и подписать договор» — Договор подписан",
    ):
        assert part in told, f"{part}\n{told}"
    when = [told.index(part) for part in ("Договор подписан", "ручки-скобы", "Создана папка")]
    assert when == sorted(when), "the newest first"
    await boss.open(DEAL)
    await do(boss, "[История]")
    assert "ручки-скобы" in boss.screen.text, "the supervisor reads the same"


# --- K-10 -------------------------------------------------------------------------------------------------------


async def test_k_10_kitchen_type_and_total_are_the_deals_products(shop: Shop, anna: Phone) -> None:
    """K-10: under «Товары» the type is chosen by a button and the sum typed as people write it; the card shows both."""
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[Товары]", "[Тип кухни]", "[Угловая]")
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[Товары]", "[Сумма договора]", "150 т.р.")
    card = await anna.open(DEAL)
    assert "150 000 ₽" in plain(card.text)
    await do(anna, "[Заполнить]")
    said = plain(anna.screen.text)
    assert "Тип кухни: Угловая" in said and "Сумма договора: 150 000 ₽" in said
    (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
    assert row.fields["kitchen_type"] == "corner" and row.fields["contract_total"] == 15_000_000, "in kopecks"


SUMS = {
    "0": "Здесь должно быть больше нуля",
    "-5": "Сумма не может быть отрицательной",
    "1e12": "Не получилось понять сумму",
    "1 000 000 000 000": "Слишком много: можно не больше 999 999 999,99 ₽",
    "сто тысяч": "напишите сумму цифрами",
}


async def test_k_10_sums_that_are_none_are_refused_with_a_reason(shop: Shop, anna: Phone) -> None:
    """K-10: 0, −5, 1e12 and «сто тысяч»: a message that says what is wrong; the question stays until a sum comes."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Указать тип кухни]", "[Угловая]")
    for typed, said in SUMS.items():
        refused = plain((await anna.text(typed)).text)
        assert said in refused and "Сумма договора" in refused, refused
        (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
        assert "contract_total" not in row.fields
    await anna.text("150 000")
    (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
    assert row.fields["contract_total"] == 15_000_000, "in kopecks"


# --- K-8 --------------------------------------------------------------------------------------------------------


async def test_k_8_without_the_contract_copy_the_deal_stays_and_the_system_reminds(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """K-8: after a day at 10:00, not a minute earlier, «Приложите копию договора» comes; the way on is shut and says
    why; the attached copy silences it."""
    await lead_to_deal(shop, anna)
    await listen(shop)
    await comes(shop, timedelta(days=1), {anna: ["Приложите копию договора: Кухня угловая · Мария Иванова"]})
    card = await anna.open(DEAL)
    assert card.button("✔ Предоплата получена") is None, "the way on is not offered as open"
    await do(anna, "[Этапы…]", "[Предоплата получена]")
    shown = f"{anna.toast or ''} {anna.screen.text}"
    assert "Подписанный договор" in shown or "Подготовить и подписать договор" in shown, shown
    (row,) = await shop.rows(select(DealRow.stage).where(DealRow.number == DEAL))
    assert row.stage == "contract"


async def test_k_8_the_copy_is_asked_for_even_where_the_task_was_closed_without_it(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """K-8: the line «Приложить копию» taken off the checklist does not open the way: the stage itself asks for it."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[✏️ Чек-лист]", "[4. Приложить]", "[🗑 Убрать]", "[🗑 Убрать]", "[‹ К задаче]")
    await do(anna, "[Указать тип кухни]", "[Угловая]", "150 000", "[Сформировать договор]", "[Так и надо]")
    await do(anna, "[Подписать договор у клиента]", "[Договор подписан]")
    await invoice_sent(anna)
    await anna.open(DEAL)
    await do(anna, "✔ Предоплата получена")
    asked = await anna.last() if "Подписанный договор" not in anna.screen.text else anna.screen
    assert "Подписанный договор" in asked.text and "Пришлите файл" in asked.text, asked.text
    await anna.send_files(("dogovor.jpg", PICTURE))
    await anna.tap("Готово")
    assert "Сумма предоплаты" in (await anna.last()).text or "Сумма предоплаты" in anna.screen.text
    (row,) = await shop.rows(select(DealRow.stage).where(DealRow.number == DEAL))
    assert row.stage == "contract", "the money is asked next"


async def test_k_8_an_attached_copy_silences_the_reminder(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-8: with the copy in the folder, the day's reminder speaks of what really is next."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await shop.later(days=1)
    await anna.sees_no("Приложите копию договора")
    await anna.sees_only("Сделка второй день на договоре")
