"""Search by what one has in the hand: digits, a street, goods, a number of a paper, a surname in any case, a typo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from models.tables.clients import ClientWordRow
from models.tables.deals import DealRow, DealWordRow
from models.tables.tasks import TaskRow
from models.values.addresses.address import Address
from services.deals import deal_commands, deal_queries
from services.documents import papers
from services.people import employees
from services.personal import erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.stories import kitchen
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain


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


async def ordered(
    shop: Shop,
    name: str = "Мария Иванова",
    phone: str = "+79123456789",
    address: Address | None = kitchen.ADDRESS,
    whose: str = "Анна Соколова",
) -> str:
    """A deal of that manager in which there is no money yet; its number."""

    def begin(tx: Any) -> str:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        leads = next(one for one in employees.staff(work) if one.name == whose)
        values = {"name": name, "phone": phone, "comment": "Кухня угловая", "kitchen_type": "corner"}
        if address is not None:
            values["address"] = address  # type: ignore[assignment]
        process = work.process("kitchens")
        return deal_commands.begin(work, process, "general", values, responsible_id=leads.id).number

    number: str = await shop.app.db.run(begin)
    await shop.settle()
    return number


async def paper(shop: Shop, number: str, name: str) -> str:
    """A paper is asked for; its number."""

    def ask(tx: Any) -> str:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        row = tx.execute(select(DealRow).where(DealRow.number == number)).one()
        made = papers.ask_for(work, deal_queries.read(work, row), name)
        found = papers.find(work, made)
        assert found is not None
        return found.number

    asked: str = await shop.app.db.run(ask)
    await shop.settle()
    return asked


def has(seen: Seen, number: str) -> bool:
    """Whether the deal can be opened from what was found."""
    return any(number.rpartition("-")[2] in label for label in seen.labels if label.startswith(("📁", "✅", "✖️")))


@pytest.mark.parametrize(
    "said",
    [
        "6789", "345-67-89", "912 345", "8 912 345", "+7 912 345-67-89", "Садовая 7", "ул. Садовая, д. 7, кв. 12",
        "на Садовой", "садов", "угловая", "кухня угловую", "Иванова", "Ивановой", "иванову марию", "ИВАН", "2026-0001",
        "0001", "1", "№ 1", "сделка 1", "Ивонова", "Иванва", "Мария Садовая", "Садовая 6789", "Д-2026-001",
        "договор 001", "д 2026 1", "договор № 1",
    ],
)  # fmt: skip
async def test_the_deal_is_found_by_anything_and_opened_in_one_tap(shop: Shop, anna: Phone, said: str) -> None:
    """I1, I3: typed anywhere, found, opened."""
    number = await ordered(shop)
    await ordered(shop, name="Пётр Ёлкин", phone="+79160000001", address=None)
    assert await paper(shop, number, "contract") == "Д-2026-001"
    seen = await anna.text(said)
    assert has(seen, number), seen.text
    await anna.tap("📁 0001", seen)
    assert "Мария Иванова" in anna.screen.text and "№ 2026-0001" in anna.screen.text


async def test_a_typo_finds_what_is_nearly_so_and_says_it(shop: Shop, anna: Phone) -> None:
    await ordered(shop)
    seen = await anna.text("Ивонова")
    assert "Точно такого нет. Похоже на это:" in seen.text
    seen = await anna.text("Иванова")
    assert "Похоже" not in seen.text
    seen = await anna.text("Брынза")
    assert "Ничего не нашлось" in seen.text


async def test_the_invoice_that_came_back_with_the_payment_finds_its_deal(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Twice: a second version keeps the number and is found once. Gone: the deleted deal is found by nothing."""
    number = await ordered(shop)
    for _ in range(2):
        invoice = await paper(shop, number, "invoice")
    before = await anna.text(f"счёт {invoice}")
    assert has(before, number) and plain(before.text).count(number) == 1
    await boss.open(number)
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    for said in ("6789", "Садовая 7", f"счёт {invoice}", number, "угловая"):
        seen = await anna.text(said)
        assert not has(seen, number), seen.text
    await anna.tap_old("📁 0001", before)
    assert "№ 2026-0001" not in anna.screen.text, "Back? the old result opens nothing"


async def test_what_is_changed_is_found_as_it_is_now(shop: Shop, anna: Phone) -> None:
    """Changed: another address, another title; the old ones find nothing."""
    number = await ordered(shop)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Название]", "Гардеробная на дачу")
    assert has(await anna.text("гардеробную"), number)
    seen = await anna.text("Мария")
    assert "Гардеробная на дачу" in seen.text, "the client's name still finds it"


