"""C-7: each employee reads his own language. Whatever an English reader sees has no Russian in it but names."""

from __future__ import annotations

import re
from collections import deque

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from tests.stories.driver import Phone, Seen, Shop, plain

CYRILLIC = re.compile("[\u0400-\u04ff]+")
# the company's name, and a language by its own name
NAMES = ("Верстак", "Русский")
MOST_PRESSES = 400


def russian_in(*said: str | None) -> list[str]:
    """The Cyrillic words in what a person sees, without names."""
    text = "\n".join(one for one in said if one)
    for name in NAMES:
        text = text.replace(name, "")
    return CYRILLIC.findall(text)


async def all_in_english(phone: Phone, since: int = 0) -> None:
    """Every message of the bot from the given one on, with its buttons."""
    for one in await phone.from_bot():
        if one.id >= since:
            assert not russian_in(one.text, *one.labels), f"{one.text}\n{one.rows}"
    assert not russian_in(phone.toast), phone.toast


async def in_english(phone: Phone) -> int:
    """Choose English in the settings; from which message on all is English."""
    await phone.text("/settings")
    seen = await phone.tap("English")
    assert "Language: English" in seen.text, "the screen itself comes back in the new language"
    assert seen.button("✓ English") and seen.button("Русский"), "and there is a way back"
    return seen.id


@pytest.fixture
async def ann(shop: Shop) -> Phone:
    """A manager with an English name, whose Telegram is Russian."""
    return await shop.hire("Ann Smith", "manager")


@pytest.fixture
async def chief(shop: Shop) -> Phone:
    """The supervisor."""
    return await shop.hire("Kate White", "supervisor")


@pytest.fixture
async def rob(shop: Shop) -> Phone:
    """An installer."""
    return await shop.hire("Rob Green", "installer")


async def test_c_7_a_newcomer_is_met_in_the_language_of_his_telegram(shop: Shop) -> None:
    """C-7: English for an English Telegram, the company's language for one that the bot does not speak; strangers
    and refused invitations are answered in their language, too."""
    ann = await shop.hire("Ann Smith", "manager", language="en-GB")
    await ann.sees("Ann Smith")
    await all_in_english(ann)
    hans = await shop.hire("Hans Weber", "manager", language="de")
    await hans.sees("Здравствуйте, Hans Weber!")
    john = await shop.stranger("John", language="en")
    for said in (await john.text("Hello"), await john.start("x" * 30)):
        assert not russian_in(said.text), said.text
    assert len({one.text for one in await john.from_bot()}) == 2, "the refusal says what is wrong"


async def test_c_7_an_english_managers_whole_story(shop: Shop, ann: Phone, chief: Phone) -> None:
    """C-7: from the lead to the refusal and the call-back, with mistakes on the way; the supervisor reads English as
    well, and a colleague beside them goes on reading Russian."""
    pavel = await shop.hire("Павел Егоров", "manager")
    since, above = await in_english(ann), await in_english(chief)

    await shop.lead(name="Mary Jones", phone="8 912 345-67-89", comment="Corner kitchen", source="Site")
    await pavel.sees("Новый лид: Mary Jones")
    card = await ann.tap("Open", "Mary Jones")
    taken = await ann.press(card.id, card.rows[0][0]["data"])
    await all_in_english(ann, since)
    await shop.later(days=1, hours=1)
    await all_in_english(ann, since)
    await shop.later(days=2, hours=1)
    escalation = next(one for one in reversed(await chief.from_bot()) if "Mary Jones" in one.text)
    assert escalation.id > above
    await all_in_english(chief, above)

    for action in ("move", "move"):  # to «В работе», and there stuck
        await press_action(ann, taken, action)
        await all_in_english(ann, since)
    await ann.text("2026-0001")
    await all_in_english(ann, since)

    await press_by_data(ann, "new:furniture:order")
    await ann.text("🙂")
    await ann.fill("Peter Brown", "12", "+7 916 111-22-33", "Wardrobe", "a lot", "-5", "1000000000000", "150 000")
    await all_in_english(ann, since)
    made = next(row for row in await shop.rows(select(DealRow.id, DealRow.pipeline)) if row.pipeline == "order")
    menu = await ann.text("/menu")
    for step in (f"move:{made.id}:~:prepayment", f"move:{made.id}:~:won", f"move:{made.id}:~:making"):
        await ann.press(menu.id, f"v1:{step}", forged=True)
        await all_in_english(ann, since)
    await ann.fill("200 000", "75 000", "[Today]", "[Cash]")
    await ann.press(menu.id, f"v1:move:{made.id}:~:delivery", forged=True)
    await ann.press(menu.id, f"v1:fill:{made.id}:delivery_at", forged=True)
    await ann.fill("31.02.2027", "tomorrow at 25:00", "26.11.2026 12:00")
    await all_in_english(ann, since)
    await ann.press(menu.id, f"v1:fill:{made.id}:address", forged=True)
    await ann.text("Moscow")
    await all_in_english(ann, since)
    await ann.text("/cancel")
    await ann.press(menu.id, f"v1:move:{made.id}:~:refused", forged=True)
    await all_in_english(ann, since)
    asked = next(one for one in reversed(await ann.from_bot()) if any(":opt:other" in d for d in data_of(one)))
    await ann.press(asked.id, next(d for d in data_of(asked) if ":opt:other" in d))
    await all_in_english(ann, since)
    await shop.until("2026-12-15T12:00")
    await all_in_english(ann, since)
    await all_in_english(chief, above)
    await pavel.sees_no("Language")


