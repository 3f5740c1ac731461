"""Papers as rows: numbers, versions, what makes a new one, who may see them (K-11, K-12); on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.database import Database
from handlers.documents.papers import shown
from models.entities import Deal, Employee
from models.errors import NotAllowed
from models.tables.documents import PaperRow, PaperTemplateRow
from models.tables.outbox import ScheduledRow
from models.values.received_payment import ReceivedPayment
from services import facts
from services.deals import deal_commands, deal_queries
from services.documents import empty_places, papers, printing
from services.documents.papers import Paper
from services.files import deal_files
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MovableClock

InWork = Callable[..., Any]
Order = Callable[..., Any]
Staff = dict[str, Employee]


def ask(deal: Deal, name: str) -> Callable[[UnitOfWork], int]:
    return lambda work: papers.ask_for(work, deal_queries.find(work, deal.id) or deal, name)


def printed(work: UnitOfWork, key: int, bytes_: str = "0") -> Paper | None:
    """What the errand does, without printing."""
    job = printing.gather(work, key, shown)
    if job is None:
        return None
    return printing.settle_same(work, job) or printing.made(work, job, bytes_ * 64, 10, shown)


async def rows(in_work: InWork) -> list[tuple[str, str, int, str]]:
    found = select(PaperRow.name, PaperRow.number, PaperRow.version, PaperRow.state).order_by(PaperRow.id)
    return [tuple(row) for row in await in_work(lambda work: work.tx.execute(found).all())]


async def test_K11_a_number_taken_by_a_transaction_that_fails_goes_back(in_work: InWork, order: Order) -> None:
    one, other = await order(), await order()

    def broken(work: UnitOfWork) -> None:
        papers.ask_for(work, one, "contract")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        await in_work(broken)
    assert await rows(in_work) == []
    await in_work(ask(other, "contract"))
    await in_work(ask(one, "contract"))
    assert [number for _, number, *_ in await rows(in_work)] == ["Д-2026-1", "Д-2026-2"]


async def test_K11_ten_managers_at_once_get_ten_numbers_without_gaps_or_twins(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    waiting = [await order() for _ in range(10)]
    await asyncio.gather(*(in_work(ask(one, "invoice"), actor=staff["manager"]) for one in waiting))
    assert sorted(int(number) for _, number, *_ in await rows(in_work)) == list(range(1, 11))


async def test_K11_a_paper_that_is_asked_for_is_not_made_yet(in_work: InWork, order: Order) -> None:
    deal = await order()
    key = await in_work(ask(deal, "contract"))

    def is_made(work: UnitOfWork) -> bool:
        return "made:contract" in facts.of(work, deal_queries.get(work, deal.id))

    assert not await in_work(is_made)
    await in_work(lambda work: printed(work, key))
    assert await in_work(is_made)


async def test_K11_two_taps_at_the_same_moment_are_one_version(in_work: InWork, order: Order, staff: Staff) -> None:
    deal = await order()
    first, second = await asyncio.gather(
        in_work(ask(deal, "contract"), actor=staff["manager"]), in_work(ask(deal, "contract"), actor=staff["owner"])
    )
    assert first == second
    assert await rows(in_work) == [("contract", "Д-2026-1", 1, "asked")]


async def test_K11_numbers_begin_anew_with_the_year(in_work: InWork, order: Order, clock: MovableClock) -> None:
    one, other = await order(), await order()
    await in_work(ask(one, "contract"))
    clock.forward(days=60)
    await in_work(ask(other, "contract"))
    assert [number for _, number, *_ in await rows(in_work)] == ["Д-2026-1", "Д-2027-1"]


async def test_K11_the_same_card_makes_no_new_version_and_a_changed_one_does(
    in_work: InWork, order: Order, staff: Staff, clock: MovableClock
) -> None:
    deal = await order()
    first = await in_work(ask(deal, "contract"), actor=staff["manager"])
    made = await in_work(lambda work: printed(work, first))
    assert (made.number, made.version, made.state) == ("Д-2026-1", 1, "made")
    clock.forward(days=3)  # another day is no other contract

    again = await in_work(ask(deal, "contract"), actor=staff["manager"])
    same = await in_work(lambda work: printed(work, again))
    assert same.id == made.id
    assert await rows(in_work) == [("contract", "Д-2026-1", 1, "made")]

    await in_work(
        lambda work: deal_commands.fill(work, deal.id, {"contract_total": Decimal(160000)}), actor=staff["manager"]
    )
    more = await in_work(ask(deal, "contract"), actor=staff["manager"])
    second = await in_work(lambda work: printed(work, more, "1"))
    assert (second.number, second.version) == ("Д-2026-1", 2)
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data).order_by(PaperRow.id)).scalars().all())
    assert [one["money"]["total"] for one in told] == ["150\u00a0000,00", "160\u00a0000,00"]
    assert {one["paper"]["date_short"] for one in told} == {"23.11.2026"}  # the date stays with the number


async def test_K11_what_the_template_does_not_print_makes_no_new_version(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    deal = await order()
    key = await in_work(ask(deal, "act"))
    await in_work(lambda work: printed(work, key))
    await in_work(lambda work: deal_commands.fill(work, deal.id, {"wishes": "после обеда"}), actor=staff["manager"])

    def fresh(work: UnitOfWork) -> bool:
        every = papers.of_deal(work, deal.id)
        return printing.is_fresh(work, deal_queries.get(work, deal.id), every[-1], every, shown)

    assert await in_work(fresh)


async def test_K11_a_card_that_changes_while_its_paper_is_printed_is_printed_anew(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    deal = await order()
    key = await in_work(ask(deal, "contract"))
    job = await in_work(lambda work: printing.gather(work, key, shown))
    await in_work(
        lambda work: deal_commands.fill(work, deal.id, {"contract_total": Decimal(99000)}), actor=staff["manager"]
    )
    assert await in_work(lambda work: printing.made(work, job, "0" * 64, 10, shown)) is None
    assert await rows(in_work) == [("contract", "Д-2026-1", 1, "asked")]


async def test_K11_a_paper_that_failed_keeps_its_number_for_the_next_try(in_work: InWork, order: Order) -> None:
    deal = await order()
    key = await in_work(ask(deal, "contract"))
    await in_work(lambda work: printing.failed(work, key, "broken"))
    assert await in_work(ask(deal, "contract")) == key
    assert await rows(in_work) == [("contract", "Д-2026-1", 1, "asked")]


async def test_K11_what_is_missing_is_named(in_work: InWork, order: Order) -> None:
    deal = await order(contract_total=None, address=None)
    key = await in_work(ask(deal, "contract"))
    with pytest.raises(printing.CannotPrint, match=r"^needs:contract_total,address$"):
        await in_work(lambda work: printing.gather(work, key, shown))


async def test_K12_sent_is_true_of_the_newest_version_only(in_work: InWork, order: Order, staff: Staff) -> None:
    deal = await order()
    key = await in_work(ask(deal, "invoice"))
    one = await in_work(lambda work: printed(work, key))
    assert await in_work(lambda work: printing.sent(work, one), actor=staff["manager"])
    assert not await in_work(lambda work: printing.sent(work, one), actor=staff["manager"])
    known = await in_work(lambda work: facts.of(work, deal_queries.get(work, deal.id)))
    assert {"made:invoice", "sent:invoice"} <= known

    await in_work(lambda work: deal_commands.fill(work, deal.id, {"advance": Decimal(50000)}), actor=staff["manager"])
    more = await in_work(ask(deal, "invoice"))
    await in_work(lambda work: printed(work, more, "1"))
    known = await in_work(lambda work: facts.of(work, deal_queries.get(work, deal.id)))
    assert "made:invoice" in known and "sent:invoice" not in known


async def test_K12_an_invoice_asks_for_the_prepayment_as_agreed_else_for_what_is_left(
    in_work: InWork, order: Order
) -> None:
    agreed, whole = await order(advance=Decimal(75000)), await order()
    for deal in (agreed, whole):
        key = await in_work(ask(deal, "invoice"))
        await in_work(lambda work, key=key: printed(work, key))
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data).order_by(PaperRow.id)).scalars().all())
    assert [one["money"]["due"] for one in told] == ["75\u00a0000,00", "150\u00a0000,00"]
    assert ["Sum=7500000" in told[0]["qr_text"], "Sum=15000000" in told[1]["qr_text"]] == [True, True]


async def test_K12_the_invoice_for_the_rest_is_a_new_one_once_the_first_was_paid(
    in_work: InWork, order: Order, staff: Staff, clock: MovableClock
) -> None:
    deal = await order(advance=Decimal(75000))
    first = await in_work(ask(deal, "invoice"))
    one = await in_work(lambda work: printed(work, first))
    await in_work(lambda work: printing.sent(work, one), actor=staff["manager"])
    clock.forward(days=5)
    came = ReceivedPayment(Decimal(75000), clock().date(), "transfer")
    await in_work(
        lambda work: deal_commands.fill(work, deal.id, {"prepaid": came, "advance": None}), actor=staff["manager"]
    )
    second = await in_work(ask(deal, "invoice"))
    await in_work(lambda work: printed(work, second, "1"))
    assert await rows(in_work) == [("invoice", "1", 1, "made"), ("invoice", "2", 1, "made")]
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data).order_by(PaperRow.id)).scalars().all())
    assert [(one["money"]["due"], one["paper"]["date_short"]) for one in told] == [
        ("75\u00a0000,00", "23.11.2026"),
        ("75\u00a0000,00", "28.11.2026"),
    ]
    known = await in_work(lambda work: facts.of(work, deal_queries.get(work, deal.id)))
    assert "sent:invoice" not in known  # the new one is still to be sent


async def test_C8_an_installer_gets_the_act_without_prices_and_no_other_paper(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    deal = await order()
    for name in ("contract", "act"):
        key = await in_work(ask(deal, name))
        await in_work(lambda work, key=key, name=name: printed(work, key, str(len(name))))
    every = await in_work(lambda work: papers.of_deal(work, deal.id))
    contract, act = (papers.newest(every, name) for name in ("contract", "act"))
    assert contract is not None and act is not None and contract.file_id is not None and act.file_id is not None
    secret, plain = contract.file_id, act.file_id
    for stage in ("invoice", "assembly"):  # the job is the installer's now
        await in_work(lambda work, stage=stage: deal_commands.move(work, deal.id, None, stage), actor=staff["manager"])
    installer = staff["installer"]
    assert (await in_work(lambda work: deal_files.get(work, plain), actor=installer)).paper == "act"
    with pytest.raises(NotAllowed):
        await in_work(lambda work: deal_files.get(work, secret), actor=installer)
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data).where(PaperRow.name == "act")).scalar_one())
    assert not any(ch.isdigit() for text in told["money"].values() for ch in text)
    assert "contract_total" not in told["fields"]
    assert all(not one["price"] and not one["sum"] for one in told["lines"])


async def test_what_is_hidden_from_who_may_see_the_paper_is_not_printed_on_it(in_work: InWork, order: Order) -> None:
    """The contract is hidden from the installer as well and has the client's passport, the act is his and has none;
    nor is it said of the act that a place stays empty for it."""
    deal = await order(passport="45 12 345678")
    for name in ("contract", "act"):
        key = await in_work(ask(deal, name))
        await in_work(lambda work, key=key, name=name: printed(work, key, str(len(name))))
    query = select(PaperRow.name, PaperRow.data)
    told = {row.name: row.data for row in await in_work(lambda work: work.tx.execute(query).all())}
    assert told["contract"]["client"]["passport"] == told["contract"]["fields"]["passport"] == "45 12 345678"
    assert "45 12 345678" not in str(told["act"]) and told["act"]["client"]["name"]
    empty = await in_work(lambda work: empty_places.foreseen(work, deal, "act", shown))
    assert not [place for place in empty if "passport" in place.fields]


async def test_C8_a_paper_with_prices_asked_for_by_an_installer_goes_to_the_responsible(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    deal = await order()
    key = await in_work(ask(deal, "contract"), actor=staff["installer"])
    one = await in_work(lambda work: printed(work, key))
    for _ in range(2):  # told twice for the same cause, it is told once
        await in_work(lambda work: printing.tell(work, one, staff["installer"].id, "errand-1"))
    to = select(ScheduledRow.employee_id).where(ScheduledRow.kind == "notice", ScheduledRow.rule == "paper")
    assert await in_work(lambda work: work.tx.execute(to).scalars().all()) == [staff["manager"].id]


async def test_K11_a_paper_in_the_deals_history_leaves_the_buttons_of_its_card_good(
    in_work: InWork, order: Order, staff: Staff
) -> None:
    deal = await order()
    before = await in_work(lambda work: deal_queries.get(work, deal.id).version)
    key = await in_work(ask(deal, "contract"), actor=staff["manager"])
    await in_work(lambda work: printed(work, key))
    assert await in_work(lambda work: deal_queries.get(work, deal.id).version) == before
    lines = await in_work(lambda work: deal_queries.history_of(work, deal))
    assert (lines[0].line.kind, lines[0].actor) == ("paper_made", "Manager")


async def test_K11_the_owners_template_in_use_makes_a_docx_of_the_next_version(
    in_work: InWork, order: Order, staff: Staff, database: Database, company: Company, clock: MovableClock
) -> None:
    deal = await order()
    key = await in_work(ask(deal, "contract"))
    await in_work(lambda work: printed(work, key))
    own = {
        "process": "kitchens", "name": "contract", "file_name": "наш.docx", "telegram_id": "x", "sha": "a" * 64,
        "state": "used", "at": clock() + timedelta(hours=1),
    }  # fmt: skip
    await in_work(lambda work: work.tx.execute(insert(PaperTemplateRow).values(**own)))
    more = await in_work(ask(deal, "contract"))
    job = await in_work(lambda work: printing.gather(work, more, shown))
    assert (job.paper.version, job.file_name) == (2, "Договор Д-2026-1 (версия 2).docx")
    await in_work(lambda work: work.tx.execute(update(PaperTemplateRow).values(state="old")))
    back = await in_work(lambda work: printing.gather(work, more, shown))
    assert back.own is None and replace(back, paper=job.paper) != job


ITEMS = "Фасады МДФ, эмаль — 12 шт. — 84 000\nСтолешница — 3,5 пог. м — 35 000\nМонтаж — 31 000"


async def test_K10_the_items_of_the_order_are_the_lines_of_the_invoice(in_work: InWork, order: Order) -> None:
    deal = await order(kitchen_type="corner", items=ITEMS)
    key = await in_work(ask(deal, "invoice"))
    await in_work(lambda work: printed(work, key))
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data)).scalar_one())
    assert [(one["name"], one["qty"], one["unit"], one["price"], one["sum"]) for one in told["lines"]] == [
        ("Фасады МДФ, эмаль", "12", "шт.", "7\u00a0000,00", "84\u00a0000,00"),
        ("Столешница", "3,5", "пог. м", "10\u00a0000,00", "35\u00a0000,00"),
        ("Монтаж", "1", "компл.", "31\u00a0000,00", "31\u00a0000,00"),
    ]
    assert told["deal"]["title"] == "Кухня угловая"


@pytest.mark.parametrize("items", [ITEMS + "\nСкидка — 1 000", "шкафы и столешница", "Шкаф — много — 150 000"])
async def test_K10_items_that_do_not_add_up_are_told_in_words_below_one_line(
    in_work: InWork, order: Order, items: str
) -> None:
    deal = await order(kitchen_type="u_shape", items=items)
    key = await in_work(ask(deal, "specification"))
    await in_work(lambda work: printed(work, key))
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data)).scalar_one())
    assert [(one["name"], one["sum"]) for one in told["lines"]] == [("Кухня П-образная", "150\u00a0000,00")]
    assert told["features"][-1] == {"title": "Состав заказа", "text": items}


async def test_C8_items_told_in_words_have_no_sums_on_the_act(in_work: InWork, order: Order) -> None:
    deal = await order(items="Фасады — 12 шт. — 84 000\nСтолешница — дорого")
    key = await in_work(ask(deal, "act"))
    await in_work(lambda work: printed(work, key))
    told = await in_work(lambda work: work.tx.execute(select(PaperRow.data)).scalar_one())
    assert told["features"][-1]["text"] == "Фасады\nСтолешница" and "84" not in str(told["fields"])
