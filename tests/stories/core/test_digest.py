"""Many messages due at once arrive as one, and each line says which deal it is about."""

from __future__ import annotations

from tests.stories.driver import Phone, Shop, plain

NAMES = ("Пётр Сидоров", "Зоя Краснова", "Иван Лапин", "Олег Мухин")


async def test_four_messages_at_once_are_one_with_a_line_and_a_button_for_each_deal(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """C-4, C-6: the week of silence on four deals is one message to the supervisor; its sentence names no deal, so the
    line does; a button opens the message it would have been, with what acts."""
    for place, name in enumerate(NAMES):
        await anna.text("/menu")
        await anna.tap("Новый ремонт")
        await anna.fill(name, f"+7 916 111-22-3{place}", "Скрипит ящик")
    await shop.later(days=7, hours=1)
    digest = await boss.sees("По сделке 7 рабочих дней ничего не происходит")
    assert "Для вас 4 сообщения" in plain(digest.text)
    for place, name in enumerate(NAMES, 1):
        assert f"{place}. 🔴 Скрипит ящик · {name}. По сделке 7 рабочих дней ничего не происходит" in plain(digest.text)
    opened = await boss.tap(f"2. Скрипит ящик · {NAMES[1]}", digest)
    assert NAMES[1] in opened.text
    assert {"Открыть", "Передать", "Спросить менеджера", "Отложить"} <= set(opened.labels)