def data_of(seen: Seen) -> list[str]:
    return [button["data"] for row in seen.rows for button in row if button["data"]]


async def press_action(phone: Phone, on: Seen, action: str) -> Seen:
    """Press the first button of that action on a message as it stands now."""
    fresh = next(one for one in await phone.messages() if one.id == on.id)
    found = [data for data in data_of(fresh) if data.startswith(f"v1:{action}:")]
    assert found, f"{action} is not among {data_of(fresh)}"
    return await phone.press(fresh.id, found[0])


async def press_by_data(phone: Phone, data: str) -> Seen:
    """Press a button that the menu has."""
    menu = await phone.text("/menu")
    assert f"v1:{data}" in data_of(menu)
    return await phone.press(menu.id, f"v1:{data}")


async def test_c_7_every_screen_that_buttons_lead_to_is_in_english(
    shop: Shop, ann: Phone, chief: Phone, rob: Phone
) -> None:
    """C-7: from the menu every button is pressed, and every button of the screens behind it: manager, supervisor and
    installer, in a shop with a lead, a deal and an installer's job. Nothing of it is Russian."""
    await shop.lead(name="Mary Jones", phone="8 912 345-67-89", comment="Corner kitchen", source="Site")
    await press_by_data(ann, "new:furniture:order")
    await ann.fill("Peter Brown", "+7 916 111-22-33", "Wardrobe", "150 000")
    made = next(row.id for row in await shop.rows(select(DealRow.id, DealRow.pipeline)) if row.pipeline == "order")
    menu = await ann.text("/menu")
    installer = next(one.id for one in await shop.rows(select(EmployeeRow)) if one.role == "installer")
    for step in ("prepayment", "making"):
        await ann.press(menu.id, f"v1:move:{made}:~:{step}", forged=True)
    await ann.fill("75 000", "[Сегодня]", "[Наличные]")
    for step in ("delivery", "assembly"):
        await ann.press(menu.id, f"v1:move:{made}:~:{step}", forged=True)
    await press_verb(ann, "yes")
    await ann.fill("26.11.2026 12:00", "27.11.2026 10:00")
    await press_verb(ann, f"who:{installer}")
    assert (await shop.rows(select(DealRow.stage).where(DealRow.id == made)))[0].stage == "assembly"

    visited: set[str] = set()
    for phone in (rob, ann, chief):
        since = await in_english(phone)
        visited |= await crawl(phone)
        await phone.text("/help")
        await all_in_english(phone, since)
    missed = {"deal", "stages", "sections", "history", "files", "task", "tasks", "client", "team", "settings"} - visited
    assert not missed, f"the crawl did not come to {missed}"


async def press_verb(phone: Phone, verb: str) -> Seen:
    """Press a form's button by what it means."""
    for one in reversed(await phone.from_bot()):
        found = [
            data
            for data in data_of(one)
            if data.startswith("v1:form:") and data.partition("form:")[2].partition(":")[2] == verb
        ]
        if found:
            return await phone.press(one.id, found[0])
    raise AssertionError(f"no form has {verb}:\n{await phone.dump()}")


async def crawl(phone: Phone) -> set[str]:
    """Press every button that can be come to from the menu, each screen being looked at; the actions pressed."""
    menu = await phone.text("/menu")
    waiting, seen = deque(data_of(menu)), set(data_of(menu))
    for _ in range(MOST_PRESSES):
        if not waiting:
            break
        data = waiting.popleft()
        shown = await phone.press(menu.id, data, forged=True)
        words = russian_in(shown.text, *shown.labels, phone.toast)
        assert not words, f"{data}: {words}\n{shown.text}\n{shown.labels}\n{phone.toast}"
        for found in (shown, phone.screen):
            for more in data_of(found):
                # one language, one role, and a form's own buttons (they live as long as their question)
                if more not in seen and not re.match(r"v1:(lang|form|role_set|dismiss_yes|delete|hand|take):?", more):
                    seen.add(more)
                    waiting.append(more)
    return {data.split(":")[1] for data in seen}


async def test_c_7_money_dates_and_counts_are_written_as_the_reader_writes_them(shop: Shop, ann: Phone) -> None:
    """C-7: «150 000 ₽» and «вт, 24 ноября» for one, «₽150,000» and “Tue, November 24” for the other; plurals too."""
    await press_by_data(ann, "new:furniture:order")
    await ann.fill("Peter Brown", "+7 916 111-22-33", "Wardrobe", "150 000")
    card = await ann.sees("№ 2026-0001")
    await ann.text("2026-0001")
    await ann.press((await ann.last()).id, "v1:deal:1", forged=True)
    russian = ann.screen
    assert "150 000 ₽" in plain(russian.text) and "вт, 24 ноября" in plain(russian.text)
    await in_english(ann)
    await ann.press(card.id, "v1:deal:1", forged=True)
    english = ann.screen
    assert "150,000" in english.text and "₽" in english.text
    assert "Tue, November 24" in english.text
    back = await ann.tap("Русский")
    assert "Язык: Русский" in back.text
