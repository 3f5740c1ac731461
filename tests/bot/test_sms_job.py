"""A message to a client goes out once, whatever breaks; what became of it is asked for and told (K-21)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import select

from bot.cli import sandbox_command
from bot.database import Database
from bot.jobs import sms_job
from bot.jobs.job_runner import JobContext, JobRunner, RetryLater
from bot.settings import Settings
from bot.unit_of_work_factory import UnitOfWorkFactory
from handlers.notices import compose
from models import sms as m
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed
from models.jobs import DeliverSms
from models.notices.deal_notices import FormerValue
from models.notices.sms_notices import SmsTold
from models.outbox import Scheduled
from models.sms import SmsMessage
from models.tables.deals import HistoryRow
from models.tables.sms import SmsRow
from models.values import money
from sandbox import Person, Sandbox, ShiftedClock
from services.deals import deal_commands, deal_queries
from services.outbox import queue
from services.people import employees
from services.sms import sms_delivery, sms_messages
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, hire, open_office, plain
from tests.worlds.outbox import notices

T = TypeVar("T")
TEXT = "{client}, ваш заказ № {number} готов.\u00a0Ждём!"
RULE = "order.assembly.enter.sms"
PHONE = "+79123456789"


def job_of(row: Scheduled) -> DeliverSms:
    """What the claimed row asks for."""
    return DeliverSms(row.payload["sms"])


@dataclass
class Gate:
    """A gateway that does what it is told to, in turn: an HTTP status; «lost»: taken, and the line breaks."""

    does: list[Any] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    state: str = "delivered"
    port: int = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return web.json_response({"state": self.state, "reason": "абонент недоступен"})
        self.asked += 1
        does = self.does.pop(0) if self.does else 200
        if does == 200 or does == "lost":
            self.taken.append(await request.json())
        if does in ("lost", "cut"):
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({}, status=does if isinstance(does, int) else 200)

    @property
    def plain(self) -> str:
        """It knows no ids: it can neither refuse a repeat nor be asked."""
        return f"post+http://127.0.0.1:{self.port}/sms?to={{phone}}&text={{text}}"

    @property
    def repeating(self) -> str:
        return f"{self.plain}&id={{id}}"

    @property
    def telling(self) -> str:
        return f"{self.plain}#state=/sms?id={{id}}"


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    found = Gate()
    app = web.Application()
    app.router.add_route("*", "/sms", found.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


@dataclass
class Shop:
    """The office with the errands' hands."""

    office: Office
    errands: JobRunner
    context: JobContext

    async def run(self, job: Callable[[UnitOfWork], T], who: str | None = None) -> T:
        return await self.office.run(job, who)

    async def write(self, deal: Deal, text: str = TEXT) -> None:
        await self.run(lambda work: sms_messages.to_client(work, deal_queries.get(work, deal.id), text, RULE))

    async def claimed(self) -> Any:
        """The errand that is due, taken and not yet carried out."""
        (row,) = [row for row in await self.run(queue.claim) if row.kind == "job"]
        return row

    async def carry_out(self) -> int:
        """All errands that are due now; how many."""
        rows = [row for row in await self.run(queue.claim) if row.kind == "job"]
        for row in rows:
            self.errands.start(row)
        await self.errands.settle()
        return len(rows)

    async def after(self, **length: int) -> None:
        self.office.later(**length)
        await self.carry_out()

    async def messages(self) -> list[SmsMessage]:
        deal = await self.run(lambda work: work.tx.execute(select(SmsRow.deal_id).limit(1)).scalar_one_or_none())
        return await self.run(lambda work: sms_messages.of_deal(work, deal)) if deal else []

    async def one(self) -> SmsMessage:
        (found,) = await self.messages()
        return found

    async def told(self) -> list[tuple[str, str]]:
        """Who is told what: (name, what the message says)."""
        names = {person.id: person.name for person in self.office.staff.values()}

        def read(work: UnitOfWork) -> list[tuple[str, str]]:
            rows = [row for row in notices(work) if isinstance(row.notice, SmsTold)]
            found = [(names[row.employee_id], compose.compose(work, [row])) for row in rows]
            return [(name, plain(letters[0].screen)) for name, letters in found]

        return await self.run(read)

    async def history(self) -> list[str]:
        def read(work: UnitOfWork) -> list[str]:
            rows = work.tx.execute(select(HistoryRow.data).where(HistoryRow.kind == "sms").order_by(HistoryRow.id))
            return [data["state"] for (data,) in rows]

        return await self.run(read)


