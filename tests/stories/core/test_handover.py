"""Somebody is dismissed or ill: what hangs on him comes as one list with buttons (truth 28; Closed? Gone? Back?)."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

CLIENTS = (("Пётр Сидоров", "8 912 345-67-80"), ("Зоя Краснова", "8 912 345-67-81"), ("Иван Лапин", "8 912 345-67-82"))


@pytest.fixture
async def pavel(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Павел Егоров", "manager")


async def three_deals(anna: Phone) -> None:
    for client in CLIENTS:
        await begin(anna, "Новый заказ", "Кухня", "150 000", client=client)


async def dismissed(owner: Phone, name: str) -> None:
    await owner.start()
    await do(owner, "[👥 Команда]", f"[{name}]", "[Уволить…]", "[Да, уволить]")


async def test_truth_28_a_dismissed_managers_deals_come_before_the_supervisor_as_one_list(
    shop: Shop, anna: Phone, pavel: Phone, boss: Phone, owner: Phone
) -> None:
    """The same minute: one message, a button for each deal; «Передать всё» gives them on, and he hears once."""
    await three_deals(anna)
    await dismissed(owner, "Анна Соколова")
    said = await boss.sees_only("Анна Соколова больше не работает")
    assert "3 сделки" in plain(said.text)
    for place, (name, _) in enumerate(CLIENTS, 1):
        assert f"{place}. 📁 Кухня · {name} · Заключение договора" in said.text
    card = await boss.tap(f"1. Кухня · {CLIENTS[0][0]}", said)
    assert "Заключение договора" in card.text and card.button("Передать")
    await boss.tap("Передать всё…", said)
    await boss.tap("Павел Егоров")
    assert boss.toast == "Передано: 3 сделки"
    await pavel.sees_only("Вам передали дела (Анна Соколова): 3 сделки")
    await pavel.start()
    assert (await pavel.last()).button("Мои сделки · 3")
    await shop.later(days=1)
    assert "Передавать нечего" in (await boss.sees_only("Анна Соколова больше не работает")).text


async def test_truth_28_what_was_not_handed_on_is_asked_again_on_the_next_working_day(
    shop: Shop, anna: Phone, pavel: Phone, boss: Phone, owner: Phone
) -> None:
    """One by one: two deals go to a colleague, the third one is asked again in the morning, alone."""
    await three_deals(anna)
    await dismissed(owner, "Анна Соколова")
    said = await boss.sees("Анна Соколова больше не работает")
    await boss.tap(f"1. Кухня · {CLIENTS[0][0]}", said)
    await do(boss, "[Передать]", "[Павел Егоров]")
    await shop.until("2026-11-24T09:00")
    again = await boss.sees("Анна Соколова больше не работает")
    assert "2 сделки" in plain(again.text) and CLIENTS[0][0] not in again.text


async def demoted(owner: Phone, name: str, role: str) -> None:
    await owner.start()
    await do(owner, "[👥 Команда]", f"[{name}]", "[Сменить роль]", f"[{role}]")


async def test_who_leads_no_deals_any_more_sees_none_of_his_and_they_are_handed_on(
    shop: Shop, anna: Phone, pavel: Phone, boss: Phone, owner: Phone
) -> None:
    """Safety 17: the old card and its buttons show nothing; Forgotten: asked again, until all are given."""
    await three_deals(anna)
    card = await anna.open("2026-0001")
    await demoted(owner, "Анна Соколова", "Мастер")
    assert "3 сделки нужно передать" in plain(owner.toast or "")
    await anna.tap("История", card)
    assert "У вас нет доступа" in (anna.toast or "")
    said = await boss.sees_only("Анна Соколова: новая роль, сделки нужно передать")
    assert "3 сделки" in plain(said.text) and said.button("Оставить до возвращения") is None
    await shop.until("2026-11-24T09:00")
    again = await boss.sees("Анна Соколова: новая роль, сделки нужно передать")
    assert again.id > said.id
    await boss.tap("Передать всё…", again)
    await boss.tap("Павел Егоров")
    assert boss.toast == "Передано: 3 сделки"
    await boss.news()
    await shop.until("2026-11-25T09:00")
    assert await boss.news() == []
    await pavel.sees_only("Вам передали дела (Анна Соколова): 3 сделки")


async def test_who_gets_his_old_role_back_has_his_deals_again(
    shop: Shop, anna: Phone, boss: Phone, owner: Phone
) -> None:
    """Back: nothing is asked any more, and nothing was lost."""
    await three_deals(anna)
    await demoted(owner, "Анна Соколова", "Мастер")
    await demoted(owner, "Анна Соколова", "Менеджер")
    await shop.until("2026-11-24T09:00")
    assert await boss.count("Анна Соколова: новая роль") == 1
    assert (await anna.open("2026-0001")).button("История")


async def test_nobody_changes_the_owners_hours_or_phone_but_the_owner(shop: Shop, boss: Phone, owner: Phone) -> None:
    """Safety 23: no button leads there, and a forged press is refused; his own he changes."""
    await boss.start()
    await do(boss, "[👥 Команда]", "[Сергей Воронов]")
    page = await boss.last()
    assert page.button("Часы и отпуск") is None and page.button("Рабочий телефон") is None
    await owner.start()
    await do(owner, "[👥 Команда]", "[Сергей Воронов]")
    own = await owner.last()
    phone, hours = own.button("Рабочий телефон"), own.button("Часы и отпуск")
    assert phone is not None and hours is not None
    await boss.press(page.id, phone["data"], forged=True)
    assert "У вас нет доступа" in (boss.toast or "")
    week = await owner.tap("🕘 Часы и отпуск", own)
    absence = week.button("Отпуск") or week.button("Отсутствие")
    assert absence is not None
    await boss.press(page.id, absence["data"], forged=True)
    assert "У вас нет доступа" in (boss.toast or "")


async def test_an_ill_installers_job_is_given_to_a_colleague_by_one_list(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Closed? Jobs of these days come before the supervisor; who gets them hears, and the card names him."""
    await shop.hire("Пётр Лин", "installer")
    await assembly(anna, "24.11 в 14", "Николай Громов")
    await boss.start()
    await do(boss, "[👥 Команда]", "[Николай Громов]", "[🕘 Часы и отпуск]", "[Больничный]", "23.11–25.11")
    said = await boss.sees("Николай Громов: больничный")
    assert "Сборка у клиента · Кухня · Мария Иванова" in plain(said.text)
    await boss.tap("Передать задачи и выезды…", said)
    await boss.tap("Пётр Лин")
    assert boss.toast == "Передано: 1 задача"
    await shop.phones["Пётр Лин"].sees("Сборка у клиента")
    await anna.sees_only("Выезд вт, 24 ноября, 14:00 в силе: поедет Пётр Лин")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[Проект]")
    assert any("Пётр Лин" in label for label in anna.screen.labels), anna.screen.labels


async def assembly(anna: Phone, when: str, who: str) -> None:
    """A deal on «Монтаж» with an installer."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00")
    await do(anna, when, f"[{who}]")


async def test_whoever_has_left_is_told_nothing_of_his_jobs_nor_anybody_for_him(
    shop: Shop, anna: Phone, boss: Phone, owner: Phone, nikolay: Phone
) -> None:
    """Gone? The supervisor who gives a dismissed installer's job on is not told of it in his place."""
    await shop.hire("Пётр Лин", "installer")
    await assembly(anna, "24.11 в 14", "Николай Громов")
    await dismissed(owner, "Николай Громов")
    await boss.tap("Передать всё…", await boss.sees("Николай Громов больше не работает"))
    await boss.tap("Пётр Лин")
    await shop.phones["Пётр Лин"].sees_only("Сборка у клиента")
    await boss.sees_no("Задачу передали другому")
