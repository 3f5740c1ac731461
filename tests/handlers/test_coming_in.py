"""Invitations, strangers, commands (C-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.database import Database
from handlers.people import start
from handlers.request import Incoming
from keyboards import base36
from keyboards.screen import Reply
from keyboards.translator import translator
from models.errors import InvitationInvalid, NotAllowed, NotFound
from models.tables.people import EmployeeRow
from services import invitations
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.worlds import wire
from tests.worlds.office import ZONE, Office, data_of, find, labels, open_office, plain, russian

NEUTRAL = "Это рабочий бот компании. Доступ только для сотрудников."


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def knock(
    office: Office, text: str | None, *, key: int = 5000, language: str = "ru", name: str = "Новый"
) -> Reply:
    """Somebody whom nobody knows writes to the bot."""
    said = Incoming("message", key, key, name, language, text=text)
    return await office.run(lambda work: start.stranger(work, russian(), said))


async def token(office: Office, role: str = "manager", who: str = "owner") -> str:
    return await office.run(lambda work: invitations.invite(work, role), who)


async def head_count(office: Office) -> int:
    return await office.run(lambda work: work.tx.execute(select(func.count()).select_from(EmployeeRow)).scalar_one())


@pytest.mark.parametrize("text", ["/start", "/start d1a", "/help", "Здравствуйте", None, "/start короткий", "/menu"])
async def test_a_stranger_is_told_one_neutral_sentence_C8(office: Office, text: str | None) -> None:
    answer = await knock(office, text)
    assert plain(answer) == NEUTRAL
    assert answer.screen is not None and answer.screen.rows == () and answer.also == ()


async def test_a_stranger_s_press_is_answered_like_anything_else_C8(office: Office) -> None:
    said = Incoming("tap", 5000, 5000, "Чужой", "ru", data=wire.data("deal", 1))
    answer = await office.run(lambda work: start.stranger(work, russian(), said))
    assert plain(answer) == NEUTRAL


async def test_an_invitation_lets_in_with_its_role_and_shows_the_menu_C8(office: Office) -> None:
    answer = await knock(office, f"/start {await token(office, 'installer')}")
    assert "Здравствуйте, Новый!" in plain(answer)
    assert "Ваша роль — мастер" in plain(answer)
    assert len(answer.also) == 1 and "jobs" in " ".join(data_of(answer.also[0]))
    found = await office.run(lambda work: employees.find_by_telegram(work, 5000))
    assert found is not None and found.role == "installer" and found.locale == "ru"


async def test_the_language_of_a_new_colleague_is_that_of_his_telegram_C7(office: Office) -> None:
    await knock(office, f"/start {await token(office)}", language="en-GB")
    await knock(office, f"/start {await token(office)}", language="tr", key=5001)
    found = [await office.run(lambda work, key=key: employees.find_by_telegram(work, key)) for key in (5000, 5001)]
    assert [one and one.locale for one in found] == ["en", "ru"]


@pytest.mark.parametrize("name", ["🦊🦊", "\u3164", "1\ufe0f\u20e3"])
async def test_a_name_that_cannot_be_read_is_replaced(office: Office, name: str) -> None:
    answer = await knock(office, f"/start {await token(office)}", name=name)
    assert "Здравствуйте, Сотрудник!" in plain(answer)


async def test_every_invitation_that_fails_says_why_and_lets_nobody_in_C8(office: Office) -> None:
    used, old = await token(office), await token(office)
    await knock(office, f"/start {used}", key=5001)
    before = await head_count(office)
    assert "уже воспользовались" in plain(await knock(office, f"/start {used}"))
    office.later(hours=48)
    assert "просрочено" in plain(await knock(office, f"/start {old}"))
    assert "Такого приглашения нет" in plain(await knock(office, "/start " + "x" * 32))
    assert await head_count(office) == before


async def test_of_two_at_once_on_one_invitation_one_gets_in_and_the_other_leaves_no_trace_C8(office: Office) -> None:
    shared = await token(office)
    before = await head_count(office)

    def late(work: UnitOfWork) -> Reply:
        """The other one is admitted between this one's look at the invitation and its use."""
        real = work.tx.execute
        seen: list[str] = []

        class Slow:
            """The same connection, but somebody is faster just before the invitation is used up."""

            dialect = work.tx.dialect

            def begin_nested(self) -> object:
                return work.tx.begin_nested()

            def execute(self, statement: object, *args: object) -> object:
                if statement is invitations.USE and not seen:
                    seen.append("used")
                    real(invitations.USE, {**args[0], "by": office.staff["owner"].id})  # type: ignore[dict-item]
                return real(statement, *args)  # type: ignore[call-overload]

        said = Incoming("message", 5002, 5002, "Второй", "ru", text=f"/start {shared}")
        slow = UnitOfWork(Slow(), work.now, work.company)  # type: ignore[arg-type]
        return start.stranger(slow, russian(), said)

    answer = await office.run(late)
    assert "уже воспользовались" in plain(answer)
    assert await head_count(office) == before
    assert await office.run(lambda work: employees.find_by_telegram(work, 5002)) is None


