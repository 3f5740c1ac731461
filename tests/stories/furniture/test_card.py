"""The card of a deal (F-C1), its sections and what stands in them; checklists ticked by buttons (C-3)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories.driver import Phone, Seen, Shop, plain

JPEG = b"\xff\xd8\xff\xe0picture"
SECTIONS = ("О сделке", "Проект", "Общая информация", "Дополнительно")


async def order(anna: Phone) -> Seen:
    """A new order by hand."""
    await anna.tap("➕ Новый заказ")
    await anna.fill("Мария Иванова", "+7 912 345-67-89", "Кухня", "150 000")
    return await anna.sees("●○○○○○ Заключение договора · 1-й день")


async def assembly(anna: Phone) -> Seen:
    """An order that has come to «Монтаж», for Nikolay on Thursday at 11:00."""
    await order(anna)
    await anna.tap("✔ Предоплата")
    await anna.tap("✔ Изготовление мебели")
    await anna.fill("50 000", "[Сегодня]", "[Перевод на счёт]")
    await anna.tap("✔ Доставка")
    await anna.tap("✔ Монтаж")
    await anna.fill("[Да]", "24.11.2026 14:00", "26.11.2026 11:00", "[Николай Громов]")
    return await anna.sees("●●●●●○ Монтаж · 1-й день")


def parts(screen: Seen) -> dict[str, list[str]]:
    """The sections of a card: their titles and lines, in the order in which they stand."""
    lines = [plain(line) for line in screen.text.split("\n")]
    starts = [at for at, line in enumerate(lines) if line in SECTIONS]
    assert [lines[at] for at in starts] == list(SECTIONS), screen.text
    return {lines[at]: [line for line in lines[at + 1 : end] if line] for at, end in pairwise([*starts, len(lines)])}


# --- F-C1 -------------------------------------------------------------------------------------------------------


async def test_the_card_has_its_four_sections(shop: Shop, anna: Phone) -> None:
    """F-C1: «О сделке», «Проект», «Общая информация», «Дополнительно», each with what belongs into it."""
    card = await order(anna)
    await anna.tap("Заполнить", card)
    found = parts(anna.screen)
    assert found["О сделке"][:2] == ["Название: Кухня · Мария Иванова", "Клиент: Мария Иванова"]
    assert "Бюджет: 150 000 ₽" in found["О сделке"]
    for title in ("Дата и время доставки", "Дата и время монтажа", "Дизайн", "Проект", "Замеры"):
        assert f"{title}: —" in found["Проект"]
    assert found["Общая информация"][:2] == ["Макеты и наработки клиента: —", "Прочие документы: —"]
    assert found["Дополнительно"][:4] == [
        "Стадия: Заключение договора",
        "Направление: Изготовление заказа",
        "Ответственный: Анна Соколова",
        "Источник: Вручную",
    ]
    assert [label for label in anna.screen.labels if label[2:].strip() in SECTIONS] == [f"✏️ {one}" for one in SECTIONS]


@pytest.mark.parametrize("starter", ["Новый заказ", "Новый дизайн-проект", "Новый ремонт"])
async def test_the_card_is_alike_in_every_direction(shop: Shop, anna: Phone, starter: str) -> None:
    """F-C1: the same sections whatever the direction."""
    await anna.tap(f"➕ {starter}")
    await anna.fill("Мария Иванова", "+7 912 345-67-89", "Кухня")
    if starter == "Новый заказ":
        await anna.tap("Пропустить")
    await anna.open("2026-0001")
    await anna.tap("Заполнить")
    assert set(parts(anna.screen)) == set(SECTIONS)


@pytest.mark.parametrize(
    ("section", "field", "answers", "shown"),
    [
        ("О сделке", "Бюджет", ("200 000",), "Бюджет: 200 000 ₽"),
        ("Проект", "Дата и время доставки", ("01.12.2026 12:00",), "Дата и время доставки: вт, 1 декабря 2026, 12:00"),
        ("Проект", "Дата и время монтажа", ("02.12.2026 9:30",), "Дата и время монтажа: ср, 2 декабря 2026, 09:30"),
    ],
)
async def test_a_section_is_filled_in_by_buttons(
    shop: Shop, anna: Phone, section: str, field: str, answers: tuple[str, ...], shown: str
) -> None:
    """F-C1: section, field, answer — and the value stands in its section."""
    card = await order(anna)
    await anna.tap("Заполнить", card)
    await anna.tap(f"✏️ {section}", anna.screen)
    assert f"\n{section}" in anna.screen.text
    await anna.tap(field, anna.screen)
    card = await anna.fill(*answers)
    await anna.tap("Заполнить", card)
    assert shown in parts(anna.screen)[section]


@pytest.mark.parametrize(
    ("section", "field", "folder"),
    [
        ("Проект", "Дизайн", "Дизайн"),
        ("Проект", "Проект", "Проект"),
        ("Проект", "Замеры", "Замеры"),
        ("Общая информация", "Макеты и наработки клиента", "Наработки клиента"),
        ("Общая информация", "Прочие документы", "Документы"),
    ],
)
async def test_files_stand_in_their_section_and_folder(
    shop: Shop, anna: Phone, section: str, field: str, folder: str
) -> None:
    """F-C1: design, project, measurements, the client's drafts and other documents are files, sent back by a tap."""
    card = await order(anna)
    await anna.tap("Заполнить", card)
    await anna.tap(f"✏️ {section}", anna.screen)
    await anna.tap(f"➕ {field}", anna.screen)
    asked = await anna.send_files(("Лист 1.pdf", b"%PDF-1"), kind="document")
    await anna.tap("Готово", asked)
    await anna.tap("Заполнить", anna.screen)
    assert f"{field}: 1 файл" in parts(anna.screen)[section]
    await anna.tap("‹ Назад", anna.screen)
    await anna.tap("Файлы 1", anna.screen)
    assert f"\n{folder}\n" in anna.screen.text
    came = await anna.tap("📎 Лист 1.pdf", anna.screen)
    assert came.media is not None
    assert came.media["name"] == "Лист 1.pdf"


