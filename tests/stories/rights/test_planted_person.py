"""A planted person goes through every door and feature, is given out whole, erased, and then found nowhere."""

from __future__ import annotations

import io
import os
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.backup import backup_process
from bot.backup.backup_order import BackupOrder
from bot.cli import csv_io, restore_command
from bot.database import open_database
from models.personal.marks import FILE_MARKS
from models.tables import metadata
from models.tables.documents import PaperRow
from models.tables.payments import PaymentRow
from models.tables.personal import ErasureRow
from models.values.addresses.address import Address
from services.people import employees
from services.personal import erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.stories.acts import begin, do
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import (
    PICTURE,
    assembled,
    booked,
    client_phone,
    lead_to_deal,
    open_kitchens,
    own_number,
    paid,
    ready,
    sign,
    task,
)

NAME = "Жемчугова Аграфена Львовна"
FIRST, SECOND, MAIL = "+79161112233", "+79057778899", "zhemchug@example.org"
PASSPORT = "4510 778899, выдан ОВД Садовники"
PICTURE_OF_HER = PICTURE + b"planted-photo"
# in any case of her name, however her phones are written
PLANTED = (
    "жемчугов", "аграфен", "9161112233", "9057778899", "111-22-33", "777-88-99", "zhemchug", "778899", "садовник",
)  # fmt: skip
JOB = "Монтаж кухни у клиента"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path / "data")
    yield opened
    await close_shop(opened, http)


# --- looking for her --------------------------------------------------------------------------------------------


def names_her(said: str) -> bool:
    return any(one in said.casefold() for one in PLANTED)


async def in_tables(shop: Shop) -> list[str]:
    """Every place of every table whose value, as text, tells of her."""

    def look(tx: Any) -> list[str]:
        found = set()
        for table in metadata.sorted_tables:
            for row in tx.execute(select(table)):
                found |= {f"{table.name}.{name}" for name, value in row._mapping.items() if names_her(str(value))}
        return sorted(found)

    return list(await shop.app.db.run(look))


def on_disk(folder: Path) -> list[str]:
    """Every file whose bytes tell of her."""
    files = (one for one in folder.rglob("*") if one.is_file())
    return sorted(str(one.relative_to(folder)) for one in files if _tells(one.read_bytes()))


def _tells(data: bytes) -> bool:
    text = data.decode("utf-8", "ignore")
    return names_her(text) or names_her(data.decode("utf-16-le", "ignore")) or b"planted-photo" in data


def stored_long_ago(folder: Path) -> None:
    """No file is of this hour: bytes of this hour wait, somebody could be storing the same."""
    long_ago = time.time() - 3 * 3600
    for one in (folder / "files").rglob("*"):
        if one.is_file():
            os.utime(one, (long_ago, long_ago))


def unmarked(folder: Path) -> list[str]:
    """Files of kinds that nobody has marked."""
    files = [one.relative_to(folder) for one in folder.rglob("*") if one.is_file()]
    return [str(one) for one in files if not any(one.match(mark.pattern) for mark in FILE_MARKS)]


async def documents(phone: Phone) -> list[tuple[str, bytes]]:
    """What the bot has sent as files, the newest last."""
    found = []
    for one in await phone.from_bot():
        if one.media:
            held = phone.shop.sandbox.world.files.by_number
            found += [(str(file.name), file.data) for file in held.values() if str(file.name) == one.media.get("name")]
    return found


# --- her way through the company --------------------------------------------------------------------------------


async def comes_by_the_site(shop: Shop, anna: Phone) -> None:
    """A lead with her consent, taken, converted, filled in and signed; a note, a change that somebody above allows."""
    status, _ = await shop.lead(
        name=NAME, phone="8 916 111-22-33", comment=f"Кухня для Жемчуговой, почта {MAIL}", source="совет Жемчуговой",
        idempotency_key=f"site-{MAIL}", consent="on",
    )  # fmt: skip
    assert status == 201
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]", "✔ В работе", "✔ Создать сделку")
    await anna.open("2026-0003")
    await do(anna, "[Заполнить]", "[💬 Заметка]", f"Звонить Жемчуговой на {SECOND}")
    await anna.open("2026-0003")
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Паспорт]", PASSPORT)
    await sign(anna)
    await anna.open("2026-0003")
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "120 000", "Жемчугова отказалась от столешницы")


