"""Fields say from whom they are hidden, and so it is in every place (safety 17): one shop, a field of every type hidden
from an installer and a technologist, who open everything that they can and find nothing of it; the manager sees all."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.request import CALLBACKS
from keyboards import callback_data
from models.ids import DealId, FileId, TaskId
from models.tables.files import FileRow
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from services.unit_of_work import UnitOfWork
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.worlds import hidden_shop, wire
from tests.worlds.hidden_shop import MARK, MARKS, NEW, OLD

HIDDEN = (*MARKS.values(), MARK, OLD)


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop, running, with everybody in it."""
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "vault.yaml").write_text(hidden_shop.TEXT, "utf-8")
    opened, http = await open_shop(tmp_path, where=tmp_path / "processes")
    people = (
        ("Ирина Белова", "supervisor"), ("Анна Соколова", "manager"), (f"{MARK} Мерова", "measurer"),
        ("Николай Громов", "installer"), ("Олег Лунин", "technologist"),
    )  # fmt: skip
    for name, role in people:
        await opened.hire(name, role)
    yield opened
    await close_shop(opened, http)


async def within(shop: Shop, act: Any) -> Any:
    """Something that the bot does by itself, and what follows from it."""
    app = shop.app
    found = await app.db.run(lambda tx: act(UnitOfWork(tx, app.now(), app.company)))
    await shop.settle()
    return found


async def a_deal(shop: Shop) -> int:
    """The filled deal, with a task of everybody's on it; its id."""

    def act(work: UnitOfWork) -> int:
        staff = hidden_shop.staff_of(work)
        deal = hidden_shop.filled(work, staff)
        hidden_shop.hand_tasks(work, staff)
        return deal.id

    return int(await within(shop, act))


def words(seen: Seen) -> str:
    media = str(seen.media or "")
    return plain("\n".join((seen.text, *seen.labels, media)))


def told(text: str) -> list[str]:
    """What of the hidden stands in a text."""
    return [mark for mark in HIDDEN if plain(mark) in text]


async def everything(phone: Phone) -> str:
    """All that stands on the phone now."""
    return "\n".join([words(one) for one in await phone.from_bot()] + [plain(phone.toast or "")])


async def pressed(phone: Phone, on: Seen, data: str) -> str:
    """All that stands on the phone after a forged press, and what the press answered."""
    answer = await phone.shop.post(f"phones/{phone.key}/tap", {"message_id": on.id, "data": data, "forged": True})
    await phone.shop.settle()
    return await everything(phone) + plain(answer.get("text") or "")


async def test_the_manager_sees_each_and_so_the_marks_can_be_found(vault: Shop) -> None:
    """Whatever is hidden from the others is there to be seen: a mark that nobody ever shows would prove nothing."""
    assert not hidden_shop.unhidden()
    deal, anna = await a_deal(vault), vault.phones["Анна Соколова"]
    seen = words(await anna.sees(NEW))  # the robot's message, with the values in it
    assert "765 432" in seen
    for press in (
        wire.data("deal", deal),
        wire.data("sections", deal),
        wire.data("history", deal),
        wire.data("files", deal),
    ):
        seen += words(await anna.press((await anna.last()).id, press, forged=True))
    missing = [kind for kind, mark in MARKS.items() if plain(mark) not in plain(seen)]
    assert not missing, f"{missing} in:\n{seen}"


