"""C-8: nobody outside the company sees or does anything; inside it a role sees and does what is its own."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from keyboards import base36, callback_data
from models.tables.clients import ClientRow
from models.tables.deals import DealCounterRow, DealRow, HistoryRow
from models.tables.files import FileRow
from models.tables.people import EmployeeRow, InvitationRow
from models.tables.tasks import ItemRow, TaskRow
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.worlds import wire

STRANGER = "Это рабочий бот компании. Доступ только для сотрудников."
NO_ACCESS = "У вас нет доступа к этому."
# to a colleague in sales it is said whose deal it is; whoever presses «Взять себе» learns that it is taken
REFUSED = (NO_ACCESS, "Это ведёт Анна Соколова. У вас нет доступа.", "Это уже сделано: Анна Соколова.")
PHONE_WRITTEN = "+7 912 345-67-89"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def count(shop: Shop, table: object) -> int:
    """How many rows stand in a table."""
    return int((await shop.rows(select(func.count()).select_from(table)))[0][0])  # type: ignore[arg-type]


async def snapshot(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """All that is kept about the business, to see that nothing of it has changed."""
    kept = (
        DealRow,
        TaskRow,
        ClientRow,
        FileRow,
        HistoryRow,
        EmployeeRow,
        InvitationRow,
        DealCounterRow,
        ItemRow,
    )
    return {one.__tablename__: sorted((tuple(row) for row in await shop.rows(select(one))), key=repr) for one in kept}


async def lead_of(shop: Shop, manager: Phone) -> int:
    """A lead from the site that the manager has taken; its id."""
    await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Кухня угловая", source="Сайт")
    await manager.tap("Открыть")
    await manager.tap("Взять себе")
    return int((await shop.rows(select(func.max(DealRow.id))))[0][0])


async def order_of(shop: Shop, manager: Phone, *answers: str) -> int:
    """A deal in «Изготовление заказа» that the manager has begun; its id."""
    await manager.text("/menu")
    await manager.tap("➕ Новый заказ")
    await manager.fill(*(answers or ("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе", "150 000")))
    return int((await shop.rows(select(func.max(DealRow.id))))[0][0])


def secrets_in(seen: Seen | str) -> list[str]:
    """What only the own people may read."""
    text = plain(seen if isinstance(seen, str) else "\n".join((seen.text, *seen.labels)))
    return [one for one in ("Мария", "Иванова", "345-67-89", "угловая", "2026-0001", "150 000") if one in text]


# --- outside the company ----------------------------------------------------------------------------------------


async def test_c_8_a_stranger_hears_one_sentence_whatever_he_sends(shop: Shop, anna: Phone) -> None:
    """C-8: words, commands, contacts, places, pictures: no answer tells more than that this is not for him."""
    await lead_of(shop, anna)
    before, staff = await snapshot(shop), await count(shop, EmployeeRow)
    vasya = await shop.stranger("Вася")

    for word in ("Привет", "/start", "/menu", "/find Иванова", "/settings", "2026-0001", PHONE_WRITTEN, "/start d1"):
        assert (await vasya.text(word)).text == STRANGER, word
    assert (await vasya.contact(PHONE_WRITTEN, "Мария")).text == STRANGER
    assert (await vasya.location(55.75, 37.61)).text == STRANGER
    assert (await vasya.send_files(("кухня.png", PICTURE))).text == STRANGER

    assert all(one.rows == [] for one in await vasya.from_bot()), "a stranger has nothing to press"
    assert await snapshot(shop) == before
    assert await count(shop, EmployeeRow) == staff


async def test_c_8_a_stranger_who_forges_buttons_changes_and_learns_nothing(shop: Shop, anna: Phone) -> None:
    """C-8: every press that the bot knows, forged by somebody outside."""
    await lead_of(shop, anna)
    before = await snapshot(shop)
    vasya = await shop.stranger("Вася")
    hello = await vasya.text("Привет")
    for action in sorted(callback_data.FORMATS):
        for arguments in ((), (1,), (1, 1), (1, 0, "in_work")):
            seen = await vasya.press(hello.id, wire.data(action, *arguments), forged=True)
            assert seen.text == STRANGER, action
            assert not secrets_in(vasya.toast or "")
    assert await snapshot(shop) == before


async def test_c_8_the_door_for_leads_opens_only_with_its_secret(shop: Shop, anna: Phone) -> None:
    """C-8, F-L1: without the right word in the header no lead comes in, and nobody is told of one."""
    address = f"http://127.0.0.1:{shop.app.http.port}/intake/leads"
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic eA=="},
    ):
        async with shop.http.post(address, json={"phone": PHONE_WRITTEN}, headers=headers) as answer:
            assert answer.status == 401
    assert await count(shop, DealRow) == 0
    await shop.settle()
    await anna.sees_no("Новый лид:")


# --- coming in --------------------------------------------------------------------------------------------------


async def test_c_8_an_invitation_opens_the_door_once_and_with_its_role(shop: Shop) -> None:
    """C-8: who starts the bot by the link is in, with the role the link carries; the next one is not."""
    token = await shop.invitation("installer")
    first, second = await shop.stranger("Николай"), await shop.stranger("Егор")
    await first.start(token)
    await first.sees("Вы в команде «Верстак». Ваша роль — мастер.")
    await first.sees("Сегодня 0 выездов")
    await second.start(token)
    assert (await second.last()).text == "Этим приглашением уже воспользовались. Попросите новое."
    assert (await second.text("Ну пустите")).text == STRANGER
    assert [(one.name, one.role) for one in await shop.rows(select(EmployeeRow.name, EmployeeRow.role))] == [
        ("Николай", "installer")
    ]


async def test_c_8_an_invitation_lives_forty_eight_hours(shop: Shop) -> None:
    """C-8: a minute before it still works, a minute after it says that it is too late."""
    early, late = await shop.invitation("manager"), await shop.invitation("manager")
    vera, oleg = await shop.stranger("Вера"), await shop.stranger("Олег")
    await shop.later(hours=47, minutes=59)
    await vera.start(early)
    await vera.sees("Вы в команде")
    await shop.later(minutes=1)
    await oleg.start(late)
    assert (await oleg.last()).text == "Приглашение просрочено: оно действует двое суток. Попросите новое."
    assert (await oleg.text("/menu")).text == STRANGER
    assert await count(shop, EmployeeRow) == 1


async def test_c_8_two_people_on_one_invitation_at_once_and_one_gets_in(shop: Shop) -> None:
    """C-8: however close together they press, the link works once."""
    token = await shop.invitation("manager")
    people = [await shop.stranger(name) for name in ("Вера", "Олег", "Нина")]
    await asyncio.gather(*(shop.post(f"phones/{one.key}/start", {"payload": token}) for one in people))
    await shop.settle()
    welcomed = [one for one in people if await one.find("Вы в команде")]
    refused = [one for one in people if await one.find("Этим приглашением уже воспользовались")]
    assert (len(welcomed), len(refused)) == (1, 2)
    assert await count(shop, EmployeeRow) == 1


async def test_c_8_the_supervisor_invites_from_the_phone_and_the_newcomer_is_on_the_team(
    shop: Shop, boss: Phone
) -> None:
    """C-8: the link made by buttons lets a manager in; it is shown whole, to be copied."""
    await boss.text("/menu")
    await boss.tap("👥 Команда")
    await boss.tap("➕ Пригласить")
    seen = await boss.tap("Менеджер")
    link = next(word for word in seen.text.split() if word.startswith("https://t.me/verstak_bot?start="))
    assert "сработает один раз" in seen.text
    assert "ср, 25 ноября" in plain(seen.text), "the end of its two days is named"
    anna = await shop.stranger("Анна")
    await anna.start(link.partition("start=")[2])
    await anna.sees("Вы в команде")
    await boss.tap("‹ Команда")
    assert "Анна: менеджер" in boss.screen.text


# --- inside, each his own ---------------------------------------------------------------------------------------


async def test_c_8_a_role_taken_away_is_gone_at_the_very_next_press(shop: Shop, anna: Phone, owner: Phone) -> None:
    """C-8: rights are read at the press; buttons drawn before the change of role do not help."""
    key = await lead_of(shop, anna)
    card = await anna.last()
    await owner.text("/menu")
    await owner.tap("👥 Команда")
    await owner.tap("Анна Соколова")
    await owner.tap("Сменить роль")
    await owner.tap("Мастер")
    assert "Роль: мастер" in owner.screen.text

    for label in ("✔ В работе", "Этапы…"):
        await anna.tap_old(label, card)
        assert anna.toast == NO_ACCESS and anna.alert
    await anna.tap_old("Заполнить", card)
    assert (await shop.rows(select(DealRow.stage).where(DealRow.id == key)))[0].stage == "new"
    menu = await anna.text("/menu")
    assert "Мастер" in menu.text and menu.button("Мои лиды") is None


async def test_c_8_old_buttons_of_somebody_dismissed_do_nothing(shop: Shop, anna: Phone, owner: Phone) -> None:
    """C-8: the very next press is refused, nothing moves, and no message reaches him any more."""
    key = await lead_of(shop, anna)
    card = await anna.last()
    await owner.text("/menu")
    await owner.tap("👥 Команда")
    await owner.tap("Анна Соколова")
    asked = await owner.tap("Уволить…")
    assert "В работе: 1 открытая сделка" in plain(asked.text)
    await owner.tap("Да, уволить")
    assert owner.toast == "Анна Соколова больше не в команде"

    seen = await anna.tap_old("✔ В работе", card)
    assert seen.text == STRANGER
    assert (await anna.text("/menu")).text == STRANGER
    assert (await shop.rows(select(DealRow.stage).where(DealRow.id == key)))[0].stage == "new"
    heard = len(await anna.from_bot())
    await shop.later(days=1, hours=1)
    assert len(await anna.from_bot()) == heard


async def test_c_8_what_a_dismissed_manager_left_behind_speaks_to_somebody_who_can_act(
    shop: Shop, anna: Phone, boss: Phone, owner: Phone
) -> None:
    """C-8, F-L3: the reminder of his lead comes to the supervisor, who opens it and hands it on; no manager who may
    not open it hears of it."""
    pavel = await shop.hire("Павел Егоров", "manager")
    await lead_of(shop, anna)
    await owner.text("/menu")
    await owner.tap("👥 Команда")
    await owner.tap("Анна Соколова")
    await owner.tap("Уволить…")
    await owner.tap("Да, уволить")
    await shop.later(days=1, hours=1)
    await boss.sees("Лид не обработан уже день: Мария Иванова")
    await pavel.sees_no("Лид не обработан уже день")
    await boss.tap("Открыть", "Лид не обработан уже день")
    await boss.tap("Передать")
    await boss.tap("Павел Егоров")
    await pavel.sees("Вам передали лид")
    card = await pavel.tap("Открыть", "Вам передали лид")
    assert "Мария Иванова" in card.text


async def test_c_8_another_managers_deal_stays_closed_to_forged_buttons(shop: Shop, anna: Phone) -> None:
    """C-8: a manager sees his own and nobody's; every press about a colleague's deal is refused and tells nothing."""
    pavel = await shop.hire("Павел Егоров", "manager")
    key = await lead_of(shop, anna)
    await anna.tap("✔ В работе")
    before = await snapshot(shop)
    menu = await pavel.text("/menu")
    forged: list[tuple[int | str, ...]] = [
        ("deal", key), ("stages", key), ("move", key, "~", "bad"), ("move", key, 1, "good"), ("take", key),
        ("sections", key), ("section", key, "about"), ("fill", key, "budget"), ("cure", key, "budget", "good"),
        ("history", key), ("dtasks", key), ("files", key), ("note", key), ("rename", key), ("robot", key, 0),
        ("reply", key, 1), ("handto", key), ("hand", key, 1), ("delete", key), ("delete", key, "y"), ("askman", key),
    ]  # fmt: skip
    for action, *arguments in forged:
        seen = await pavel.press(menu.id, wire.data(str(action), *arguments), forged=True)
        assert pavel.toast in REFUSED, (action, pavel.toast)
        assert not secrets_in(seen), action
    assert await snapshot(shop) == before


async def test_c_8_a_colleagues_deals_are_not_found_by_number_name_or_link(shop: Shop, anna: Phone) -> None:
    """C-8: searching and deep links see what the person may see."""
    pavel = await shop.hire("Павел Егоров", "manager")
    key = await lead_of(shop, anna)
    for asked in ("2026-0001", "0001", "Мария Иванова", PHONE_WRITTEN):
        seen = await pavel.text(asked)
        assert not [one for one in seen.labels if "Мария" in one or "2026-0001" in one], asked
    await pavel.start(f"d{base36.to36(key)}")
    assert "Это ведёт Анна Соколова. У вас нет доступа." in (await pavel.last()).text
    found = await anna.text("Мария Иванова")
    assert [one for one in found.labels if "Мария" in one], "his own manager finds it"


@pytest.fixture
async def job(shop: Shop, anna: Phone, nikolay: Phone) -> int:
    """A deal of Anna's on «Монтаж» with the installer Nikolay; its id."""
    key = await order_of(shop, anna)
    await anna.tap("✔ Предоплата")
    await anna.tap("✔ Изготовление мебели")
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    await anna.tap("✔ Доставка")
    await anna.tap("✔ Монтаж")
    await anna.tap("Да")
    await anna.fill("26.11.2026 12:00", "27.11.2026 10:00")
    await anna.tap("Николай Громов")
    return key


