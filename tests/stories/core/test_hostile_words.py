"""What people write is shown as they wrote it: never a template, never markup, never looked up (safety 13, 18)."""

from __future__ import annotations

import csv
import io
import resource
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.cli import csv_io
from models.tables.updates import DONE, InboxRow
from models.values.clean_text import one_line
from services import sheet_export
from services.register import register_entries, register_export
from services.unit_of_work import UnitOfWork
from tests.stories import measuring
from tests.stories.acts import begin, do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import open_kitchens

HUGE = "{a:>400000000}"
HOSTILE = (
    f"{{ }} {{0}} {{client}} {HUGE}",
    "{0.__class__} {task!r} %s %(x)s %n",
    "<b>жирно</b> & &lt; <script>",
    "=1+cmd|' /C calc'!A0",
    "\u202eкрутобор\0 \u2066два\u2069",
    "Сайт",  # a text of the product, word for word
)
LONG = ("длинно {x} " * 100)[:900]
FILE = "{0} {client} {task!r} %s & =1+1.pdf"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200
MOST_MEMORY = 200 * 1024  # KiB: filled in, the huge one alone would take twice as much


def shown(word: str, limit: int = 100_000) -> str:
    """The word as the house keeps it, without what deceives the eye; blanks of any number are one here."""
    return one_line(plain(word), limit=limit)


def assert_shows(seen: Seen | str, *words: str) -> None:
    said = shown(seen if isinstance(seen, str) else "\n".join((seen.text, *seen.labels)))
    for word in words:
        assert shown(word) in said, f"«{shown(word)}» does not stand in:\n{said}"


async def assert_nothing_failed(shop: Shop) -> None:
    """Every update was answered, and nobody was told of a fault."""
    assert all(row.state == DONE for row in await shop.rows(select(InboxRow.state)))
    for phone in shop.phones.values():
        await phone.sees_no("пошло не так")
        await phone.sees_no("не обработано")


@pytest.fixture(autouse=True)
def memory_does_not_grow() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MOST_MEMORY, f"{grown} KiB"


async def pages(phone: Phone, number: str) -> str:
    """Card, «Подробно» and history of a deal, as one text."""
    card = (await phone.open(number)).text
    await do(phone, "[Заполнить]")
    whole = phone.screen.text
    await do(phone, "[‹ Назад]", "[История]")
    return shown("\n".join((card, whole, phone.screen.text)))