@pytest.mark.parametrize("name", ["Николай Громов", "Олег Лунин"])
async def test_who_may_not_see_finds_it_by_no_button_no_word_and_no_message(vault: Shop, name: str) -> None:
    """Every press that the bot knows, at the deal, its task and its files; what is typed; what comes by itself."""
    deal, phone = await a_deal(vault), vault.phones[name]
    tasks = [row.id for row in await vault.rows(select(TaskRow.id).order_by(TaskRow.id))]
    files = [row.id for row in await vault.rows(select(FileRow.id))]
    await phone.sees("Мария Иванова")  # his task came, and he may open the deal
    assert not told(await everything(phone))
    opened = await phone.press((await phone.last()).id, wire.data("sections", deal), forged=True)
    assert "Заметка: открытую" in opened.text, "the page is his to open"
    role = (await vault.rows(select(EmployeeRow.role).where(EmployeeRow.name == name)))[0].role
    ids = {DealId: [deal], TaskId: tasks, FileId: files}
    for action, form in sorted(callback_data.FORMATS.items()):
        if role not in CALLBACKS[form.made].roles:
            continue  # refused before it is read
        choices = [ids.get(one.of, ["text_", 0]) for one in form.arguments]
        for arguments in itertools.islice(itertools.product(*choices), 2):
            found = told(await pressed(phone, opened, wire.data(action, *arguments)))
            assert not found, f"{action} {arguments} tells {found}:\n{await phone.dump()}"
    await phone.text("/menu")
    typed = (NEW, "888-77-66", "+7 999 888-77-66", MARK, "2026-0001", "/tasks")
    for one in typed:
        seen = without(words(await phone.text(one)), typed)
        assert not told(seen), seen
    await vault.later(days=3)
    assert not told(without(await everything(phone), typed))


def without(seen: str, typed: Iterable[str]) -> str:
    """What is seen but for his own words, which come back to him: a question that is open says them again."""
    for one in typed:
        seen = seen.replace(plain(one), "")
    return seen


async def test_what_waits_for_a_manager_who_becomes_an_installer_tells_him_nothing(vault: Shop) -> None:
    """Written for a manager at night, due in the morning: by then he drives out. Those above hear it instead; what he
    was sent before is taken out of his chat."""
    await vault.until("2026-11-23T21:30")
    deal, anna, boss = await a_deal(vault), vault.phones["Анна Соколова"], vault.phones["Ирина Белова"]
    await vault.until("2026-11-24T10:00")
    before = await anna.sees(NEW)
    await vault.until("2026-11-24T21:40")  # «Стоит» waits for the morning
    await role(boss, vault, "Анна Соколова", "installer")
    gone = await anna.as_it_is(before)
    assert "Здесь было сообщение для вашей прежней роли." in gone.text and gone.labels == ["🏠 Меню"]
    assert not told(await everything(anna))
    await vault.until("2026-11-25T12:00")
    assert not told(await everything(anna)), await anna.dump()
    assert await boss.find("Стоит") is not None, "somebody hears what she was to hear"
    pressed = await anna.press(before.id, wire.data("deal", deal), forged=True)
    assert not told(words(pressed)) and anna.toast


async def test_what_waits_for_a_manager_whose_deal_is_a_colleagues_comes_to_the_colleague(vault: Shop) -> None:
    """Written for her in the evening; by morning another one leads the deal, and hears it in her place, once."""
    vera, boss = await vault.hire("Вера Орлова", "manager"), vault.phones["Ирина Белова"]
    await vault.until("2026-11-23T21:30")
    deal, anna = await a_deal(vault), vault.phones["Анна Соколова"]
    await vault.until("2026-11-24T21:40")
    to = await person(vault, "Вера Орлова")
    await boss.press((await boss.text("/menu")).id, wire.data("hand", deal, to), forged=True)
    await vault.until("2026-11-25T11:00")
    await anna.sees_no("Стоит")
    heard = await vera.sees_only("Стоит")
    assert NEW in heard.text and "Адресат — Анна Соколова" in heard.text


async def test_who_has_left_keeps_no_work_messages(vault: Shop) -> None:
    """What the bot told him is taken out of his chat, without a button."""
    deal = await a_deal(vault)
    oleg, boss = vault.phones["Олег Лунин"], vault.phones["Ирина Белова"]
    was = await oleg.sees("Узнали открытую")
    who = await person(vault, "Олег Лунин")
    await boss.press((await boss.text("/menu")).id, wire.data("dismiss_yes", who), forged=True)
    now = await oleg.as_it_is(was)
    assert now.text == "Здесь было рабочее сообщение. Доступ закрыт." and not now.labels
    assert deal


async def person(shop: Shop, name: str) -> int:
    """An employee's id."""
    rows = await shop.rows(select(EmployeeRow.id).where(EmployeeRow.name == name))
    return int(rows[0].id)


async def role(boss: Phone, shop: Shop, name: str, new: str) -> None:
    """The supervisor gives somebody another role."""
    who = await person(shop, name)
    await boss.press((await boss.text("/menu")).id, wire.data("role_set", who, new), forged=True)