async def test_an_employee_does_not_use_an_invitation_up_C8(office: Office) -> None:
    shared = await token(office, "installer")
    answer = await office.say("manager", f"/start {shared}")
    assert "Вы уже в команде, ваша роль — менеджер" in plain(answer)
    assert (await office.run(lambda work: employees.get(work, office.staff["manager"].id))).role == "manager"
    assert "Здравствуйте" in plain(await knock(office, f"/start {shared}"))
    assert "уже в команде" in plain(await office.say("owner", f"/start {shared}"))


async def test_who_was_dismissed_is_a_stranger_until_invited_again_C8(office: Office) -> None:
    key = office.staff["manager"].id
    await office.run(lambda work: employees.dismiss(work, key), "owner")
    assert await office.run(lambda work: employees.find_by_telegram(work, 1002)) is None
    back = await token(office, "supervisor")
    await knock(office, f"/start {back}", key=1002)
    found = await office.run(lambda work: employees.get(work, key))
    assert found.active and found.role == "supervisor"


async def test_a_start_link_opens_a_deal_and_only_for_who_may_see_it_C8(office: Office) -> None:
    deal = await office.deal()
    link = f"/start d{base36.to36(deal.id)}"
    assert deal.number in plain(await office.say("manager", link))
    with pytest.raises(NotAllowed):
        await office.say("installer", link)
    with pytest.raises(NotFound):
        await office.say("manager", "/start d" + "z" * 8)


async def test_commands_lead_to_their_screens(office: Office) -> None:
    home = (await office.say("manager", "/menu")).screen
    assert (await office.say("manager", "/start")).screen == home
    assert "/find" in plain(await office.say("manager", "/help"))
    assert "/find" not in plain(await office.say("installer", "/help"))
    assert "🚐 Выезды" in labels((await office.say("installer", "/help")).screen)
    assert "Настройки" in plain(await office.say("manager", "/settings"))
    with pytest.raises(NotAllowed):
        await office.say("installer", "/find Иванова")


async def test_cancel_gives_an_open_form_up(office: Office) -> None:
    await office.say("manager", "/find")
    await office.say("manager", "/cancel")
    answer = await office.say("manager", "Никого Такого")
    assert "Ничего не нашлось" in plain(answer)


async def test_the_welcome_speaks_the_reader_s_language(office: Office) -> None:
    answer = await knock(office, f"/start {await token(office)}", language="en")
    assert answer.screen is not None
    assert find(answer.screen, "⚙️").text == translator("en", ZONE)("⚙️ Настройки")


async def test_services_say_why_an_invitation_is_refused(office: Office) -> None:
    used = await token(office)
    await office.run(lambda work: invitations.join(work, used, 7001, "А", "ru"))
    for text, why, hours in ((used, "used", 0), ("nothing", "unknown", 0), (await token(office), "expired", 48)):
        office.now += timedelta(hours=hours)
        with pytest.raises(InvitationInvalid) as refused:
            await office.run(lambda work, text=text: invitations.join(work, text, 7002, "Б", "ru"))
        assert refused.value.why == why
