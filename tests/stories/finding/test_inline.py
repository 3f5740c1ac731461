"""`@bot 1042` in any chat: the same search, by the rights of who types, and nothing that a stranger may read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models.tables.updates import InboxRow
from tests.stories import kitchen
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop
from tests.stories.finding.test_what_one_has_in_the_hand import ordered
from tests.stories.troubles.test_database_away_story import locked

FRESH = 6  # seconds after which Telegram asks the bot again


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop."""
    opened, http = await kitchen.open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def vera(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Вера Орлова", "manager")


@pytest.mark.parametrize("said", ["2026-0001", "1", "6789", "Ивановой", "Садовая 7", "№ 0001"])
async def test_a_deal_is_found_in_any_chat_by_what_one_has_in_the_hand(shop: Shop, anna: Phone, said: str) -> None:
    """Its title, its stage and whose it is stand in the list."""
    await ordered(shop)
    found = await anna.inline(said)
    assert [one.title for one in found.results] == ["📁 № 2026-0001 — Кухня угловая · Мария Иванова"]
    assert found.results[0].description == "Подписать договор · ведёте вы"
    assert found.answered and found.button is None


async def test_what_is_posted_says_the_number_only_and_opens_the_card_by_right(
    shop: Shop, owner: Phone, anna: Phone, vera: Phone
) -> None:
    """Into a foreign chat nothing comes that anybody there may not read; the link opens by right."""
    await ordered(shop)
    stranger = await shop.stranger("Гость")
    group = await shop.post("groups", {"title": "Чат с клиентом", "kind": "group"})
    found = await anna.inline("6789")
    await anna.post_offered(found.results[0], group["id"])
    (posted,) = (await shop.get(f"groups/{group['id']}"))["posted"]
    assert posted["text"] == "📁 Сделка № 2026-0001"
    ((button,),) = posted["rows"]
    word = button["url"].partition("?start=")[2]
    assert button["text"] == "Открыть карточку" and word == "d1"
    for one in (anna, owner):
        assert "№ 2026-0001" in (await one.start(word)).text and "Мария Иванова" in (await one.last()).text
    refused = (await vera.start(word)).text
    assert "Это ведёт Анна Соколова" in refused and "Мария" not in refused
    said = (await stranger.start(word)).text
    assert said == "Это рабочий бот компании. Доступ только для сотрудников."


async def test_a_colleagues_client_is_found_with_whose_he_is_and_nothing_else(
    shop: Shop, owner: Phone, anna: Phone, vera: Phone
) -> None:
    """Day 5: as in the bot's own search."""
    await ordered(shop)
    for said in ("Мария Иванова", "6789", "2026-0001", "Садовая 7"):
        assert "Кухня" in (await anna.inline(said)).results[0].title
        (one,) = (await vera.inline(said)).results
        assert (one.title, one.description) == ("🔒 № 2026-0001", "ведёт Анна Соколова"), said
        assert one.text == "📁 Сделка № 2026-0001"
    (seen,) = (await owner.inline("6789")).results
    assert "Мария Иванова" in seen.title and "ведёт Анна Соколова" in seen.description
    await shop.later(seconds=FRESH)
    await owner.open("2026-0001")
    await do(owner, "[Передать]", "[Вера Орлова]")
    assert "ведёте вы" in (await vera.inline("6789")).results[0].description, "Changed: as it is now"


async def test_nobody_from_outside_is_offered_anything(shop: Shop, anna: Phone, owner: Phone) -> None:
    """Neither a stranger nor who was dismissed, nor who finds nothing in the bot; a button leads in."""
    await ordered(shop)
    stranger, nikolay = await shop.stranger("Гость"), await shop.hire("Николай Громов", "installer")
    for one, word in ((stranger, "Только для сотрудников компании"), (nikolay, "Искать сделки могут продажи")):
        for said in ("6789", ""):
            found = await one.inline(said)
            assert found.answered and not found.results and found.button is not None, said
            assert word in found.button["text"]
    assert found.button is not None
    assert "Николай" in (await nikolay.start(found.button["start_parameter"])).text
    assert len((await anna.inline("6789")).results) == 1
    await do(owner, "[👥 Команда]", "[Анна Соколова]", "[Уволить…]", "[Да, уволить]")
    await shop.later(seconds=FRESH)
    gone = await anna.inline("6789")
    assert gone.answered and not gone.results and gone.button == {
        "text": "Только для сотрудников компании", "start_parameter": "start",
    }  # fmt: skip


async def test_a_stranger_costs_no_more_than_a_few_answers(shop: Shop, anna: Phone) -> None:
    """Twice and oftener: beyond three in ten seconds nothing is answered him; who works here is."""
    await ordered(shop)
    stranger = await shop.stranger("Гость")
    answered = [(await stranger.inline(f"{n}000", wait=0.3)).answered for n in range(8)]
    assert answered[:4] == [True] * 4 and answered[4:] == [False] * 4
    assert (await anna.inline("6789")).results


async def test_twice_it_is_the_same_and_a_deleted_deal_is_gone(shop: Shop, boss: Phone, anna: Phone) -> None:
    await ordered(shop)
    first = await anna.inline("6789")
    again = await anna.inline("6789")
    assert again.results == first.results and again.cached, "Telegram shows it again for a few seconds"
    await boss.open("2026-0001")
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    await shop.later(seconds=FRESH)
    gone = await anna.inline("6789")
    assert not gone.cached and not gone.results and gone.button is not None
    assert gone.button == {"text": "Сделок не нашлось — искать в боте", "start_parameter": "find"}
    assert "Кого или что найти?" in (await anna.start("find")).text
    assert "нет" in (await anna.start("d1")).text, "Back? an old link opens nothing"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("ы" * 200, "Слишком длинно"), ("слово " * 33, "Слишком длинно"), ("🦊🦊🦊", "Здесь нет ни букв, ни цифр"),
        ("ю", "Напишите хотя бы три буквы"), ("Ив", "Напишите хотя бы три буквы"), ("999999", "Сделок не нашлось"),
        ("'; DROP TABLE deal", "Сделок не нашлось"),
    ],
)  # fmt: skip
async def test_bad_input_gets_a_word_and_a_way_on(shop: Shop, anna: Phone, said: str, word: str) -> None:
    await ordered(shop)
    found = await anna.inline(said)
    assert found.answered and not found.results and found.button is not None and word in found.button["text"]