async def test_c_8_installers_see_their_job_and_no_prices(shop: Shop, job: int, anna: Phone, nikolay: Phone) -> None:
    """C-8, C-5: on every screen that an installer can reach about his deal there is no sum."""
    await anna.text("2026-0001")
    assert "150 000 ₽" in plain((await anna.tap("Шкаф-купе")).text), "the manager sees the budget"
    await nikolay.sees("Сборка у клиента")
    task_id = (await shop.rows(select(TaskRow.id).where(TaskRow.name == "job")))[0].id
    menu = await nikolay.text("/menu")
    seen = []
    for action, *arguments in (
        ("task", task_id), ("deal", job), ("sections", job), ("history", job), ("dtasks", job), ("files", job),
        ("jobs",), ("jobs_next",), ("tasks",), ("tasks", "later"),
    ):  # fmt: skip
        seen.append(await nikolay.press(menu.id, wire.data(str(action), *arguments), forged=True))
    assert any("Шкаф-купе" in one.text for one in seen), "he does see what the job is"
    everything = plain("\n".join("\n".join((one.text, *one.labels)) for one in (*seen, *await nikolay.from_bot())))
    for sum_ in ("150 000", "75 000", "₽", "150000", "75000"):
        assert sum_ not in everything, sum_


async def test_c_8_an_installer_who_presses_a_managers_button_is_refused(
    shop: Shop, job: int, anna: Phone, nikolay: Phone
) -> None:
    """C-8: he sees the deal of his job, and may not move it, fill it, hand it on or look at other people's."""
    other = await order_of(shop, anna, "Мария Иванова", PHONE_WRITTEN, "Кухня угловая", "64 000")
    before = await snapshot(shop)
    menu = await nikolay.text("/menu")
    assert not {"Мои сделки", "Найти", "Команда", "Новый"} & {
        word for one in menu.labels for word in ("Мои сделки", "Найти", "Команда", "Новый") if word in one
    }
    forged: list[tuple[int | str, ...]] = [
        ("stages", job), ("move", job, "~", "payment"), ("take", job), ("section", job, "about"),
        ("fill", job, "budget"), ("cure", job, "budget", "payment"), ("robot", job, 0), ("rename", job),
        ("list", "d", "a"), ("list", "d", "m"), ("new", "furniture", "order"), ("find",), ("client", 1),
        ("cl_name", 1), ("merge", 1), ("handto", job), ("hand", job, 1), ("delete", job, "y"), ("team",), ("invite",),
        ("invite", "owner"), ("role_set", 1, "installer"), ("dismiss_yes", 1), ("deal", other), ("sections", other),
        ("history", other), ("dtasks", other), ("files", other), ("note", other),
    ]  # fmt: skip
    for action, *arguments in forged:
        seen = await nikolay.press(menu.id, wire.data(str(action), *arguments), forged=True)
        assert nikolay.toast == NO_ACCESS and nikolay.alert, (action, nikolay.toast, seen.text)
        assert not secrets_in(seen), action
    assert (await nikolay.text("/find Мария")).text.startswith(f"⚠️ {NO_ACCESS}")
    assert not secrets_in(await nikolay.text("Мария Иванова"))
    assert await snapshot(shop) == before


