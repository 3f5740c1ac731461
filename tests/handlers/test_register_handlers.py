"""«📒 Учёт клиентов» on the phone: statuses, entries, files, and who changes the status (M-5, M-14)."""

import io
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import python_calamine
from form_phone import BUTTON_BYTES, Phone, Shop, copy_of, furniture

from handlers.notices import compose
from keyboards import register as screens
from keyboards.screen import InlineFile
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.notices.oversight_notices import TableTaken
from models.tables.outbox import ScheduledRow
from services.deals import deal_commands
from services.oversight import exports, journal
from services.register import register_entries
from tests.worlds.office import russian
from tests.worlds.outbox import scheduled
from tests.worlds.register_shop import visits

DAY = date(2026, 3, 16)


@pytest.fixture
def shop(migrated: sqlite3.Connection) -> Iterator[Shop]:
    """The shop that keeps a ledger."""
    with copy_of(migrated) as tx, tx.begin():
        yield Shop(tx, visits())


def sale(shop: Shop, owner: Phone | None, *moves: str, **values: object) -> Deal:
    told = {"name": "Мария", "phone": "+79123456789", "comment": "Кухня", "measure_on": DAY, **values}
    owner_id = owner.person.id if owner else None
    deal = deal_commands.begin(shop.work(), visits(), "sales", told, responsible_id=owner_id)
    for to in moves:
        deal = deal_commands.move(shop.work(), deal.id, None, to)
    return deal


def test_m_5_from_the_menu_to_an_entry_that_says_what_the_deal_says(shop: Shop, manager: Phone) -> None:
    sale(shop, manager, "premeasure", calc_total=Decimal(115_973))
    sale(shop, manager, "lost", name="Пётр", phone="+79161112233", lost_result="before")
    manager.press("v1:home").tap("📒 Учёт клиентов")
    assert manager.labels[:3] == ["Замер назначен · 1", "Отказ перед замером · 1", "Все записи · 2"]
    manager.tap("Замер назначен")
    assert manager.labels == ["Мария · 16.03.26", "‹ Назад", "🏠 Меню"]
    manager.tap("Мария")
    for said in ("Статус: Замер назначен", "Дата замера: пн, 16 марта", "просчёта: 115 973 ₽", "+7 912 345-67-89"):
        assert said in manager.text
    manager.tap("‹ Назад").tap("Все записи")
    assert manager.labels[0] == "Пётр · 16.03.26 · Отказ перед замером"


def test_the_pages_of_a_long_ledger_follow_each_other(shop: Shop, manager: Phone) -> None:
    for n in range(register_entries.PAGE + 2):
        sale(shop, manager, name=f"Клиент{n}", phone=f"+7912345670{n}")
    manager.press("v1:ledger_of:visits:~")
    assert manager.labels[0].startswith("Клиент9")
    manager.tap("Ещё ›")
    assert [label[:8] for label in manager.labels[:2]] == ["Клиент1 ", "Клиент0 "]
    assert "Ещё ›" not in manager.labels


def test_m_14_the_responsible_changes_the_status_by_the_stage_menu(shop: Shop, manager: Phone) -> None:
    deal = sale(shop, manager, "premeasure")
    manager.press(f"v1:ledger_one:{deal.id}").tap("Изменить статус")
    assert any("Повторный замер" in label for label in manager.labels)


def test_m_14_who_is_not_responsible_is_sent_to_the_supervisor_who_is_asked_and_can_answer(
    shop: Shop, manager: Phone
) -> None:
    boss = shop.phone(shop.hire("supervisor", "Семён"))
    deal = sale(shop, None, "premeasure")
    manager.press(f"v1:ledger_one:{deal.id}").tap("Изменить статус")
    assert "Статус меняет ответственный или руководитель отдела продаж" in manager.text
    manager.tap("Обратиться к руководителю")
    assert "Вопрос отправлен: Семён" in manager.text
    rows = scheduled(shop.work(), ScheduledRow.rule == "ledger_status")
    (letter,) = compose.compose(shop.work(), rows)
    assert letter.employee_id == boss.person.id
    assert "Мария спрашивает: Прошу изменить статус в учёте клиентов" in letter.screen.plain
    assert [button.text for row in letter.screen.rows for button in row] == ["Ответить", "Открыть"]