@pytest.fixture
async def open_shop(database: Database, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    opened: list[JobRunner] = []

    async def make(url: str | None) -> Shop:
        office = await open_office(database)
        settings = Settings(_env_file=None, sms_url=SecretStr(url) if url else None)
        context = JobContext(UnitOfWorkFactory(database, lambda: office.now, office.company), None, tmp_path, settings)  # type: ignore[arg-type]
        opened.append(JobRunner(context))
        return Shop(office, opened[-1], context)

    yield make
    for errands in opened:
        await errands.close()


# --- the good day ---------------------------------------------------------------------------------------------------


async def test_it_goes_out_filled_in_and_its_delivery_stands_on_the_deal(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.telling)
    deal = await shop.office.deal()
    await shop.write(deal)
    waiting = await shop.one()
    assert (waiting.state, waiting.parts, waiting.phone) == (m.WAITING, 0, PHONE)
    await shop.carry_out()
    sent = await shop.one()
    assert gate.taken == [{"to": "79123456789", "text": f"Мария Иванова, ваш заказ № {deal.number} готов. Ждём!"}]
    assert (sent.state, sent.parts, sent.text) == (m.SENT, 1, gate.taken[0]["text"])
    await shop.after(seconds=19)
    assert (await shop.one()).state == m.SENT
    await shop.after(seconds=2)
    assert (await shop.one()).state == m.DELIVERED
    assert await shop.history() == ["waiting", "sent", "delivered"]
    assert await shop.told() == []
    # a delivery changes nothing on the card: the buttons that people look at stay good
    fresh = await shop.run(lambda work: deal_queries.get(work, deal.id))
    assert fresh.version == deal.version


async def test_the_state_is_asked_for_less_and_less_often_for_a_day(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.telling)
    gate.state = "queued"
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    looks = 0
    for _ in range(30 * 60):
        shop.office.later(minutes=1)
        looks += await shop.carry_out()
        if looks == 8:
            break
    one = await shop.one()
    assert (one.state, looks) == (m.SENT, 8)
    assert shop.office.now - one.sent_at >= timedelta(hours=24)
    await shop.after(hours=48)
    assert await shop.carry_out() == 0


async def test_a_failed_delivery_is_told_to_the_responsible_with_the_reason(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.telling)
    gate.state = "undelivered"
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    await shop.after(seconds=21)
    assert (await shop.one()).state == m.FAILED
    ((name, said),) = await shop.told()
    assert name == "Анна"
    assert "SMS клиенту не дошло" in said
    assert "Причина: абонент недоступен" in said
    assert "Мария Иванова, ваш заказ" in said


async def test_outside_the_companys_hours_it_waits_for_the_morning(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    shop.office.later(hours=11)  # 23:00 in Moscow
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    assert gate.asked == 0
    await shop.after(hours=9, minutes=59)
    assert gate.asked == 0
    await shop.after(minutes=1)  # 9:00
    assert len(gate.taken) == 1


async def test_the_same_text_that_still_waits_is_not_written_twice(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    deal = await shop.office.deal()
    await shop.write(deal)
    await shop.write(deal)
    await shop.carry_out()
    assert len(gate.taken) == len(await shop.messages()) == 1
    await shop.write(deal)  # said anew, later
    await shop.carry_out()
    assert len(gate.taken) == 2


# --- the bad day ----------------------------------------------------------------------------------------------------


async def test_a_gateway_that_is_busy_is_tried_again_with_pauses(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    gate.does = [429, 503, 200]
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    assert (gate.asked, (await shop.one()).state) == (1, m.WAITING)
    await shop.after(seconds=29)
    assert gate.asked == 1
    await shop.after(seconds=1)
    await shop.after(seconds=60)
    assert (gate.asked, len(gate.taken), (await shop.one()).state) == (3, 1, m.SENT)


async def test_a_gateway_that_stays_away_is_given_up_and_the_responsible_gets_the_text(
    open_shop: Any, gate: Gate
) -> None:
    shop = await open_shop(gate.plain)
    gate.does = [503] * 100
    await shop.write(await shop.office.deal())
    for _ in range(14):
        await shop.after(minutes=15)
    one = await shop.one()
    assert (one.state, one.failure, gate.taken) == (m.FAILED, m.NO_ANSWER, [])
    ((name, said),) = await shop.told()
    assert said.startswith("📵 SMS клиенту не отправлено")
    assert (name, "Причина: шлюз не отвечает" in said, one.text in said) == ("Анна", True, True)


async def test_an_answer_lost_is_a_doubt_that_is_told_and_never_repeated(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    gate.does = ["lost"]
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    await shop.after(hours=2)
    assert (gate.asked, len(gate.taken), (await shop.one()).state) == (1, 1, m.DOUBT)
    ((name, said),) = await shop.told()
    assert (name, "Неизвестно, дошло ли SMS клиенту — позвоните" in said) == ("Анна", True)


async def test_with_our_id_an_answer_lost_is_asked_again_under_the_same_id(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.repeating)
    gate.does = ["lost", 409]
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    assert (await shop.one()).state == m.SENDING
    await shop.after(seconds=70)
    one = await shop.one()
    assert (gate.asked, len(gate.taken), one.state) == (2, 1, m.SENT)
    assert gate.taken[0]["id"] == one.key


async def test_a_gateway_that_can_be_asked_is_asked_before_anybody_is_troubled(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.telling)
    gate.does = ["lost"]
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    await shop.after(seconds=70)
    assert (gate.asked, (await shop.one()).state) == (1, m.SENT)
    await shop.after(seconds=21)
    assert (await shop.one()).state == m.DELIVERED
    assert await shop.told() == []


@pytest.mark.parametrize("knows_ids", [False, True])
async def test_a_crash_between_the_mark_and_the_call_sends_nothing_twice(
    open_shop: Any, gate: Gate, knows_ids: bool
) -> None:
    shop = await open_shop(gate.repeating if knows_ids else gate.plain)
    await shop.write(await shop.office.deal())
    one = await shop.one()
    await shop.run(lambda work: sms_delivery.keep_text(work, one, "Готово"))
    assert await shop.run(lambda work: sms_delivery.begin(work, one))
    # its sender may still be alive: nobody takes it over yet
    await shop.carry_out()
    assert (gate.asked, (await shop.one()).state) == (0, m.SENDING)
    await shop.after(seconds=70)
    expected = (1, m.SENT) if knows_ids else (0, m.DOUBT)
    assert (gate.asked, (await shop.one()).state) == expected


async def test_who_comes_second_while_the_text_is_written_does_not_begin(open_shop: Any, gate: Gate) -> None:
    """On PostgreSQL the second one waits for the first one's row, and reads it anew as being sent."""
    shop = await open_shop(gate.plain)
    await shop.write(await shop.office.deal())
    waiting = await shop.one()
    assert await shop.run(lambda work: sms_delivery.begin(work, waiting))
    marked = await shop.one()
    assert marked.state == m.SENDING
    assert not await shop.run(lambda work: sms_delivery.begin(work, marked))
    assert await shop.run(lambda work: sms_delivery.begin(work, marked, again=True))


async def test_two_who_have_the_same_errand_make_one_call(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    await shop.write(await shop.office.deal())
    row = await shop.claimed()
    results = await asyncio.gather(
        *(sms_job.send(shop.context, row, job_of(row)) for _ in range(2)), return_exceptions=True
    )
    assert (gate.asked, (await shop.one()).state) == (1, m.SENT)
    assert all(one is None or isinstance(one, RetryLater) for one in results)


async def test_a_refusal_is_final_and_trouble_with_the_account_goes_to_those_above_too(
    open_shop: Any, gate: Gate
) -> None:
    shop = await open_shop(gate.plain)
    gate.does = [400, 402]
    deal = await shop.office.deal()
    await shop.write(deal)
    await shop.carry_out()
    assert [name for name, _ in await shop.told()] == ["Анна"]
    await shop.write(deal)
    await shop.carry_out()
    await shop.after(hours=1)
    assert gate.asked == 2
    assert sorted(name for name, _ in await shop.told()) == ["Анна", "Анна", "Ольга", "Семён"]


async def test_without_a_phone_nothing_is_written_and_the_responsible_hears_of_it(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    deal = await shop.office.deal(phone=None)
    await shop.write(deal)
    assert await shop.carry_out() == 0
    assert await shop.history() == ["no_phone"]
    ((name, said),) = await shop.told()
    assert (name, said.splitlines()[0]) == ("Анна", "📵 Нет телефона клиента: SMS не отправлено")


async def test_without_a_gateway_the_responsible_gets_the_text_to_send_himself(open_shop: Any) -> None:
    shop = await open_shop(None)
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    one = await shop.one()
    assert (one.state, one.failure) == (m.FAILED, m.NO_GATEWAY)
    ((name, said),) = await shop.told()
    assert name == "Анна"
    assert "SMS-шлюз не настроен: отправьте SMS клиенту сами" in said
    assert "Мария Иванова, ваш заказ" in said


async def test_a_text_that_speaks_of_a_responsible_who_has_left_is_not_sent(open_shop: Any, gate: Gate) -> None:
    """Whoever stands above is told what is missing in a word of the card, not of the process file."""
    shop = await open_shop(gate.plain)
    await shop.write(await shop.office.deal(), "Новый срок. {responsible}")
    gone = shop.office.staff["manager"].id
    await shop.run(lambda work: employees.dismiss(work, gone), "owner")
    await shop.carry_out()
    assert ((await shop.one()).state, gate.asked) == (m.FAILED, 0)
    said = [text for _, text in await shop.told() if "Причина" in text]
    assert said and all("не хватает данных для текста: Ответственный" in text for text in said)


async def test_a_text_that_speaks_of_an_empty_field_is_not_sent(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    deal = await shop.office.deal()
    await shop.write(deal, "Приедем {assembly_at}, {assembler}")
    await shop.carry_out()
    one = await shop.one()
    assert (one.state, gate.asked) == (m.FAILED, 0)
    ((_, said),) = await shop.told()
    assert "Причина: в карточке не хватает данных для текста: Дата и время монтажа, Мастер по сборке" in said
    assert "{" not in said
    # filled in, it goes out by «Отправить ещё раз»
    master = shop.office.staff["installer"].id
    values = {"assembly_at": shop.office.now + timedelta(days=1), "assembler": master}
    await shop.run(lambda work: deal_commands.fill(work, deal.id, values), "manager")
    await shop.run(lambda work: sms_messages.repeat(work, one.id), "manager")
    await shop.carry_out()
    assert gate.taken[0]["text"] == "Приедем сб, 21 ноября, 12:00, Игорь"


async def test_what_was_before_is_said_as_it_was_known_then(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    deal = await shop.office.deal(delivery_at=shop.office.now + timedelta(days=9))
    was = FormerValue("budget", money.to_kopecks(Decimal(150000)))
    text = "Было {was}, привезём {delivery_at}"
    await shop.run(lambda work: sms_messages.to_client(work, deal, text, RULE, was=was))
    shop.office.later(minutes=10)  # what tells a change waits a little
    await shop.carry_out()
    assert gate.taken[0]["text"] == "Было 150 000 ₽, привезём вс, 29 ноября, 12:00"


async def test_a_learners_client_gets_nothing_and_the_learner_reads_it(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    process = shop.office.company.processes["furniture"]
    line = process.pipelines["order"].model_copy(update={"kind": "practice"})
    practice = process.model_copy(update={"pipelines": {**process.pipelines, "order": line}})
    shop.office.company = type(shop.office.company)({"furniture": practice}, shop.office.company.calendar)
    shop.context.units.company = shop.office.company
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    assert (gate.asked, (await shop.one()).state) == (0, m.PRACTICE)
    ((name, said),) = await shop.told()
    assert (name, "Учебная сделка: клиент получил бы такое SMS" in said) == ("Анна", True)
    assert "Мария Иванова, ваш заказ" in said


async def test_our_own_mistake_ends_with_a_word_to_a_person(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    await shop.write(await shop.office.deal())
    row = await shop.claimed()
    await shop.run(lambda work: sms_job.lost(work, row, job_of(row), "KeyError"))
    one = await shop.one()
    assert (one.state, one.failure) == (m.FAILED, m.BROKEN)
    await shop.carry_out()
    assert gate.asked == 0


async def test_a_job_that_ends_the_bot_each_time_is_given_up_and_a_person_hears_of_it(
    open_shop: Any, gate: Gate
) -> None:
    """Twice: five bots have died with it in hand; it is not begun by a sixth, and whoever waits for it is told."""
    shop = await open_shop(gate.plain)
    await shop.write(await shop.office.deal())
    for _ in range(5):
        await shop.claimed()
        await shop.run(queue.set_free)
    await shop.carry_out()
    one = await shop.one()
    assert (gate.asked, one.state, one.failure) == (0, m.FAILED, m.BROKEN)
    assert [name for name, _ in await shop.told()] == ["Анна"]


# --- once more ------------------------------------------------------------------------------------------------------


async def test_a_person_may_send_a_doubtful_one_once_more(open_shop: Any, gate: Gate) -> None:
    shop = await open_shop(gate.plain)
    gate.does = ["lost"]
    await shop.write(await shop.office.deal())
    await shop.carry_out()
    old = await shop.one()
    stranger = await hire(shop.office, "manager", 3000, "Чужая")
    shop.office.staff["stranger"] = stranger
    with pytest.raises(NotAllowed):
        await shop.run(lambda work: sms_messages.repeat(work, old.id), "stranger")
    await shop.run(lambda work: sms_messages.repeat(work, old.id), "manager")
    with pytest.raises(AlreadyDone):
        await shop.run(lambda work: sms_messages.repeat(work, old.id), "manager")
    await shop.carry_out()
    new, before = await shop.messages()
    assert (new.state, new.author, new.text, before.state) == (m.SENT, "Анна", old.text, m.AGAIN)
    assert new.key != old.key
    assert len(gate.taken) == 2


# --- the rehearsal --------------------------------------------------------------------------------------------------


async def test_in_the_sandbox_it_lands_on_the_clients_phone_once_though_answers_are_lost(open_shop: Any) -> None:
    box = Sandbox(clock=ShiftedClock(), web=False)
    box.world.add_person(Person(500, "Мария", number=PHONE, sms=True))
    await box.start()
    try:
        shop = await open_shop(sandbox_command.sms_url(box.url))
        for kind in ("429", "drop_after"):
            box.faults.add(kind, ["sms"])
        await shop.write(await shop.office.deal())
        await shop.carry_out()
        await shop.after(seconds=31)
        await shop.after(seconds=70)
        await shop.after(seconds=21)
        assert (await shop.one()).state == m.DELIVERED
        assert [(one.to, one.text) for one in box.world.sms] == [("79123456789", (await shop.one()).text)]
        assert box.faults.rules == []
        box.faults.add("403", ["sms"])
        await shop.write(await shop.run(lambda work: deal_queries.get(work, 1)))
        await shop.carry_out()
        assert [one.state for one in await shop.messages()] == [m.FAILED, m.DELIVERED]
    finally:
        await box.close()
