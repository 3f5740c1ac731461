"""«Обучение» (K-2): a new manager is led through a whole deal by hints, in one sitting; nobody else hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealCounterRow, DealRow
from models.tables.sms import SmsRow
from models.tables.visits import HalfHourRow
from tests.stories.acts import begin, do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import PICTURE, client_phone, open_kitchens, own_number

LEARNT = "🎓 Кухня угловая · Мария Иванова"
NUMBER = "У-2026-0001"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def vera(shop: Shop, boss: Phone, nikolay: Phone) -> Phone:
    """A manager on her first day; the others of the shop are there already."""
    await own_number(nikolay)
    return await shop.hire("Вера Орлова", "manager")


async def practise(vera: Phone) -> None:
    """She takes what is offered to her: a first deal."""
    await vera.tap("🎓 Пройти учебную сделку", "Здравствуйте, Вера Орлова!")
    await do(vera, "[Начать учебную сделку]", "Мария Иванова", "Кухня угловая")


async def card(vera: Phone) -> None:
    """Her practice deal, by the menu."""
    await vera.start()
    await do(vera, "[🎓 Обучение]")
    await vera.tap("Кухня угловая", vera.screen)


async def hinted(vera: Phone) -> str:
    """What the card says is to be done now."""
    await card(vera)
    line = next((one for one in vera.screen.text.splitlines() if one.startswith("👉")), "")
    return plain(line).removeprefix("👉 Сейчас: ")


async def follow(vera: Phone, task: str) -> None:
    """The hint names this task, and it is opened the way that the hint says."""
    said = await hinted(vera)
    assert f"«{task}»" in said and "«Задачи»" in said, f"wanted «{task}», the hint is: {said}"
    await vera.tap("Задачи", vera.screen)
    await vera.tap(task, vera.screen)


async def press(vera: Phone, stage: str) -> None:
    """The hint names the green button of this stage, and it is pressed."""
    said = await hinted(vera)
    assert f"«✔ {stage}»" in said, f"wanted «✔ {stage}», the hint is: {said}"
    await vera.tap(f"✔ {stage}", vera.screen)


async def to_production(vera: Phone) -> None:
    """By the hints up to «Производство запущено»."""
    await follow(vera, "Подготовить и подписать договор")
    await do(
        vera, "[Указать тип кухни]", "[Угловая]", "150 000", "[Сформировать договор]", "8 900 000-00-00", "[Так и надо]"
    )
    await do(vera, "[Подписать договор у клиента]", "[Приложить подписанную копию]")
    await vera.send_files(("dogovor.jpg", PICTURE))
    await do(vera, "[Готово]", "[Договор подписан]")
    await follow(vera, "Выставить счёт и узнать дату оплаты")
    await do(vera, "[Сформировать счёт]", "75 000", "[Узнать у клиента дату]", "24.11")
    await vera.tap("Клиенту отправлено", "Счёт №")
    await follow(vera, "Выставить счёт и узнать дату оплаты")
    await do(vera, "[Счёт отправлен]")
    await press(vera, "Предоплата получена")
    await do(vera, "75 000", "[Сегодня]", "[Перевод на счёт]", "20.12")
    await follow(vera, "Связаться с технологом производства")
    await do(vera, "[Узнать предварительную дату]", "18.12", "[Получить уверения]", "[Убедиться, что кухня]")
    await vera.tap("Технолог всё подтвердил", vera.screen)
    await press(vera, "Производство запущено")


async def to_the_window(vera: Phone) -> None:
    """On from the production: the slip, the balance, the window of the installer."""
    assert "в жизни напоминание придёт вт, 15 декабря, 10:00. Здесь не ждите" in await hinted(vera)
    await follow(vera, "Проверить график отгрузки")
    await do(vera, "[Срок сдвинулся]", "Задержка фасадов", "25.12")
    await follow(vera, "Проверить график отгрузки")
    await do(vera, "[Готово на 100 %]")
    await follow(vera, "Сообщить клиенту о готовности и попросить доплату")
    await card(vera)
    await do(vera, "[Оплата]", "[➕ Внести платёж]", "[Весь остаток — 75 000 ₽]", "[Сегодня]", "[Карта]")
    await follow(vera, "Согласовать доставку и монтаж")
    await do(vera, "[Выбрать окно и мастера]", "завтра в 10", "[Клиент согласен]")
    await do(vera, "[Уточнить точный адрес]", "Москва, ул. Садовая, д. 7, кв. 12", "[Верно]")
    await do(vera, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "[Пропустить]")


async def to_the_end(vera: Phone) -> None:
    """The call of the day before, the installer's job (a learner does everybody's work), the control call."""
    await follow(vera, "Позвонить клиенту: готов ли он к монтажу")
    await do(vera, "[Клиент готов]")
    await follow(vera, "Монтаж кухни у клиента")
    await do(vera, "[Принимаю выезд]", "[Позвонить клиенту за час]", "[На месте]", "[Пропустить]")
    await vera.tap("Кухня собрана", "Монтаж кухни у клиента")
    await vera.send_files(("one.png", PICTURE + b"1"))
    await do(vera, "[Готово]", "[Сообщить о результате]", "[Без замечаний]", "Собрали всё", "[Акт подписан]")
    await vera.send_files(("act.png", PICTURE + b"2"))
    await do(vera, "[Готово]")
    await follow(vera, "Контрольный звонок клиенту")
    await do(vera, "[Позвонить клиенту и записать]", "Всё понравилось", "[Всё хорошо]")


async def test_k_2_a_new_manager_is_led_through_a_whole_deal_by_hints_in_one_sitting(
    shop: Shop, vera: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-2: offered on joining, the next step always said, from the first stage to success, without waiting for the
    days of a real deal; nobody but the learner hears anything, the client least of all."""
    maria = await client_phone(shop, number="+79000000000")
    await listen(shop)
    await practise(vera)
    await to_production(vera)
    await to_the_window(vera)
    assert await shop.rows(select(HalfHourRow)) == [], "nobody's real window is taken"
    await to_the_end(vera)
    await card(vera)
    assert "Учебная сделка пройдена 🎉" in vera.screen.text and "Сделка успешна" in vera.screen.text
    await vera.tap("Перейти к настоящим", vera.screen)
    await shop.later(days=40)
    assert await boss.news() == [] and await nikolay.news() == [] and await maria.messages() == []


