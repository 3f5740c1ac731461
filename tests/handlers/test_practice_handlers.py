"""«Обучение» on the phone: a new manager is offered it, led through it, and nobody else hears of it (K-2)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.database import Database
from handlers.notices import compose
from handlers.people import start
from handlers.request import Incoming
from models.entities import Deal
from models.errors import NotAllowed
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from services import invitations
from services.clients import client_cards
from services.deals import deal_commands, deal_queries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import claim_shop
from tests.worlds.office import COMPANY, Office, labels, open_office, plain, russian
from tests.worlds.outbox import notices


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


async def begun(office: Office, who: str = "manager") -> Deal:
    """A practice deal, begun as a person does it."""
    await office.tap(who, "v1:home")
    await office.tap(who, "🎓 Обучение")
    await office.tap(who, "Начать учебную сделку")
    await office.say(who, "Пётр Ильич")
    await office.say(who, "+7 912 345-67-89")
    query = select(DealRow.id).order_by(DealRow.id.desc()).limit(1)
    key = await office.run(lambda work: work.tx.execute(query).scalar_one())
    return await office.run(lambda work: deal_queries.get(work, key), who)


async def join(office: Office, role: str) -> list[str]:
    """The labels under the welcome of somebody who comes in by an invitation."""

    def go(work: UnitOfWork) -> list[str]:
        token = invitations.invite(work, role)
        said = Incoming("message", 5000, 5000, "Олег", "ru", text=f"/start {token}")
        return labels(start.stranger(work, russian(), said).screen)

    return await office.run(go)


async def test_a_new_manager_is_offered_a_practice_deal_and_an_installer_is_not_K2(office: Office) -> None:
    assert "🎓 Пройти учебную сделку" in await join(office, "manager")
    assert "🎓 Пройти учебную сделку" not in await join(office, "installer")


async def test_where_nothing_is_to_be_practised_nothing_is_offered_K2(database: Database) -> None:
    office = await open_office(database)
    assert office.company is COMPANY
    assert "🎓 Пройти учебную сделку" not in await join(office, "manager")
    assert not any("Обучение" in one for one in labels((await office.tap("manager", "v1:home")).screen))


async def test_practice_has_an_entry_of_its_own_and_does_not_stand_among_real_beginnings_K2(office: Office) -> None:
    menu = labels((await office.tap("manager", "v1:home")).screen)
    assert "🎓 Обучение" in menu and "➕ Новая сделка" in menu
    assert not any("учебную" in one for one in menu)
    assert not any("Обучение" in one for one in labels((await office.tap("installer", "v1:home")).screen))
    with pytest.raises(NotAllowed):
        await office.tap("installer", "v1:practice")
    await begun(office)
    menu = labels((await office.tap("manager", "v1:home")).screen)
    assert "🎓 Обучение · 1" in menu and "Мои сделки · 0" in menu and "📋 Мои задачи" in menu


async def test_a_learner_is_led_from_the_first_card_to_the_end_K2(office: Office) -> None:
    made = await begun(office)
    said = plain(office.screen)  # type: ignore[arg-type]
    assert made.kind == "practice" and made.responsible_id == office.staff["manager"].id
    assert "🎓 Кухня · Пётр Ильич  № У-2026-0001" in said and "🎓 Учебная сделка" in said
    assert "👉 Сейчас: нажмите «Задачи» и закройте «Подписать договор»." in said
    await office.tap("manager", "Задачи 1")
    await office.tap("manager", "Подписать договор")
    await office.tap("manager", "Готово")
    card = await office.tap("manager", "Открыть сделку")
    assert "👉 Сейчас: нажмите «➕ Сумма договора»" in plain(card)
    await office.tap("manager", "➕ Сумма договора")
    card = await office.say("manager", "150 000")
    assert "👉 Сейчас: всё готово, нажмите зелёную кнопку «✔ Монтаж»." in plain(card)
    card = await office.tap("manager", "✔ Монтаж")
    assert "закройте «Собрать кухню»" in plain(card)
    await office.tap("manager", "Задачи 1")
    job = await office.tap("manager", "Собрать кухню")
    assert "🎓" in plain(job)
    await office.tap("manager", "Собрано")
    await office.tap("manager", "Открыть сделку")
    card = await office.tap("manager", "✔ Успех")
    assert "Учебная сделка пройдена 🎉" in plain(card)
    assert "Сделки · мои" in plain(await office.tap("manager", "Перейти к настоящим"))


async def test_a_known_phone_does_not_bring_a_real_client_into_practice_K2(office: Office) -> None:
    await office.run(lambda work: client_cards.create(work, "Мария Иванова", ["+79123456789"]), "manager")
    made = await begun(office)  # nobody asks «is it she?»
    assert made.client_id is None


async def test_messages_say_who_would_have_got_them_K2(office: Office) -> None:
    made = await begun(office)
    await office.run(lambda work: deal_commands.fill(work, made.id, {"total": Decimal(150000)}), "manager")
    await office.run(lambda work: deal_commands.move(work, made.id, None, "assembly"), "manager")

    def composed(work: UnitOfWork) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for row in notices(work, ScheduledRow.rule != invitations.RULE):
            for one in compose.compose(work, [row]):
                found.setdefault(one.employee_id, []).append(plain(one.screen))
        return found

    (said,) = (await office.run(composed)).values()  # only the learner hears anything
    sums = next(one for one in said if "Сумма: 150 000" in one)
    assert "🎓 Учебная: в жизни это получил бы технолог" in sums
    job = next(one for one in said if "Собрать кухню" in one)
    assert "🎓 Учебная: в жизни это получил бы мастер" in job


async def test_tasks_of_practice_stand_apart_in_my_tasks_K2(office: Office) -> None:
    await begun(office)
    answer = await office.tap("manager", "v1:tasks")
    assert "Подписать договор" not in plain(answer)
    answer = await office.tap("manager", "🎓 Учебные · 1")
    assert "Подписать договор" in plain(answer)
    card = await office.tap("manager", "1. Подписать договор")
    assert "🎓 Кухня · Пётр Ильич" in plain(card)


async def test_the_supervisor_sees_whose_practice_it_is_and_is_not_led_K2(office: Office) -> None:
    made = await begun(office)
    answer = await office.tap("supervisor", "v1:practice")
    assert "Учебные сделки всех сотрудников" in plain(answer)
    (label,) = [one for one in labels(answer.screen) if "Анна" in one]
    card = await office.tap("supervisor", label)
    assert made.number in plain(card) and "👉" not in plain(card)
    assert "Передать" not in labels(card.screen) and "‹ Обучение" in labels(card.screen)


async def test_a_claim_may_be_practised_too_K2_K24(office: Office) -> None:
    made = await begun(office)
    await office.run(lambda work: deal_commands.fill(work, made.id, {"total": Decimal(1)}), "manager")
    await office.run(lambda work: deal_commands.move(work, made.id, None, "assembly"), "manager")
    await office.tap("manager", f"v1:deal:{made.id}")
    await office.tap("manager", "➕ Претензия клиента")
    answer = await office.say("manager", "Учебная претензия")
    assert "УП-2026-0001" in plain(answer)
    assert "Открытых претензий нет." in plain(await office.tap("supervisor", "v1:claims_all"))
    found = await office.run(lambda work: task_queries.of_deal(work, made.id))
    assert "settle" in [one.name for one in found]