async def test_a_colleagues_client_is_found_with_his_deals_and_whose_they_are(
    shop: Shop, owner: Phone, anna: Phone, vera: Phone
) -> None:
    """Day 5: the fact is told, the details are not: no title, no address, no sum, no button."""
    number = await ordered(shop)
    for said in ("Мария Иванова", "6789", number, "Садовая 7"):
        seen = await vera.text(said)
        assert f"№ {number} — ведёт Анна Соколова" in seen.text and not has(seen, number), seen.text
        assert not [one for one in ("Кухня", "Договор", "договор") if one in seen.text], seen.text
    card = await vera.tap("👤 Мария Иванова", await vera.text("Мария Иванова"))
    assert f"№ {number} — ведёт Анна Соколова" in card.text and not has(card, number)
    await vera.press(card.id, "v1:deal:1", forged=True)
    assert "Это ведёт Анна Соколова" in (vera.toast or "")
    seen = await owner.text("6789")
    assert has(seen, number) and "ведёт Анна Соколова" in seen.text
    assert has(await anna.text("6789"), number) and "ведёт" not in (await anna.last()).text


async def test_whose_a_deal_is_is_told_as_it_is_now(shop: Shop, owner: Phone, anna: Phone, vera: Phone) -> None:
    """Gone: who led it is dismissed, and the deal is still told with his name; handed on, it is Vera's own."""
    number = await ordered(shop)
    await do(owner, "[👥 Команда]", "[Анна Соколова]", "[Уволить…]", "[Да, уволить]")
    assert f"№ {number} — ведёт Анна Соколова" in (await vera.text("6789")).text
    await owner.open(number)
    await do(owner, "[Передать]", "[Вера Орлова]")
    assert has(await vera.text("6789"), number)


async def test_an_erased_client_is_found_by_nothing_of_his(shop: Shop, owner: Phone, anna: Phone) -> None:
    """Forgotten: at once."""
    await ordered(shop)
    await owner.tap("👤 Мария Иванова", await owner.text("Мария"))

    def erase(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        erasures.erase(work, person_keys.of_client(work, 1), "asked")

    await shop.app.db.run(erase)
    for said in ("6789", "Иванова", "Садовая 7"):
        assert "Ничего не нашлось" in (await anna.text(said)).text, said
    assert not await shop.rows(select(DealWordRow)) and not await shop.rows(select(ClientWordRow))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("слово " * 33, "Для поиска слишком длинно"), ("ы" * 200, "Для поиска слишком длинно"),
        ("🦊🦊🦊", "Здесь нет ни букв, ни цифр"), ("ю", "Одной буквы мало"),
        ("7", "Так коротко ищутся только номера"), ("999999", "Ничего не нашлось"),
    ],
)  # fmt: skip
async def test_bad_input_gets_a_clear_word_and_a_way_on(shop: Shop, anna: Phone, said: str, word: str) -> None:
    seen = await anna.text(said)
    assert word in seen.text and seen.button("🔍 Искать ещё")