async def is_served(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """A kitchen that is paid: booked, SMS to her, assembled, a claim, all settled; the deal is a success."""
    street = Address(city="Москва", street="Садовническая набережная", house="7", flat="12")
    number = await paid(shop, name=NAME, phone=FIRST, address=street)
    await booked(anna)
    await ready(shop, anna)
    await assembled(shop, nikolay)
    await nikolay.tap("Есть претензия", JOB)
    await nikolay.text("Жемчуговой поцарапали фасад")
    await nikolay.send_files(("chip.png", PICTURE_OF_HER))
    await do(nikolay, "[Готово]")
    await task(anna, "Уладить претензию")
    await do(anna, "[Позвонить клиенту и выслушать]", "[Согласовать решение]", "[Устранить и показать]")
    await do(anna, "[Улажено, клиент доволен]", "Жемчугову всё устроило")
    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту и записать отзыв]", "Спасибо от Жемчуговой", "[Всё хорошо]")
    await anna.send_files(("act.png", PICTURE + b"3"))
    await do(anna, "[Готово]")
    assert "✅ Сделка успешна" in plain((await anna.open(number)).text)


async def card(phone: Phone, name: str = NAME) -> Seen:
    """Her card, found by name."""
    return await phone.tap(f"👤 {name[:20]}", await phone.text(name))


async def has_two_cards(anna: Phone) -> None:
    """A colleague's card of hers by another phone: joined, parted, joined again."""
    await begin(anna, "➕ Новая сделка", "Шкаф", client=("Жемчугова А.", "8 905 777-88-99"))
    await card(anna)
    await anna.tap("➕ Телефон")
    await anna.text(SECOND)
    for again in (True, False):
        await card(anna)
        await anna.tap("Объединить: Жемчугова А.")
        await anna.tap(f"Оставить «{NAME[:10]}", anna.screen)
        if again:
            await anna.tap("↩️ Разделить обратно", anna.screen)


