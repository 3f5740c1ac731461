"""Tasks as the way of work (K-4, K-5): the card says what, who, when; the checklist is edited for one deal by its
manager, in the template by the owner; putting off asks why."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Seen, Shop

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200
PETR = ("Пётр Сидоров", "8 916 111-22-33")


async def assembly(
    anna: Phone, client: tuple[str, str] = ("Мария Иванова", "8 912 345-67-89"), hour: str = "10"
) -> None:
    """A deal whose assembly on Wednesday at that hour is Nikolay's."""
    await begin(anna, "Новый заказ", "Кухня", "150 000", client=client)
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00")
    await do(anna, f"25.11 в {hour}", "[Николай Громов]")


async def open_job(anna: Phone, number: str = "2026-0001") -> Seen:
    """The manager opens the installer's job from the deal."""
    await anna.open(number)
    await anna.tap("Задачи")
    await anna.tap("Сборка у клиента")
    return anna.screen


@pytest.fixture
async def team(anna: Phone, boss: Phone, owner: Phone, nikolay: Phone) -> None:
    """All on duty."""


async def test_k_4_the_stage_gives_its_people_their_tasks_with_all_that_is_needed(
    shop: Shop, team: None, anna: Phone, owner: Phone, nikolay: Phone
) -> None:
    """K-4: entering the stage gives the next task: what, for whom, by when, in which order; with description, checklist
    and a video to watch."""
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]", "[Сборка у клиента]", "[▶️ Видео]", "https://rutube.ru/video/assembly")
    await assembly(anna)
    card = await nikolay.sees_only("Сборка у клиента")
    assert "25 ноября" in card.text and "10:00" in card.text and "Кухня · Мария Иванова" in card.text
    assert "Приехать, собрать мебель" in card.text
    assert [one for one in card.labels if one.startswith("☐")] == [
        "☐ Подтверждаю выезд",
        "☐ На месте",
        "☐ Собрано, фото сделаны ✏️",
    ]
    video = card.button("▶️ Видео")
    assert video is not None and video["url"] == "https://rutube.ru/video/assembly"
    assert "₽" not in card.text


async def test_k_5_the_manager_edits_the_checklist_of_one_deal(
    shop: Shop, team: None, anna: Phone, nikolay: Phone
) -> None:
    """K-5: a line more for this client, one in other words, one in another place; the installer sees the list as it is
    now, the next deal has the usual one, the history has every change. He himself does not edit it."""
    await assembly(anna)
    given = await nikolay.sees("Сборка у клиента")
    assert not given.button("✏️ Чек-лист")
    await open_job(anna)
    await anna.tap("✏️ Чек-лист")
    await do(anna, "[➕ Добавить пункт]", "Взять ключи у соседки")
    await do(anna, "[4. Взять ключи у соседки]", "[↑ Выше]", "[↑ Выше]", "[↑ Выше]", "[✏️ Переименовать]")
    await do(anna, "Взять ключи у соседки, кв. 14")
    await do(anna, "[2. Подтверждаю выезд]", "[🗑 Убрать]", "[‹ К задаче]")
    assert [one for one in anna.screen.labels if one.startswith("☐")] == [
        "☐ Взять ключи у соседки, кв. 14",
        "☐ На месте",
        "☐ Собрано, фото сделаны ✏️",
    ]
    await nikolay.tap("Подтверждаю выезд", given)
    assert nikolay.toast == "Этого пункта больше нет.", "an old button changes nothing"
    assert nikolay.screen.button("☐ Взять ключи у соседки, кв. 14")
    await nikolay.tap("☐ Взять ключи у соседки, кв. 14")
    assert nikolay.screen.button("☑ Взять ключи у соседки, кв. 14")
    await anna.open("2026-0001")
    history = (await anna.tap("История")).text
    for said in (
        "чек-лист «Сборка у клиента»: добавлено «Взять ключи у соседки»",
        "«Взять ключи у соседки» → «Взять ключи у соседки, кв. 14»",
        "«Взять ключи у соседки» теперь 1-м пунктом",
        "чек-лист «Сборка у клиента»: убрано «Подтверждаю выезд»",
    ):
        assert said in history, history
    await assembly(anna, PETR, hour="15")
    next_job = await open_job(anna, "2026-0002")
    assert "☐ Подтверждаю выезд" in next_job.labels and "☐ Взять ключи у соседки, кв. 14" not in next_job.labels


