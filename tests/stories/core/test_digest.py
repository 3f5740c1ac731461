"""Many messages due at once arrive as one, and each line says which deal it is about."""

from __future__ import annotations

from typing import Any

from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
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


async def test_more_than_anybody_looks_through_come_as_several_and_none_is_cut_off(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """C-4: after a long silence every one of forty deals has its line and its button; Telegram would cut forty lines
    off."""

    def begin(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        person = next(one for one in employees.staff(work) if one.name == anna.name)
        work = UnitOfWork(tx, work.now, work.company, person)
        for number in range(40):
            values = {
                "name": f"Мария Иванова-Сидорова-Задунайская {number}",
                "phone": f"+7916111{number:04}",
                "comment": "Скрипит",
            }
            deal_commands.begin(
                work, work.process("furniture"), "repair", values, source="Сайт", responsible_id=person.id
            )

    await shop.app.db.run(begin)
    await shop.later(days=7, hours=1)
    seen = [one for one in await boss.messages() if "По сделке 7 рабочих дней" in plain(one.text)]
    assert len(seen) == 2 and all("🗂 Для вас 40 сообщений · " in plain(one.text) for one in seen)
    assert all(len(one.text) < 4096 for one in seen)
    numbers = [int(label.split(".")[0]) for one in seen for label in one.labels if label[0].isdecimal()]
    assert numbers == list(range(1, 41))
    text = "\n".join(plain(one.text) for one in seen)
    assert all(f"Мария Иванова-Сидорова-Задунайская {number}. По сделке 7 рабочих дней" in text for number in range(40))