async def test_what_a_site_sends_is_shown_as_it_was_written(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Name, comment and source of a lead: in the message, on the card, in «Подробно», in the lists, in the search."""
    for place, word in enumerate(HOSTILE, 1):
        name, number = f"Ия {word}", f"2026-{place:04d}"
        status, _ = await shop.lead(name=name, phone=f"+7916111223{place}", comment=word, source=word)
        assert status == 201
        assert_shows(await anna.sees(f"Новый лид: {shown(name, 120)}"), name)
        told = await pages(anna, number)
        for line in (shown(name, 120), f"Что нужно клиенту: {shown(word)}", f"Источник: {shown(word, 100)}"):
            assert plain(line) in told, told
        found = await anna.text(name[:30])  # what is longer is asked for shorter
        assert "Ия" in "".join(found.labels)
    await anna.text("/menu")
    await anna.tap("Ничьи · 6")
    listed = plain(" ".join(anna.screen.labels))
    assert all(shown(f"Ия {word}")[:15] in listed for word in HOSTILE), listed
    await shop.later(days=8)  # those above hear of all of them, in one message
    await boss.sees("сообщени")
    assert_shows(await boss.dump(), "{ } {0} {client}")
    await assert_nothing_failed(shop)


async def test_a_lead_says_who_sent_it_in_no_other_language(shop: Shop, anna: Phone) -> None:
    """A source that reads like a text of ours is not translated; ours is."""
    await shop.lead(name="Ann", phone="+79161112231", source="Сайт")
    await shop.lead(name="Ben", phone="+79161112232")
    await anna.text("/settings")
    await anna.tap("English")
    for number, name, source in (("2026-0001", "Ann", "Source: Сайт"), ("2026-0002", "Ben", "Source: Site")):
        await anna.text(number)
        await do(anna, f"[{name}]", "[Fill in]")
        assert source in plain(anna.screen.text), anna.screen.text


async def test_what_a_colleague_types_is_shown_as_it_was_typed(shop: Shop, anna: Phone) -> None:
    """Client, wish, title, note, address, a file's name, what is looked for: on every page of the deal, on the client's
    card, in the export, where no cell is a formula."""
    for place, word in enumerate(HOSTILE, 1):
        number = f"2026-{place:04d}"
        await anna.text("/menu")
        await anna.tap("➕ Новый заказ")
        await anna.fill(f"Ия {word}", f"+7 916 111-22-3{place}", f"Шкаф {word}", "150 000")
        await anna.open(number)
        await do(anna, "[Заполнить]", "[✏️ Название]", f"Кухня {word}")
        await do(anna, "[Заполнить]", "[💬 Заметка]", word)
        told = await pages(anna, number)
        for said in (f"Ия {word}", f"Шкаф {word}", f"название: {shown(f'Кухня {word}', 120)}", f": {word}"):
            assert shown(said) in told, told
        await anna.open(number)
        await anna.tap("👤 Клиент")
        assert_shows(anna.screen, f"Ия {word}", f"Кухня {word}")
        await anna.text(word)
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[💬 Заметка]", LONG[:900])
    assert shown(LONG[:900]) in await pages(anna, "2026-0001")
    street = f"{HUGE} %s {{city}} <b>"
    await do(anna, "[‹ Назад]", "[Заполнить]", "[Проект]", "[Адрес]", "Казань, д. 7", street, "[Верно]")
    assert_shows(await pages(anna, "2026-0001"), street)
    await do(anna, "[‹ Назад]", "[Заполнить]", "[Проект]", "[Дизайн]")
    await anna.send_files((FILE, PICTURE), kind="document")
    await do(anna, "[Готово]")
    await anna.open("2026-0001")
    await do(anna, "[Файлы 1]")
    assert_shows(anna.screen, FILE)
    await assert_nothing_failed(shop)
    await assert_no_cell_is_a_formula(shop)


async def assert_no_cell_is_a_formula(shop: Shop) -> None:
    """`verstak export`: the words stand in the table as they were typed, a formula behind an apostrophe."""
    rows = await shop.app.db.run(lambda tx: [*csv_io._clients(tx), *csv_io._deals(tx, shop.app.company)])
    cells = [
        cell
        for row in csv.reader(io.StringIO(sheet_export.csv_of(rows).decode("utf-8-sig")), delimiter=";")
        for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert {shown(f"Кухня {word}", 120) for word in HOSTILE} <= set(map(plain, cells))


async def test_what_stands_on_a_task_is_shown_as_it_was_typed(
    shop: Shop, anna: Phone, boss: Phone, owner: Phone, nikolay: Phone
) -> None:
    """Lines of a checklist, of one deal and of the template, a description, a reason, a question and its answer; a line
    that is there already is refused in its own words."""
    await owner.text("/settings")
    await do(owner, "[Чек-листы задач]", "[Сборка у клиента]")
    for word in HOSTILE:
        await do(owner, "[➕ Добавить пункт]", f"Взять {word}")
    await do(owner, "[📝 Описание]", " ".join(HOSTILE))
    assert_shows(owner.screen, *HOSTILE)
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", "25.11 в 10", "[Николай Громов]")
    await anna.open("2026-0001")
    await do(anna, "[Задачи]", "[Сборка у клиента]")
    assert_shows(anna.screen, *(f"Взять {word}" for word in HOSTILE))
    await do(anna, "[✏️ Чек-лист]")
    for word in HOSTILE:
        await do(anna, "[➕ Добавить пункт]", f"Взять {word}")
        assert_shows(anna.screen, f"Такой пункт уже есть: «{shown(f'Взять {word}')}»")
        await do(anna, f"Отдать {word}")
    assert_shows(anna.screen, *(f"Отдать {word}" for word in HOSTILE))
    await do(anna, "[‹ К задаче]", "[⏰ Отложить]", "[1 час]", " ".join(HOSTILE))
    for word in HOSTILE:
        await nikolay.tap("Спросить менеджера", "Сборка у клиента")
        await nikolay.text(word)
        asked = await anna.sees("Николай Громов спрашивает")
        assert_shows(asked, f"спрашивает: {shown(word)}")
        await anna.tap("Ответить", asked)
        await anna.text(f"Отвечаю: {word}")
        assert_shows(await nikolay.sees("Анна Соколова отвечает"), f"отвечает: {shown(f'Отвечаю: {word}')}")
    told = await pages(anna, "2026-0001")
    assert_shows(told, *(f"вопрос: {shown(word)}" for word in HOSTILE), " ".join(HOSTILE))
    await assert_nothing_failed(shop)


@pytest.fixture
async def kitchens(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def measurers(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await measuring.open_measuring(tmp_path)
    yield opened
    await close_shop(opened, http)


async def test_a_company_and_its_people_are_called_as_they_call_themselves(kitchens: Shop) -> None:
    """Names of colleagues and requisites: nothing is filled in on any screen."""
    shop = kitchens
    owner = await shop.hire("Сергей Воронов", "owner")
    for place, word in enumerate(HOSTILE):
        await shop.hire(f"Ян{place} {word.replace(chr(0), '')}", "manager")
    await owner.text("/menu")
    await do(owner, "[Команда]")
    assert_shows(owner.screen, *(f"Ян{place} {word}"[:20] for place, word in enumerate(HOSTILE)))
    await owner.text("/settings")
    await do(owner, "[Реквизиты компании]", "[Компания]")
    for word in HOSTILE:
        await do(owner, "[Полное название]", f"ООО {word}")
        assert_shows(owner.screen, f"ООО {word}")
    await assert_nothing_failed(shop)


async def test_the_register_shows_clients_as_they_are_called(measurers: Shop) -> None:
    """«Учёт клиентов» in the bot and as a file."""
    crew, tomorrow = await measuring.hired(measurers, date(2026, 11, 24)), date(2026, 11, 24)
    names = [shown(f"Ия {word}", 120) for word in HOSTILE]
    for place, name in enumerate(names, 1):
        await measuring.begun(measurers, "measure", tomorrow, name=name, phone=f"+7916111223{place}", full_name=name)
    for name in names:
        await crew.anna.start()
        await do(crew.anna, "[Учёт клиентов]", "[Замер подтверждён]", f"[{name[:12]}]")
        assert_shows(crew.anna.screen, name)
    made = await measurers.app.db.run(lambda tx: _register(measurers, tx))
    cells = [cell for row in csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";") for cell in row]
    assert set(names) <= set(cells)
    await assert_nothing_failed(measurers)


def _register(shop: Shop, tx: Any) -> bytes:
    work = UnitOfWork(tx, shop.app.now(), shop.app.company)
    return register_export.as_csv(register_entries.every(work, work.process("measurement")))