async def test_c_8_what_only_supervisors_do_is_refused_to_a_manager(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-8, C-6: handing over, asking, putting off, deleting, the team: on the manager's own deal too."""
    key = await lead_of(shop, anna)
    card = await anna.last()
    assert card.button("Передать") is None
    menu = await anna.text("/menu")
    assert menu.button("Команда") is None and menu.button("Все сделки") is None
    before = await snapshot(shop)
    forged: list[tuple[int | str, ...]] = [
        ("handto", key), ("hand", key, 2), ("askman", key), ("putoff", key, 1), ("putoff_for", key, 1, 3),
        ("delete", key), ("delete", key, "y"), ("team",), ("member", 2), ("invite",), ("invite", "manager"),
        ("role", 2), ("role_set", 2, "installer"), ("role_set", 1, "owner"), ("dismiss", 2), ("dismiss_yes", 2),
        ("list", "d", "a"), ("list", "l", "a"), ("bystage", "d", "a"),
    ]  # fmt: skip
    for action, *arguments in forged:
        await anna.press(menu.id, wire.data(str(action), *arguments), forged=True)
        assert anna.toast == NO_ACCESS and anna.alert, (action, anna.toast)
    assert await snapshot(shop) == before
    # the same presses are the supervisor's daily work
    await boss.text("2026-0001")
    assert (await boss.tap("Мария Иванова")).button("Передать")
    assert (await boss.text("/menu")).button("👥 Команда")


async def test_c_8_a_supervisor_makes_nobody_an_owner_and_touches_no_owner(
    shop: Shop, boss: Phone, owner: Phone
) -> None:
    """C-8: the highest role is given and taken by an owner alone."""
    ids = {one.name: one.id for one in await shop.rows(select(EmployeeRow.name, EmployeeRow.id))}
    menu = await boss.text("/menu")
    mine, theirs = ids["Ирина Белова"], ids["Сергей Воронов"]
    before = await snapshot(shop)
    for action, *arguments in (
        ("invite", "owner"), ("role_set", mine, "owner"), ("role_set", theirs, "installer"), ("role", theirs),
        ("dismiss", theirs), ("dismiss_yes", theirs), ("dismiss_yes", mine),
    ):  # fmt: skip
        await boss.press(menu.id, wire.data(str(action), *arguments), forged=True)
        assert boss.toast == NO_ACCESS, action
    assert await snapshot(shop) == before
    await boss.tap("👥 Команда")
    roles = await boss.tap("➕ Пригласить")
    assert "Владелец" not in roles.labels and "Менеджер" in roles.labels


async def test_c_8_no_press_at_all_shows_or_changes_a_strange_deal_for_an_outsider_of_it(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """C-8: every action that any handler knows, with the ids of a deal, a task, a client and a file that are not the
    presser's: nothing of them is shown, nothing of them is changed."""
    key = await order_of(shop, anna, "Мария Иванова", PHONE_WRITTEN, "Кухня угловая", "150 000")
    await anna.send_files(("договор.png", PICTURE), kind="document")
    await anna.tap("Кухня угловая")
    pavel = await shop.hire("Павел Егоров", "manager")
    before = await snapshot(shop)
    for phone in (nikolay, pavel):
        menu = await phone.text("/menu")
        # a colleague's client may be seen, and that there is a deal of his
        sold = {"client", "cl_name", "cl_phone", "merge", "merge_do", "new_with", "found", "narrow"}
        shared = sold if phone is pavel else set()
        for action in sorted(callback_data.FORMATS.keys() - {"lang", "quiet", "quiet_own", "cancel"} - shared):
            for arguments in ((key,), (key, 1), (key, "~", "refused"), (key, "y")):
                seen = await phone.press(menu.id, wire.data(action, *arguments), forged=True)
                assert not secrets_in(seen), (action, arguments, seen.text)
                assert not secrets_in(phone.toast or ""), (action, arguments, phone.toast)
    assert await snapshot(shop) == before