async def test_without_words_ones_own_deals_are_offered_what_waits_first(shop: Shop, anna: Phone, vera: Phone) -> None:
    await ordered(shop)
    await ordered(shop, name="Пётр Ёлкин", phone="+79160000001")
    await ordered(shop, name="Чужой", phone="+79160000002", whose="Вера Орлова")
    found = await anna.inline("")
    assert [one.title.partition(" — ")[0] for one in found.results] == ["📁 № 2026-0001", "📁 № 2026-0002"]
    assert "Пётр Ёлкин" in found.results[1].title
    assert all("ждёт вас" in one.description for one in found.results)
    new = await shop.hire("Олег Новый", "manager")
    nothing = await new.inline("")
    assert not nothing.results and nothing.button is not None and "Своих сделок нет" in nothing.button["text"]


async def test_many_come_page_by_page(shop: Shop, anna: Phone) -> None:
    for n in range(20):
        await ordered(shop, name=f"Клиент {n}", phone=f"+7916000{n:04d}")
    seen, offset, pages = set[str](), "", 0
    while pages < 9:
        found = await anna.inline("Садовая", offset=offset)
        seen |= {one.title for one in found.results}
        pages, offset = pages + 1, found.next_offset
        if not offset:
            break
    assert pages == 3 and len(seen) == 20
    assert not (await anna.inline("Садовая", offset="99")).results


async def test_what_is_posted_to_the_bot_itself_opens_the_card_and_answers_no_question(shop: Shop, anna: Phone) -> None:
    number = await ordered(shop)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Название]")
    found = await anna.inline("6789")
    seen = await anna.post_offered(found.results[0])
    assert f"№ {number}" in seen.text and "Мария Иванова" in seen.text, "the card, and its title is what it was"