async def goes_through_everything(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Every door and feature; at the end a file waits to be put somewhere, and a form is half-filled."""
    await own_number(nikolay)
    await client_phone(shop, number=FIRST)
    await is_served(shop, anna, nikolay)
    await comes_by_the_site(shop, anna)
    await has_two_cards(anna)
    caption = "Эскиз для Жемчуговой"
    await anna.send_files(("zhemchug-plan.jpg", PICTURE_OF_HER + b"1"), kind="document", caption=caption)
    await anna.tap("Кухня для Жемчуговой", "Куда положить")
    await shop.later(minutes=1)
    await anna.send_files(("План Жемчуговой.jpg", PICTURE_OF_HER + b"2"), kind="document")
    olga = await shop.stranger("Сестра Жемчуговой")
    await olga.text(f"Жемчугова просит белую кухню, её номер {FIRST}")
    await shop.later(minutes=1)
    await anna.pass_on(await olga.said(), olga)  # and it waits, as the file does
    await card(anna)
    await anna.tap("✏️ Переименовать")


def order(shop: Shop, night: date) -> BackupOrder:
    """What the bot orders every night."""
    settings = shop.app.settings
    folder = settings.data_dir / "backups"
    return BackupOrder(
        database=SecretStr(settings.database), data_dir=settings.data_dir, folder=folder, night=night, days=7, weeks=4
    )  # fmt: skip


TOLD = {
    "change_request", "claim", "client", "client_phone", "client_word", "deal", "deal_word", "draft", "event", "file",
    "inbox", "intake_key", "paper", "pin", "scheduled", "setting", "sms", "typed_answer", "undo",
}  # fmt: skip  # in all of these she is before


async def test_a_planted_person_is_given_out_whole_and_then_found_nowhere(
    shop: Shop, owner: Phone, boss: Phone, anna: Phone, nikolay: Phone, tmp_path: Path, capfd: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    data = shop.app.settings.data_dir
    await goes_through_everything(shop, anna, nikolay)
    assert {place.partition(".")[0] for place in await in_tables(shop)} >= TOLD
    assert on_disk(data)
    made = backup_process.make(order(shop, date(2026, 11, 24)))
    assert made.trouble == ""

    await card(owner)
    page = await owner.tap("🔐 Данные клиента")
    await owner.tap("📤 Выгрузить всё", page)
    name, archive = (await documents(owner))[-1]
    assert name == "Данные клиента.zip"
    given = unzipped(archive).casefold()
    assert [one for one in (*PLANTED, "planted-photo", "intake") if one not in given] == []

    await owner.tap("🗑 Стереть…", page)
    asked = owner.screen
    stored_long_ago(data)
    assert "Есть открытые сделки" in asked.text and "№ 2026-0003" in asked.text and "№ 2026-0004" in asked.text
    before = await shop.rows(select(PaymentRow.amount).order_by(PaymentRow.id))
    await owner.tap("Стереть вместе со сделками", asked)

    assert await in_tables(shop) == []
    assert on_disk(data) == ["backups/verstak-2026-11-24.zip"], "the copy of before: it is restored below"
    assert unmarked(data) == []
    assert await shop.rows(select(PaymentRow.amount).order_by(PaymentRow.id)) == before and before
    assert [row.number for row in await shop.rows(select(PaperRow.number).where(PaperRow.name == "contract"))]
    [erasure] = await shop.rows(select(ErasureRow))
    assert erasure.done_at is not None and erasure.reason == "asked"
    name, act = (await documents(owner))[-1]
    assert name == "Акт об уничтожении № 1.pdf" and act.startswith(b"%PDF")
    for phone in (anna, boss, nikolay):
        assert [one.text for one in await phone.from_bot() if "🔔" in one.text and names_her(one.text)] == []
    written = capfd.readouterr()
    assert not names_her(written.out + written.err)

    with monkeypatch.context() as set_:
        set_.setenv("DATA_DIR", str(data))
        set_.setenv("PROCESSES", "kitchens")
        await csv_io.export(tmp_path / "all.zip")
    assert not names_her(unzipped((tmp_path / "all.zip").read_bytes()))

    assert backup_process.make(order(shop, date(2026, 11, 25))).trouble == ""
    with monkeypatch.context() as set_:
        set_.setenv("DATA_DIR", str(tmp_path / "fresh"))
        set_.setenv("PROCESSES", "kitchens")
        said = await restore_command.restore(data / "backups" / "verstak-2026-11-24.zip")
    assert "1 erased before erased again" in said
    assert on_disk(tmp_path / "fresh") == []


def unzipped(archive: bytes) -> str:
    """Every file of the archive, as text one after another."""
    with ZipFile(io.BytesIO(archive)) as opened:
        return "\n".join(f"{name}\n{opened.read(name).decode('utf-8', 'ignore')}" for name in opened.namelist())


async def test_an_erasure_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    """Killed right after the press: her rows are gone, bytes and list follow when the bot lives again; once."""
    opened, http = await open_kitchens(tmp_path)
    try:
        await opened.hire("Сергей Воронов", "owner")
        anna = await opened.hire("Анна Соколова", "manager")
        await lead_to_deal(opened, anna)
        await anna.send_files(("plan.jpg", PICTURE_OF_HER), kind="document")
        await anna.tap("Кухня угловая", "Куда положить")
        assert on_disk(tmp_path / "files")
    finally:
        await close_shop(opened, http)
    now, company = opened.app.now(), opened.app.company

    def press(tx: Any) -> int:
        me = employees.of_role(UnitOfWork(tx, now, company), "owner")[0]
        work = UnitOfWork(tx, now, company, me)
        return erasures.erase(work, person_keys.of_client(work, 1), "asked")

    db = await open_database(opened.app.settings.database)
    await db.run(press)  # and nothing after it: the bot is dead
    await db.close()
    stored_long_ago(tmp_path)
    assert on_disk(tmp_path / "files") and not (tmp_path / "erased.jsonl").exists()
    again, http = await open_shop(tmp_path, processes=("kitchens",))
    try:
        await again.settle()
        [erasure] = await again.rows(select(ErasureRow.done_at))
        assert erasure.done_at is not None
        assert on_disk(tmp_path / "files") == []
        assert len((tmp_path / "erased.jsonl").read_text().splitlines()) == 1
    finally:
        await close_shop(again, http)