async def test_title_and_notes_are_the_managers_own(shop: Shop, anna: Phone) -> None:
    """F-C1: the title can be changed, a note goes into the history; a title without a letter is refused."""
    card = await order(anna)
    await anna.tap("Заполнить", card)
    await anna.tap("✏️ Название", anna.screen)
    asked = await anna.text("✨✨")
    assert "⚠️" in asked.text
    card = await anna.text("Кухня <Прованс> & остров")
    assert "Кухня <Прованс> & остров № 2026-0001" in plain(card.text)
    await anna.tap("Заполнить", card)
    await anna.tap("💬 Заметка", anna.screen)
    card = await anna.text("Звонить после обеда")
    await anna.tap("История", card)
    assert "Анна Соколова: Звонить после обеда" in anna.screen.text
    assert "Анна Соколова: название: Кухня <Прованс> & остров" in anna.screen.text


async def test_the_card_tells_at_one_look_what_matters(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-C1, C-1: number, path, stage and day, client, money, dates, what comes next; for others also whose it is."""
    card = await order(anna)
    assert "Кухня · Мария Иванова № 2026-0001 · Изготовление заказа ●○○○○○ Заключение договора · 1-й день" in plain(
        card.text
    )
    assert "👤 Мария Иванова · +7 912 345-67-89" in plain(card.text)
    assert "💰 150 000 ₽ · оплачено 0 ₽ · остаток 150 000 ₽" in plain(card.text)
    assert "⏭ Напомню: вт, 24 ноября, 10:00" in plain(card.text)
    await shop.later(days=1)
    card = await anna.open("2026-0001")
    assert "Заключение договора · 2-й день" in card.text
    assert "⏭ Сообщу руководителю: чт, 26 ноября, 10:00" in plain(card.text)
    seen = await boss.open("2026-0001")
    assert "🧑‍💼 Ответственный: Анна Соколова" in plain(seen.text)


async def test_who_drives_out_sees_no_money(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """F-C1, C-8: the installer opens the deal of his task: sections without sums, and nothing to fill in."""
    await assembly(anna)
    await nikolay.tap("Открыть сделку")
    assert "₽" not in nikolay.screen.text
    assert "Этапы…" not in nikolay.screen.labels
    await nikolay.tap("Подробно", nikolay.screen)
    assert "₽" not in nikolay.screen.text
    assert "Бюджет" not in nikolay.screen.text
    assert not any(label.startswith("✏️") for label in nikolay.screen.labels)


async def test_nobody_gives_himself_the_supervisors_consent(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-C1, F-E5, C-8: «Скидка согласована» is shown to the manager, but filled in by those above, not by him."""
    card = await order(anna)
    await anna.tap("Заполнить", card)
    assert "Скидка согласована: —" in parts(anna.screen)["Дополнительно"]
    await anna.tap("✏️ Дополнительно", anna.screen)
    assert not any("Скидка согласована" in label for label in anna.screen.labels)
    other = anna.screen.button("Скидка или бонус")
    assert other is not None
    await anna.press(anna.screen.id, other["data"].replace("discount", "discount_approved"), forged=True)
    assert anna.toast == "У вас нет доступа к этому."
    await boss.open("2026-0001")
    await boss.tap("Заполнить")
    await boss.tap("✏️ Дополнительно", boss.screen)
    assert any("Скидка согласована" in label for label in boss.screen.labels)


# --- C-3 --------------------------------------------------------------------------------------------------------


def ticks(screen: Seen) -> list[str]:
    """The lines of a checklist, without what stands behind their titles."""
    return [label.removesuffix(" ✏️") for label in screen.labels if label[0] in "☑☐"]


async def test_a_checklist_is_ticked_by_buttons(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """C-3: a tap ticks, another one takes the tick back; what is open holds the task open."""
    await assembly(anna)
    await shop.until("2026-11-26T11:00")
    job = await nikolay.sees("📋 Сборка у клиента")
    assert ticks(job) == ["☐ Подтверждаю выезд", "☐ На месте", "☐ Собрано, фото сделаны"]
    await nikolay.tap("Подтверждаю выезд", job)
    assert ticks(nikolay.screen)[0] == "☑ Подтверждаю выезд"
    await nikolay.tap("Подтверждаю выезд", nikolay.screen)
    assert ticks(nikolay.screen)[0] == "☐ Подтверждаю выезд"
    await nikolay.tap("Подтверждаю выезд", nikolay.screen)
    await nikolay.tap("На месте", nikolay.screen)
    assert ticks(nikolay.screen) == ["☑ Подтверждаю выезд", "☑ На месте", "☐ Собрано, фото сделаны"]
    await nikolay.tap("Акт подписан", nikolay.screen)
    assert "Не отмечено: Собрано, фото сделаны" in str(nikolay.toast)
    assert "На месте" not in str(nikolay.toast)
    assert "Акт подписан" in nikolay.screen.labels, "the task is still open"


async def test_an_item_that_asks_for_a_value_asks_for_it(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """C-3: «Собрано, фото сделаны» wants photos in conversation, and is ticked by them; so is the act for the end."""
    await assembly(anna)
    await shop.until("2026-11-26T11:00")
    job = await nikolay.sees("📋 Сборка у клиента")
    await nikolay.tap("Подтверждаю выезд", job)
    await nikolay.tap("На месте", nikolay.screen)
    await nikolay.tap("Собрано, фото сделаны", nikolay.screen)
    assert "Фото после сборки" in nikolay.screen.text
    asked = await nikolay.text("готово")
    assert "⚠️ Здесь нужно фото" in asked.text
    asked = await nikolay.send_files(("1.jpg", JPEG), ("2.jpg", JPEG + b"2"), kind="photo")
    assert "Получено 2 файла" in plain(asked.text)
    await nikolay.tap("Готово", asked)
    assert ticks(nikolay.screen) == ["☑ Подтверждаю выезд", "☑ На месте", "☑ Собрано, фото сделаны"]
    await nikolay.tap("Акт подписан", nikolay.screen)
    assert "Фото подписанного акта" in nikolay.screen.text
    asked = await nikolay.send_files(("act.jpg", JPEG + b"3"), kind="photo")
    await nikolay.tap("Готово", asked)
    assert "✅ Сборка у клиента" in plain(nikolay.screen.text)
    assert "Закрыта: Акт подписан" in plain(nikolay.screen.text)
    fields = (await shop.rows(select(DealRow.fields)))[0].fields
    assert (len(fields["assembly_photos"]), len(fields["act_photo"])) == (2, 1)


async def test_cancelling_an_items_question_ticks_nothing(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """C-3: «Отмена» leads back to the task, with the line open."""
    await assembly(anna)
    job = await nikolay.sees("📋 Сборка у клиента")
    await nikolay.tap("Собрано, фото сделаны", job)
    await nikolay.tap("Отмена", nikolay.screen)
    assert nikolay.toast == "Отменено"
    assert ticks(nikolay.screen)[2] == "☐ Собрано, фото сделаны"


async def test_a_manager_writes_the_answers_of_a_checklist(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """C-3: a choice by button and a text in conversation; with both the task can be closed, without it cannot."""
    card = await assembly(anna)
    await anna.tap("Задачи 2", card)
    await anna.tap("Проверить качество монтажа", anna.screen)
    task = anna.screen
    await anna.tap("Готово", task)
    assert "Не отмечено: Связаться с клиентом и проверить качество сборки" in str(anna.toast)
    await anna.tap("Связаться с клиентом и проверить качество", anna.screen)
    await anna.tap("Есть замечания", anna.screen)
    assert ticks(anna.screen)[0].startswith("☑ Связаться с клиентом")
    await anna.tap("Готово", anna.screen)
    assert "✅ Проверить качество монтажа" in plain(anna.screen.text)
    assert "Задачи 1" in (await anna.open("2026-0001")).labels