async def test_no_query_is_kept_and_a_slow_or_failed_answer_holds_up_nobody(shop: Shop, anna: Phone) -> None:
    """Cut off: Telegram takes no answer; whoever presses is served meanwhile, and the next key is answered."""
    await ordered(shop)
    before = await shop.rows(select(func.count()).select_from(InboxRow))
    for n in range(10):
        await anna.inline(f"Иванова {n}")
    assert await shop.rows(select(func.count()).select_from(InboxRow)) == before
    for kind in ("500", "drop", "garbage"):
        await shop.post("faults", {"kind": kind, "methods": ["answerInlineQuery"], "times": 1})
        lost = await anna.inline(f"Мария {kind}", wait=0.5)
        assert not lost.answered
        assert (await anna.text("6789")).text
    assert (await anna.inline("Мария")).results
    assert not shop.app.intake.failures


async def test_who_waits_for_telegram_to_take_an_answer_keeps_nobody_waiting(shop: Shop, anna: Phone) -> None:
    await ordered(shop)
    await shop.post("faults", {"kind": "slow", "methods": ["answerInlineQuery"], "times": 1, "seconds": 3.0})
    slow = asyncio.ensure_future(anna.inline("Иванова"))
    await asyncio.sleep(0)
    await shop.post(f"phones/{anna.key}/text", {"text": "6789"})
    for _ in range(100):
        if await anna.find("Поиск: 6789") is not None:
            break
        await asyncio.sleep(0.02)
    await anna.sees("Поиск: 6789")
    assert not slow.done() and (await slow).results


async def test_while_one_types_only_the_newest_words_are_looked_for(shop: Shop, anna: Phone) -> None:
    """A key per letter: of what waits for its turn only the last is answered."""
    await ordered(shop)
    before = shop.app.inline.answered
    for end in range(1, 8):
        await anna.inline("Иванова"[:end], wait=0)
    found = await anna.inline("Иванова М")
    assert found.results and shop.app.inline.answered - before < 9
    await shop.settle()
    assert not shop.app.inline.dropped


async def test_garbage_in_place_of_a_query_breaks_nothing(shop: Shop, anna: Phone) -> None:
    await ordered(shop)
    someone = {"id": 77, "is_bot": False, "first_name": "X"}
    garbage: list[Any] = [
        "?", {}, {"id": 5}, {"id": "1", "from": {"id": "x"}}, {"id": "1", "from": {"id": 2**70}, "query": 7},
        {"id": "2", "from": someone, "query": None, "offset": "-1"}, {"id": "3", "from": someone, "query": "a\0"},
    ]  # fmt: skip
    for one in garbage:
        await shop.post("updates", {"update": {"inline_query": one}})
    lone = {"update_id": 5, "inline_query": {"id": "4", "from": someone, "query": "а\ud800"}}
    assert await shop.app.intake.accept([lone, lone]) == 0
    await shop.settle()
    assert (await anna.inline("6789")).results
    assert not shop.app.intake.failures and not shop.app.intake.quarantined


async def test_while_another_program_holds_the_file_one_finds_all_the_same(shop: Shop, anna: Phone) -> None:
    """It only reads: a database in which nothing can be written keeps nobody from looking."""
    await ordered(shop)
    async with locked(shop):
        assert (await anna.inline("6789")).results
        assert (await anna.inline("")).results


async def test_when_the_search_fails_it_says_so_and_the_next_key_asks_again(
    shop: Shop, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ordered(shop)

    async def away(look: Any) -> Any:
        raise OSError("no connection")

    with monkeypatch.context() as broken:
        broken.setattr(shop.app.inline._db, "read", away)
        failed = await anna.inline("6789")
    assert failed.answered and not failed.results and failed.button is not None
    assert failed.button["text"] == "Сейчас не получилось — откройте бота"
    assert (await anna.inline("6789")).results, "the failure is not kept"


async def test_a_query_among_presses_holds_back_none_of_them(shop: Shop, anna: Phone) -> None:
    """They come in one batch; the query is taken out, the message behind it is carried out, each once."""
    await ordered(shop)
    someone = {"id": anna.key, "is_bot": False, "first_name": "Анна"}
    for number in (1, 2, 2):
        query = {"id": f"9{number}", "from": someone, "query": "6789", "offset": "", "chat_type": "sender"}
        await shop.post("updates", {"update": {"update_id": 900_000_000 + number, "inline_query": query}})
        await shop.post(f"phones/{anna.key}/text", {"text": f"678{number}"})
    await shop.settle()
    assert await anna.count("Поиск: 6781") == 1 and await anna.count("Поиск: 6782") == 2
    assert not shop.app.intake.failures
