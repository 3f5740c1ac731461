"""«Команда» and «Настройки» (C-7, C-8)."""

from __future__ import annotations

import pytest

from bot.database import Database
from handlers.people.preferences import parse_hours
from models.errors import InvitationInvalid, NotAllowed, NotFound
from models.values.invalid_value import InvalidValue
from services import invitations
from services.people import employees
from tests.worlds import wire
from tests.worlds.office import ZONE, Office, find, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def press(action: str, *args: int | str) -> str:
    return wire.data(action, *args)


async def test_the_team_is_listed_with_roles_and_who_blocked_the_bot_C8(office: Office) -> None:
    await office.run(lambda work: employees.mark_reachable(work, 1003, reachable=False))
    answer = await office.tap("owner", press("team"))
    assert "Ольга (вы): владелец" in plain(answer)
    assert "Игорь: мастер — 🔕 бот заблокирован" in plain(answer)
    assert "🔕 Игорь · мастер" in labels(answer.screen)


async def test_an_invitation_is_a_one_time_link_to_copy_C8(office: Office) -> None:
    await office.tap("owner", press("invite"))
    answer = await office.tap("owner", "Менеджер")
    link = find(answer.screen, "Скопировать").copy
    assert link is not None and link.startswith("https://t.me/verstak_bot?start=") and link in plain(answer)
    assert "Действует до: вс, 22 ноября, 12:00" in plain(answer)
    token = link.partition("=")[2]
    joined = await office.run(lambda work: invitations.join(work, token, 9000, "Вера", "ru"))
    assert joined.role == "manager"
    with pytest.raises(InvitationInvalid):
        await office.run(lambda work: invitations.join(work, token, 9001, "Вова", "ru"))


async def test_a_supervisor_invites_no_owner_even_by_a_forged_button_C8(office: Office) -> None:
    shown = await office.tap("supervisor", press("invite"))
    assert "Владелец" not in labels(shown.screen) and "Руководитель" in labels(shown.screen)
    with pytest.raises(NotAllowed):
        await office.tap("supervisor", press("invite", "owner"))
    with pytest.raises(NotFound):
        await office.tap("supervisor", press("invite", "king"))


@pytest.mark.parametrize("role", ["manager", "installer"])
async def test_the_team_is_for_those_above_only_C8(office: Office, role: str) -> None:
    other = office.staff["owner"].id
    for data in (
        press("team"),
        press("invite", "manager"),
        press("dismiss_yes", other),
        press("role_set", other, "owner"),
    ):
        with pytest.raises(NotAllowed):
            await office.tap(role, data)


async def test_dismissing_takes_two_steps_and_ends_access_at_once_C8(office: Office) -> None:
    await office.deal()
    key = office.staff["manager"].id
    await office.tap("owner", press("member", key))
    asked = await office.tap("owner", "Уволить…")
    assert "Уволить сотрудника? Анна" in plain(asked)
    assert "1 открытая сделка" in plain(asked) or "1 открытых" in plain(asked)
    assert find(asked.screen, "Да, уволить").colour == "danger"
    assert (await office.run(lambda work: employees.get(work, key))).active
    answer = await office.tap("owner", "Да, уволить")
    assert answer.toast == "Анна больше не в команде"
    assert "Анна" not in plain(answer)
    assert await office.run(lambda work: employees.find_by_telegram(work, 1002)) is None


async def test_nobody_dismisses_himself_and_a_supervisor_no_owner_C8(office: Office) -> None:
    owner, supervisor = office.staff["owner"].id, office.staff["supervisor"].id
    for who, whom in (("owner", owner), ("supervisor", supervisor), ("supervisor", owner)):
        for action in ("dismiss", "dismiss_yes", "role"):
            with pytest.raises(NotAllowed):
                await office.tap(who, press(action, whom))
        with pytest.raises(NotAllowed):
            await office.tap(who, press("role_set", whom, "manager"))
    shown = await office.tap("supervisor", press("member", owner))
    assert "Уволить…" not in labels(shown.screen)


async def test_a_new_role_is_judged_by_at_the_next_press_C8(office: Office) -> None:
    key = office.staff["installer"].id
    with pytest.raises(NotAllowed):
        await office.tap("installer", press("find"))
    await office.tap("owner", press("role", key))
    answer = await office.tap("owner", "Менеджер")
    assert answer.toast == "Игорь: менеджер"
    assert "найти" in plain(await office.tap("installer", press("find")))
    with pytest.raises(NotAllowed):
        await office.tap("supervisor", press("role_set", key, "owner"))


async def test_an_employee_who_does_not_exist_is_not_found(office: Office) -> None:
    for action in ("member", "dismiss", "dismiss_yes"):
        with pytest.raises(NotFound):
            await office.tap("owner", press(action, 2**40))


async def test_the_settings_come_back_in_the_chosen_language_at_once_C7(office: Office) -> None:
    from keyboards.translator import translator

    await office.tap("manager", press("settings"))
    answer = await office.tap("manager", "English")
    assert "✓ English" in labels(answer.screen)
    assert translator("en", ZONE)("Настройки") in plain(answer)
    assert (await office.run(lambda work: employees.get(work, office.staff["manager"].id))).locale == "en"
    with pytest.raises(NotFound):
        await office.tap("manager", press("lang", "xx"))


async def test_quiet_hours_are_a_preset_or_one_s_own(office: Office) -> None:
    key = office.staff["manager"].id
    await office.tap("manager", press("quiet"))
    answer = await office.tap("manager", "22:00–8:00")
    assert "Тихие часы: 22:00–8:00" in plain(answer)
    await office.tap("manager", press("quiet_own"))
    answer = await office.say("manager", "с 22:30 до 7:15")
    assert "Тихие часы: 22:30–7:15" in plain(answer)
    found = await office.run(lambda work: employees.get(work, key))
    assert (found.quiet_from, found.quiet_to) == (22 * 60 + 30, 7 * 60 + 15)
    await office.tap("manager", press("quiet"))
    assert "Тихие часы: нет" in plain(await office.tap("manager", "нет"))
    with pytest.raises(NotFound):
        await office.tap("manager", press("quiet", 99))


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("22:30-7:15", (1350, 435)),
        ("22 — 7", (1320, 420)),
        ("с 20.00 до 9.00", (1200, 540)),
        ("0:00–24:00", None),
        ("нет", None),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(said: str, hours: tuple[int, int] | None) -> None:
    assert parse_hours(said) == hours


@pytest.mark.parametrize("said", ["", "ночью", "25:00-7:00", "22:61-7:00", "22:00", "24:30-7", "22-7-9"])
def test_what_are_no_hours_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        parse_hours(said)
    assert wrong.value.example == "22:30-7:15"


async def test_the_reasons_for_messages_are_explained(office: Office) -> None:
    await office.tap("installer", press("settings"))
    assert "вам дали задачу" in plain(await office.tap("installer", "Почему мне это пришло?"))


async def test_a_long_team_still_fits_a_keyboard(office: Office) -> None:
    for place in range(5):
        await hire(office, "installer", 3000 + place, "Очень длинное имя и фамилия сотрудника " + str(place))
    answer = await office.tap("owner", press("team"))
    assert max(len(label) for label in labels(answer.screen)) <= 34