async def test_many_are_found_by_pages_with_their_number(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Back? An old page's button shows what there is now."""
    for n in range(20):
        await ordered(shop, name=f"Клиент {n}", phone=f"+7916000{n:04d}")
    seen = await anna.text("Садовая")
    assert "Нашлось 20 записей" in seen.text and "страница 1 из 3" in seen.text and has(seen, "2026-0020")
    second = await anna.tap("Дальше ▶", seen)
    assert "страница 2 из 3" in second.text and has(second, "2026-0012") and not has(second, "2026-0020")
    third = await anna.tap("Дальше ▶", second)
    assert has(third, "2026-0001") and third.button("Дальше ▶") is None
    await boss.open("2026-0001")
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    again = await anna.tap("◀ Назад", third)
    assert "Нашлось 19 записей" in again.text


async def test_what_was_found_is_narrowed_to_what_one_is_after(
    shop: Shop, boss: Phone, anna: Phone, vera: Phone
) -> None:
    """By person, by stage, to what waits for me; each with its number, and back to all. Changed: counted anew."""
    for n in range(3):
        await ordered(shop, name=f"Клиент {n}", phone=f"+7916000{n:04d}")
    hers = await ordered(shop, name="Клиент Веры", phone="+79160000009", whose="Вера Орлова")
    choices = await boss.tap("🔽 Уточнить", await boss.text("Садовая"))
    assert choices.button("👤 Анна Соколова (3)") and choices.button("👤 Вера Орлова (1)")
    assert not [one for one in choices.labels if one.startswith(("Открытые", "Ждут меня"))], "they tell nothing apart"
    only = await boss.tap("👤 Вера Орлова (1)", choices)
    assert "Только: 👤 Вера Орлова" in only.text and "Нашлась 1 запись" in only.text and has(only, hers)
    every = await boss.tap("✖️ Все найденные", only)
    assert "Только" not in every.text and has(every, "2026-0001")
    await boss.open("2026-0001")
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    await boss.tap("🔽 Уточнить", every)
    assert boss.screen.button("👤 Анна Соколова (2)")


async def test_what_waits_for_me_is_told_apart(shop: Shop, anna: Phone, boss: Phone) -> None:
    await ordered(shop)
    waits = await ordered(shop, name="Пётр Ёлкин", phone="+79160000001")
    await boss.open("2026-0001")
    task = update(TaskRow).where(TaskRow.deal_id == 1).values(state="void")
    await shop.app.db.run(lambda tx: tx.execute(task))
    choices = await anna.tap("🔽 Уточнить", await anna.text("Садовая"))
    only = await anna.tap("Ждут меня (1)", choices)
    assert has(only, waits) and not has(only, "2026-0001") and "Только: Ждут меня" in only.text


async def test_forged_filters_leave_everything_or_nothing_and_break_nothing(shop: Shop, anna: Phone) -> None:
    await ordered(shop)
    seen = await anna.text("Садовая")
    for data in ("v1:found:RADOVA-A:0:p.~", "v1:found:RADOVA-A:zz:s.nowhere", "v1:found:RADOVA-A:0:x", "v1:narrow:-"):
        await anna.press(seen.id, data, forged=True)
        assert anna.screen.text and "Что-то пошло не так" not in anna.screen.text


async def priced(shop: Shop, number: str, roubles: int) -> None:
    """Write a sum of the contract under a deal, as its form does."""

    def fill(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        row = tx.execute(select(DealRow).where(DealRow.number == number)).one()
        deal_commands.fill(work, row.id, {"contract_total": Decimal(roubles)})

    await shop.app.db.run(fill)


async def narrowed(phone: Phone, said: str, asked: str = "Садовая") -> Seen:
    """What is left of what was found when sums or days are typed."""
    choices = await phone.tap("🔽 Уточнить", await phone.text(asked))
    assert "Какая сумма или какие даты?" in (await phone.tap("✍️ Сумма или даты…", choices)).text
    return await phone.text(said)


async def test_what_was_found_is_narrowed_by_sum(shop: Shop, anna: Phone) -> None:
    """By a button or in one's own words. Changed: another sum counts at once. Twice: it is the same."""
    for n, roubles in enumerate((90_000, 150_000, 200_000, 450_000)):
        await priced(shop, await ordered(shop, name=f"Клиент {n}", phone=f"+7916000{n:04d}"), roubles)
    await ordered(shop, name="Без суммы", phone="+79160000009")
    for said, left, title in (
        ("от 100 000 до 200 000", {2, 3}, "100 000 ₽ – 200 000 ₽"), ("> 400 тыс", {4}, "от 400 000 ₽"),
        ("до 100000", {1}, "до 100 000 ₽"), ("до 100000", {1}, "до 100 000 ₽"),
    ):  # fmt: skip
        seen = await narrowed(anna, said)
        assert {n for n in range(1, 6) if has(seen, f"2026-000{n}")} == left, said
        assert f"Только: {title}" in plain(seen.text)
        assert has(await anna.tap("✖️ Все найденные", seen), "2026-0005")
    choices = await anna.tap("🔽 Уточнить", await anna.text("Садовая"))
    button = next(one for one in choices.labels if plain(one).startswith("до "))
    assert has(await anna.tap(button, choices), "2026-0001")
    await priced(shop, "2026-0004", 95_000)
    assert has(await narrowed(anna, "до 100 000"), "2026-0004")
    seen = await narrowed(anna, "от 5 млн")
    assert "Среди найденного таких нет." in seen.text and seen.button("✖️ Все найденные")


async def test_what_was_found_is_narrowed_by_the_days_when_it_came(shop: Shop, anna: Phone) -> None:
    """Today is Monday, 23 November; a deal is of the day on which it came in the company's zone."""
    await ordered(shop)
    await shop.until("2026-12-01T00:30")
    late = await ordered(shop, name="Пётр Ёлкин", phone="+79160000001")
    await shop.until("2026-12-02T10:00")
    for said, left in (
        ("с 1 по 30 ноября", {1}), ("за ноябрь", {1}), ("вчера", {2}), ("01.12", {2}), ("с 20.11 по 5.12", {1, 2}),
        ("за декабрь 2025", set[int]()),
    ):  # fmt: skip
        seen = await narrowed(anna, said)
        assert {n for n in (1, 2) if has(seen, f"2026-000{n}")} == left, said
    choices = await anna.tap("🔽 Уточнить", await anna.text("Садовая"))
    assert has(await anna.tap("Декабрь 2026 (1)", choices), late)
    assert "Только: Декабрь 2026" in anna.screen.text


@pytest.mark.parametrize("said", ["кухня", "от 100.000", "с 31 ноября", "🦊", "1" * 200, "с 1 по"])
async def test_what_is_neither_sums_nor_days_is_asked_again(shop: Shop, anna: Phone, said: str) -> None:
    await ordered(shop)
    await ordered(shop, name="Пётр Ёлкин", phone="+79160000001")
    seen = await narrowed(anna, said)
    assert "Например" in seen.text or "Напишите" in seen.text, seen.text
    assert has(await anna.text("до 23 ноября"), "2026-0001"), "the question stands still"


async def test_forged_ranges_leave_everything_or_nothing_and_break_nothing(shop: Shop, anna: Phone) -> None:
    await ordered(shop)
    seen = await anna.text("Садовая")
    for word in ("c-", "c9-1", "d1-0", "d0-5", "d9999999-99999999", "c999999999999-999999999999", "d1-3652059", "c--1"):
        await anna.press(seen.id, f"v1:found:RADOVA-A:0:{word}", forged=True)
        assert anna.screen.text and "Что-то пошло не так" not in anna.screen.text, word