async def test_k_2_the_learner_sees_what_each_of_the_others_would_get_and_everything_is_marked(
    shop: Shop, vera: Phone, nikolay: Phone
) -> None:
    """K-2: what the supervisor, the installer and the client would get comes to the learner, and says so; every message
    about the deal bears the mark."""
    await practise(vera)
    await to_production(vera)
    await to_the_window(vera)
    await follow(vera, "Позвонить клиенту: готов ли он к монтажу")
    await do(vera, "[Клиент готов]")
    for said, instead in (
        ("Срок готовности сдвинулся: ", "🎓 Учебная: в жизни это получил бы руководитель"),
        ("Вам назначен монтаж: ", "🎓 Учебная: в жизни это получил бы мастер"),
        ("Вам дали задачу", "🎓 Учебная: в жизни это получил бы мастер"),
        ("Новая сделка: ", "🎓 Учебная сделка"),
    ):
        assert instead in (await vera.sees_only(said)).text
    text = await vera.sees_only("Приедет Николай Громов, тел. +7 916 555-01-01")
    assert "🎓 Учебная сделка: клиент получил бы такое SMS" in text.text
    assert [row.state for row in await shop.rows(select(SmsRow.state))] == ["practice"] * 2
    about = [one for one in await vera.from_bot() if "Кухня угловая · " in one.text or NUMBER in one.text]
    assert len(about) > 10
    for one in about:
        assert "🎓" in one.text, one.text


async def test_k_2_practice_is_apart_from_lists_counts_and_numbers_and_the_supervisor_sees_it_in_its_own_place(
    shop: Shop, vera: Phone, boss: Phone
) -> None:
    """K-2: neither «Мои сделки», nor the lists and counts of those above, nor statistics, nor the number of the next
    real deal know of it; «Обучение» shows it to the supervisor with the learner's name."""
    await practise(vera)
    await to_production(vera)

    await vera.start()
    assert (await vera.last()).button("Мои сделки · 0") and (await vera.last()).button("🎓 Обучение · 1")
    await vera.tap("Мои сделки")
    assert "Мария Иванова" not in vera.screen.text + "".join(vera.screen.labels)
    await vera.start()
    await vera.tap("Мои задачи")
    assert [one for one in vera.screen.labels if "·" in one] == [
        "Просрочено · 0", "Сегодня · 0", "Дальше · 0", "🎓 Учебные · 1",
    ]  # fmt: skip

    await boss.start()
    assert (await boss.last()).button("Все сделки · 0")
    await boss.tap("Все сделки")
    assert "Мария Иванова" not in boss.screen.text + "".join(boss.screen.labels)
    assert not (await boss.text("Мария Иванова")).button("Кухня угловая"), "not found among the real ones"
    await boss.start()
    await boss.tap("👥 Команда")
    await boss.tap("Вера Орлова", boss.screen)
    assert "В работе: 0 открытых сделок, 0 задач" in plain(boss.screen.text)

    await boss.start()
    await boss.tap("🎓 Обучение")
    assert "Учебные сделки всех сотрудников." in boss.screen.text
    label = next(one for one in boss.screen.labels if LEARNT in one)
    assert label.startswith(f"{LEARNT} · Вера")
    await boss.tap(label, boss.screen)
    assert NUMBER in boss.screen.text and "Ответственный: Вера Орлова" in boss.screen.text
    assert "👉" not in boss.screen.text, "whoever looks in is not led"

    await begin(vera, "➕ Новая сделка", "Кухня прямая")
    rows = await shop.rows(select(DealRow.number, DealRow.kind).order_by(DealRow.id))
    assert [tuple(row) for row in rows] == [(NUMBER, "practice"), ("2026-0001", "deal")]
    counted = await shop.rows(select(DealCounterRow.n).where(DealCounterRow.kind == "deal"))
    assert [row.n for row in counted] == [1], "the statistics know of the real one alone"