async def test_k_5_a_renamed_and_moved_line_still_asks_for_its_photos(
    shop: Shop, team: None, anna: Phone, nikolay: Phone
) -> None:
    """K-5, C-5: what a line asks belongs to it, whatever it is called and wherever it stands."""
    await assembly(anna)
    await open_job(anna)
    await do(anna, "[✏️ Чек-лист]", "[3. Собрано, фото сделаны]", "[↑ Выше]", "[✏️ Переименовать]", "Снято на фото")
    given = await nikolay.sees("Сборка у клиента")
    await nikolay.tap("На месте", given)
    asked = await nikolay.tap("☐ Снято на фото")
    assert "Фото после сборки" in asked.text
    await nikolay.send_files(("kitchen.png", PICTURE))
    await nikolay.tap("Готово")
    assert nikolay.screen.button("☑ Снято на фото")


async def test_k_5_the_owner_edits_the_template_and_given_lists_stay(
    shop: Shop, team: None, anna: Phone, owner: Phone, nikolay: Phone
) -> None:
    """K-5: the owner changes the list in the settings; the job given before stays as it was given, the next has the new
    list; «Вернуть как в файле» takes the change back. Nobody else has that button."""
    await assembly(anna)
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]", "[Сборка у клиента]", "[➕ Добавить пункт]", "Вынести мусор")
    assert "Изменён: Сергей Воронов, сегодня, 10:00" in owner.screen.text
    await do(owner, "[4. Вынести мусор]", "[↑ Выше]", "[✏️ Переименовать]", "Вынести упаковку")
    await do(owner, "[1. Подтверждаю выезд]", "[🗑 Убрать]", "[📝 Описание]", "Собрать кухню, показать клиенту.")
    await do(owner, "[‹ Все задачи]")
    assert "Сборка у клиента — изменён" in owner.screen.text
    before = await open_job(anna)
    assert before.labels[:3] == ["☐ Подтверждаю выезд", "☐ На месте", "☐ Собрано, фото сделаны ✏️"]
    assert "Приехать, собрать мебель" in before.text
    await assembly(anna, PETR, hour="15")
    after = await open_job(anna, "2026-0002")
    assert after.labels[:3] == ["☐ На месте", "☐ Вынести упаковку", "☐ Собрано, фото сделаны ✏️"]
    assert "Собрать кухню, показать клиенту." in after.text
    await do(owner, "[✏️ Сборка у клиента]", "[↩️ Вернуть как в файле]", "[Вернуть]")
    assert owner.toast == "Теперь как в файле" and "1. Подтверждаю выезд" in owner.screen.text
    for phone in (anna, nikolay):
        settings = await phone.text("/settings")
        assert not settings.button("Чек-листы задач")


async def test_k_4_a_task_put_off_keeps_its_reason_and_the_third_time_the_supervisor_hears(
    shop: Shop, team: None, anna: Phone, boss: Phone
) -> None:
    """K-4: putting a task off asks until when and why; the reasons stand in the history for the supervisor, who is told
    once when it happens for the third time."""
    await assembly(anna)
    for times, (until, why) in enumerate(
        [("1 час", "Клиент на совещании"), ("Другое время…", "Клиент в отъезде"), ("Завтра утром", "Не берёт трубку")],
        1,
    ):
        await anna.open("2026-0001")
        await do(anna, "[Задачи]", "[Проверить качество монтажа]", "[⏰ Отложить]", f"[{until}]")
        if until.startswith("Другое"):
            await do(anna, "26.11 в 15:30")
            assert "Отложить: чт, 26 ноября, 15:30" in anna.screen.text
        await do(anna, why)
        assert "Отложено:" in anna.screen.text
        assert await boss.count("в третий раз откладывает") == (times >= 3)
    told = await boss.sees_only("Анна Соколова в третий раз откладывает задачу «Проверить качество монтажа»")
    assert "Причина: Не берёт трубку" in told.text
    assert told.labels == ["К задаче", "Спросить менеджера", "Передать", "К сделке"]
    await boss.open("2026-0001")
    history = (await boss.tap("История")).text
    for why in ("Клиент на совещании", "Клиент в отъезде", "Не берёт трубку"):
        assert why in history
    await anna.open("2026-0001")
    await do(anna, "[Задачи]", "[Проверить качество монтажа]", "[⏰ Отложить]", "[Неделя]", "Опять занят")
    await boss.sees_only("в третий раз откладывает")