def test_m_14_a_colleagues_deal_is_answered_the_same_way_and_shows_nothing_of_it(shop: Shop, manager: Phone) -> None:
    other = shop.phone(shop.hire("manager", "Борис"))
    deal = sale(shop, other, "premeasure")
    with pytest.raises(NotAllowed):
        manager.press(f"v1:ledger_one:{deal.id}")
    manager.press(f"v1:ledger_st:{deal.id}")
    assert "Статус меняет" in manager.text and "Мария" not in manager.text


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_m_5_the_ledger_comes_as_a_file_with_what_the_person_may_see(shop: Shop, manager: Phone, ending: str) -> None:
    other = shop.phone(shop.hire("manager", "Борис"))
    mine, _ = sale(shop, manager), sale(shop, other)
    manager.press("v1:ledger:visits").tap(f"Выгрузить .{ending}")
    made = manager.last.document
    assert isinstance(made, InlineFile)
    assert made.name == f"Учёт клиентов 2026-03-10.{ending}"
    assert manager.last.protect, "proof 34: no employee passes it on"
    if ending == "xlsx":
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made.data)).get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows[1:]] == [mine.number]
    else:
        assert [line.split(";")[0] for line in made.data.decode("utf-8-sig").splitlines()[1:]] == [mine.number]


def test_c_8_field_staff_find_no_ledger_and_no_forged_button_opens_one(
    shop: Shop, manager: Phone, installer: Phone
) -> None:
    deal = sale(shop, manager)
    installer.press("v1:home")
    assert not any("Учёт" in label for label in installer.labels)
    for data in ("ledger:visits", "ledger_of:visits:~", f"ledger_one:{deal.id}", f"ledger_st:{deal.id}",
                 f"ledger_ask:{deal.id}", "ledger_file:visits:xlsx"):  # fmt: skip
        with pytest.raises(NotAllowed):
            installer.press(f"v1:{data}")
    for data in ("ledger:nothing", "ledger_of:visits:zz", "ledger_of:visits:-1", "ledger_of:visits:0:x!",
                 "ledger_file:visits:exe", "ledger_one:zzzz", "ledger_st:zzzz", "ledger_ask:zzzz"):  # fmt: skip
        with pytest.raises(NotFound):
            manager.press(f"v1:{data}")


def test_a_file_that_is_taken_out_is_written_down_and_the_owner_hears_of_it(shop: Shop, manager: Phone) -> None:
    owner = shop.hire("owner", "Ольга")
    sale(shop, manager)
    manager.press("v1:ledger_file:visits:xlsx")
    (row,) = journal.latest(shop.work().tx, datetime.min.replace(tzinfo=UTC), 5)
    assert (row.what, row.about, row.actor) == ("table_exported", ("ledger", None), manager.person.id)
    told = [one for one in scheduled(shop.work()) if one.rule == exports.RULE]
    assert owner.id in {one.employee_id for one in told}
    assert {one.notice for one in told} == {TableTaken("ledger", 1, manager.person.name)}
    before = len(told)
    shop.phone(owner).press("v1:ledger_file:visits:csv")
    told = [one for one in scheduled(shop.work()) if one.rule == exports.RULE][before:]
    assert owner.id not in {one.employee_id for one in told}, "he does it himself"


def test_a_business_without_a_ledger_has_no_button_for_it(migrated: sqlite3.Connection) -> None:
    with copy_of(migrated) as tx, tx.begin():
        shop = Shop(tx, furniture())
        boss = shop.phone(shop.hire("owner", "Ольга"))
        boss.press("v1:home")
        assert not any("📒" in label for label in boss.labels)


def test_an_empty_ledger_says_where_entries_come_from(shop: Shop, manager: Phone) -> None:
    manager.press("v1:ledger:visits")
    assert "Записей пока нет" in manager.text
    assert manager.labels == ["🏠 Меню"]


def test_every_button_fits_with_the_largest_ids() -> None:
    t = russian()
    big, name = 2**40, "a" * 24
    view = screens.EntryView(big, name, "2026-0001", "М", "Отказ", DAY, None, "", "", None, None, "", (), "", "")
    shown = (
        screens.statuses(name, "Учёт", [(40, "Отказ" * 20, 2**31)], t),
        screens.page(name, "Учёт", "13", [screens.RegisterLineView(big, "М" * 90, DAY, "Отказ")], big, t),
        screens.entry(view, DAY, t),
        screens.not_yours("2026-0001", big, t),
    )
    for screen in shown:
        for row in screen.rows:
            assert len(row) <= 3
            for button in row:
                assert button.data is None or len(button.data.encode()) <= BUTTON_BYTES
                assert len(button.text) <= 40
