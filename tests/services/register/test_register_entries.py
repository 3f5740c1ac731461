"""«Учёт клиентов» on both databases: an entry always says what the deal says (M-5, M-12, M-14 … M-16)."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from models.values.addresses.address import Address
from models.values.work_calendar import WorkCalendar
from services import sheet_export
from services.clients import client_cards
from services.deals import client_merge, deal_commands, deal_queries
from services.register import register_changes, register_entries, register_export, register_file
from services.register import register_compare as comparing
from services.register.register_entries import RegisterEntry
from services.unit_of_work import Company, UnitOfWork
from tests.worlds import office as offices
from tests.worlds.office import ZONE, Office
from tests.worlds.register_shop import visits

DAY = date(2026, 12, 5)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = await offices.open_office(database)
    opened.company = Company({"visits": visits()}, WorkCalendar(ZONE))
    yield opened


async def begin(office: Office, who: str | None = "manager", *moves: str, **values: Any) -> Deal:
    """A sale of that employee's (of nobody's), moved along these stages."""
    told = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Кухня", **values}
    owner = office.staff[who].id if who else None

    def go(work: UnitOfWork) -> Deal:
        deal = deal_commands.begin(work, visits(), "sales", told, responsible_id=owner)
        for to in moves:
            deal = deal_commands.move(work, deal.id, None, to)
        return deal

    return await office.run(go)


async def listed(office: Office, who: str | None = None, **how: Any) -> list[RegisterEntry]:
    page = await office.run(lambda work: register_entries.entries(work, visits(), **how), who)
    return list(page.entries)


async def test_m_5_the_entrys_date_and_sum_are_the_deals_whatever_is_changed(office: Office) -> None:
    deal = await begin(office, "manager", "premeasure", measure_on=DAY, calc_total=Decimal(115_973))
    (entry,) = await listed(office)
    assert (entry.date, entry.sum, entry.status) == (DAY, Decimal(115_973), "Замер назначен")
    moved = {"measure_on": date(2026, 12, 9), "calc_total": Decimal("99000.50")}
    await office.run(lambda work: deal_commands.fill(work, deal.id, moved), "manager")
    (entry,) = await listed(office)
    assert (entry.date, entry.sum) == (date(2026, 12, 9), Decimal("99000.50"))


async def test_m_12_a_contract_shows_with_number_sum_discount_and_full_name(office: Office) -> None:
    told = {
        "contract_number": "12455Ш", "contract_total": Decimal(150_000), "discount": Decimal(0),
        "full_name": "Иванова Мария Петровна", "visit_result": "contract",
        "address": Address(city="Казань", street="ул. Баумана", house="7"),
    }  # fmt: skip
    await begin(office, "manager", "premeasure", "won", measure_on=DAY, **told)
    (one,) = await listed(office)
    assert (one.contract_number, one.contract_sum, one.discount) == ("12455Ш", Decimal(150_000), Decimal(0))
    assert (one.full_name, one.result, one.status) == ("Иванова Мария Петровна", "Заключён договор", "Договор заключён")
    assert (one.client, one.phones, one.responsible) == ("Мария Иванова", ("+79123456789",), "Анна")
    assert "Баумана" in one.address


async def test_m_14_m_16_the_status_follows_the_stage_and_a_lost_deal_says_when_it_was_lost(office: Office) -> None:
    again = await begin(office, "manager", "premeasure", "again", measure_on=DAY)
    before = await begin(office, "manager", "premeasure", "lost", measure_on=DAY, lost_result="before")
    after = await begin(office, "manager", "premeasure", "lost", measure_on=DAY, lost_result="after")
    plain = await begin(office, "manager", "lost", measure_on=DAY)
    put_off = await begin(office, "manager", "premeasure", measure_on=DAY)

    def defer(work: UnitOfWork) -> None:
        rule = next(name for name in visits().rules if name.startswith("sales.premeasure.tap"))
        deal_commands.tap(work, put_off.id, rule, {})

    await office.run(defer, "manager")
    said = {one.deal_id: one.status for one in await listed(office)}
    assert said == {
        again.id: "Повторный выезд", before.id: "Отказ перед замером", after.id: "Отказ после замера",
        plain.id: "Отказ", put_off.id: "Отложен",
    }  # fmt: skip
    counts = await office.run(lambda work: register_entries.counts(work, visits()))
    assert counts == dict.fromkeys(
        ("Повторный выезд", "Отказ перед замером", "Отказ после замера", "Отказ", "Отложен"), 1
    )
    for deal_id, words in said.items():
        assert [one.deal_id for one in await listed(office, status=words)] == [deal_id], words


async def test_a_deal_without_a_date_is_listed_only_once_a_measurement_or_a_contract_was_in_hand(
    office: Office,
) -> None:
    await begin(office, "manager")
    await begin(office, "manager", "lost", comment='"measure_on":"2026-12-05"')
    remote = await begin(office, "manager", "won")  # a contract made without a visit (M-15)
    stood = await begin(office, "manager", "premeasure", "lost")
    assert [one.deal_id for one in await listed(office)] == [stood.id, remote.id]


async def test_pages_follow_each_other_without_gaps_or_repeats(office: Office) -> None:
    made = [(await begin(office, "manager", measure_on=DAY)).id for _ in range(7)]
    seen: list[int] = []
    after: int | None = None
    while True:
        page = await office.run(lambda work, after=after: register_entries.entries(work, visits(), after=after, most=3))
        seen += [one.deal_id for one in page.entries]
        after = page.after
        if after is None:
            break
    assert seen == made[::-1]
    every = await office.run(lambda work: list(register_entries.every(work, visits(), 5)))
    assert [one.deal_id for one in every] == made[::-1][:5]


async def test_c_8_a_manager_reads_his_own_and_nobodys_the_management_all_and_field_staff_nothing(
    office: Office,
) -> None:
    mine = await begin(office, "manager", measure_on=DAY)
    boss = await begin(office, "supervisor", measure_on=DAY)
    free = await begin(office, None, measure_on=DAY)
    gone = await begin(office, "manager", measure_on=DAY)
    await office.run(lambda work: deal_commands.delete(work, gone.id), "owner")
    assert {one.deal_id for one in await listed(office, "manager")} == {mine.id, free.id}
    assert {one.deal_id for one in await listed(office, "supervisor")} == {mine.id, boss.id, free.id}
    assert sum((await office.run(lambda work: register_entries.counts(work, visits()), "manager")).values()) == 2
    for call in (register_entries.entries, register_entries.counts):
        with pytest.raises(NotAllowed):
            await office.run(lambda work, call=call: call(work, visits()), "installer")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: register_entries.get(work, boss.id), "manager")


async def test_the_clients_card_gives_name_and_phones_even_after_two_cards_became_one(office: Office) -> None:
    lead = await office.run(
        lambda work: deal_commands.begin(
            work, visits(), "leads", {"name": "Пётр", "phone": "+79161112233"}, responsible_id=None
        )
    )
    await office.run(lambda work: deal_commands.move(work, lead.id, None, "done"), "manager")
    born = await office.run(lambda work: deal_queries.successor_of(work, lead.id))
    await office.run(lambda work: deal_commands.fill(work, born.id, {"measure_on": DAY}), "manager")

    def merge(work: UnitOfWork) -> None:
        keep = client_cards.create(work, "Пётр Сидоров", ["+79035556677"])
        client_merge.merge(work, keep.id, born.client_id)

    (one,) = await listed(office)
    assert (one.client, one.phones) == ("Пётр", ("+79161112233",))
    await office.run(merge, "owner")
    (one,) = await listed(office)
    assert one.client == "Пётр Сидоров"
    assert set(one.phones) == {"+79035556677", "+79161112233"}


async def test_m_14_who_may_not_change_the_status_asks_the_supervisor_once(office: Office) -> None:
    deal = await begin(office, "owner", "premeasure", measure_on=DAY)
    found = await office.run(lambda work: deal_queries.find(work, deal.id))

    def may(work: UnitOfWork) -> bool:
        return register_changes.can_change(work, found)

    assert [await office.run(may, who) for who in ("owner", "supervisor", "manager")] == [True, True, False]
    for _ in range(2):
        told = await office.run(lambda work: register_changes.ask_above(work, deal.id, "Прошу"), "manager")
        assert [one.name for one in told] == ["Семён"]
    rows = await office.run(
        lambda work: work.tx.execute(select(ScheduledRow).where(ScheduledRow.rule == register_changes.RULE)).all(), None
    )
    assert [(row.employee_id, row.payload["from"]) for row in rows] == [
        (office.staff["supervisor"].id, office.staff["manager"].id)
    ]
    undated = await begin(office, "manager")
    with pytest.raises(NotFound):
        await office.run(lambda work: register_changes.ask_above(work, undated.id, "Прошу"), "manager")


async def test_what_was_exported_compares_as_equal_and_a_later_change_is_listed(office: Office) -> None:
    """M-5: there and back, in both kinds of file."""
    deal = await begin(
        office, "manager", "premeasure", measure_on=DAY, calc_total=Decimal("115973.5"), full_name="=Иванова; «Мария»",
        discount=Decimal(0),
    )  # fmt: skip
    await begin(office, "manager", "lost", measure_on=DAY, lost_result="after", name="-Пётр")
    entries = await listed(office)
    files = {
        "a.xlsx": sheet_export.xlsx([register_export.sheet("Учёт: [клиентов]", entries)]),
        "a.csv": register_export.as_csv(entries),
    }
    titles = {key: [title] for key, title in register_entries.titles(visits()).items()}
    sheets = {name: register_file.read(name, data, DAY, titles) for name, data in files.items()}
    for sheet in sheets.values():
        assert comparing.compare(sheet, entries) == []
    await office.run(lambda work: deal_commands.fill(work, deal.id, {"measure_on": date(2026, 12, 6)}), "manager")
    now = await listed(office)
    for sheet in sheets.values():
        assert comparing.compare(sheet, now) == [
            f"строка 3: сделка {deal.number}: дата замера 05.12.2026, в сделке 06.12.2026"
        ]
