"""Questions and answers about a deal: to whom, when, once, with their files (C-6, M-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.database import Database
from handlers.notices import compose
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.outbox import Scheduled
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import InvalidValue
from services import field_chat, timers
from services.deals import deal_commands, deal_queries
from services.field_chat import FieldMessage, Recipients
from services.files import deal_files
from services.files.incoming_files import IncomingFile
from services.outbox import queue
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, hire, open_office, plain
from tests.worlds.outbox import scheduled


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def sent(office: Office) -> list[Scheduled]:
    """The questions and answers on the schedule, in the order they were said."""
    ours = ScheduledRow.rule.in_((*field_chat.KINDS, "unheard"))
    return await office.run(lambda work: scheduled(work, ours))


async def lines(office: Office) -> list[dict[str, Any]]:
    query = (
        select(HistoryRow.kind, HistoryRow.data).where(HistoryRow.kind.in_(field_chat.KINDS)).order_by(HistoryRow.id)
    )
    found = await office.run(lambda work: work.tx.execute(query).all())
    return [{"kind": row.kind, **row.data} for row in found]


async def claimed(office: Office) -> list[Scheduled]:
    """Those of them that are taken now, to be sent. A person's messages are taken together; others are put back."""

    def take(work: UnitOfWork) -> list[Scheduled]:
        rows = queue.claim(work)
        for row in rows:
            if row.rule not in field_chat.KINDS:
                queue.put_back(work, row)
        return [row for row in rows if row.rule in field_chat.KINDS]

    return await office.run(take)


async def ask(office: Office, deal: Deal, text: str = "Сверлить?", who: str = "installer", **more: Any) -> Recipients:
    return await office.run(lambda work: field_chat.ask(work, deal.id, FieldMessage(text, **more)), who)


async def photo(office: Office, deal: Deal, name: str) -> int:
    one = IncomingFile("photo", f"tg-{name}", name, name, 1000, "image/jpeg")
    return await office.run(
        lambda work: deal_files.keep(work, deal_queries.get(work, deal.id), None, one, told=False), "installer"
    )


async def test_m_10_a_question_is_due_at_once_in_the_middle_of_the_night(office: Office) -> None:
    deal, _ = await office.assembly()
    office.later(hours=14)  # two in the morning
    told = await ask(office, deal)
    assert [one.name for one in told.people] == ["Анна"]
    [row] = await sent(office)
    assert (row.rule, row.employee_id, row.run_at) == ("question", office.staff["manager"].id, office.now)
    assert await lines(office) == [{"kind": "question", "text": "Сверлить?"}]


async def test_m_10_a_question_is_answered_and_an_answer_is_asked_about(office: Office) -> None:
    deal, _ = await office.assembly()
    await ask(office, deal)
    for who, said in (("manager", "Да"), ("installer", "Чем?"), ("manager", "Дрелью")):
        last = (await sent(office))[-1]
        await office.run(lambda work, last=last, said=said: field_chat.respond(work, last, FieldMessage(said)), who)
    assert [(one["kind"], one["text"]) for one in await lines(office)] == [
        ("question", "Сверлить?"), ("answer", "Да"), ("question", "Чем?"), ("answer", "Дрелью"),
    ]  # fmt: skip
    names = {one.id: one.name for one in office.staff.values()}
    assert [names[row.employee_id] for row in await sent(office)] == ["Анна", "Игорь", "Анна", "Игорь"]


async def test_m_10_who_drives_out_asks_about_an_open_job_of_his_only(office: Office) -> None:
    deal, _ = await office.assembly()
    other = await hire(office, "installer", 3000, "Олег")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: field_chat.ask(work, deal.id, FieldMessage("Где?")), other)
    assert await office.run(lambda work: field_chat.can_ask(work, deal), "installer")
    await office.run(lambda work: deal_commands.move(work, deal.id, None, "payment"), "manager")
    assert not await office.run(lambda work: field_chat.can_ask(work, deal), "installer")
    with pytest.raises(NotAllowed):
        await ask(office, deal)
    assert await sent(office) == []


async def test_nobody_answers_or_reads_a_message_that_was_not_sent_to_him(office: Office) -> None:
    deal, _ = await office.assembly()
    await ask(office, deal)
    [row] = await sent(office)
    assert (await office.run(lambda work: field_chat.get(work, row.id), "manager")).id == row.id
    with pytest.raises(NotFound):
        await office.run(lambda work: field_chat.get(work, row.id), "supervisor")


async def test_m_10_the_rest_of_an_album_goes_with_its_first_photo(office: Office) -> None:
    """Its words may come with a later part; a part that comes twice counts once."""
    deal, _ = await office.assembly()
    one, two = await photo(office, deal, "1.jpg"), await photo(office, deal, "2.jpg")
    told = await ask(office, deal, "", files=(one,), in_parts=True)
    [row] = await sent(office)
    assert row.run_at == office.now + field_chat.ALBUM
    for _ in range(2):
        await office.run(lambda work: field_chat.join(work, deal.id, told.mark, two, "Что это?"), "installer")
    [row] = await sent(office)
    assert [found["id"] for found in row.payload["files"]] == [one, two]
    assert row.payload["text"] == "Что это?"
    assert await lines(office) == [{"kind": "question", "text": "Что это?", "files": 2}]


async def test_m_10_photos_that_come_after_the_message_has_gone_follow_as_one(office: Office) -> None:
    deal, _ = await office.assembly()
    keys = [await photo(office, deal, f"{n}.jpg") for n in range(3)]
    told = await ask(office, deal, "Что это?", files=(keys[0],), in_parts=True)
    office.later(seconds=3)
    [first] = await claimed(office)
    for key in keys[1:]:
        await office.run(lambda work, key=key: field_chat.join(work, deal.id, told.mark, key), "installer")
    row, after = await sent(office)
    assert [one["id"] for one in row.payload["files"]] == keys[:1], "what is on its way is not changed"
    assert [one["id"] for one in after.payload["files"]] == keys[1:]
    assert first.id == row.id
    office.later(seconds=3)
    assert await claimed(office) == [], "what follows waits until the first one is there"
    await office.run(lambda work: queue.finish(work, first))
    [again] = await claimed(office)
    [letter] = await office.run(lambda work: compose.compose(work, [again]))
    assert "Игорь присылает ещё фото" in plain(letter.screen) and letter.screen.photo is not None
    assert (await lines(office))[0]["files"] == 3


async def test_m_10_a_message_that_was_hours_under_way_says_so(office: Office) -> None:
    deal, _ = await office.assembly()
    await ask(office, deal, sent_at=office.now - timedelta(hours=2))
    [row] = await claimed(office)
    [letter] = await office.run(lambda work: compose.compose(work, [row]))
    assert "Опоздало" in plain(letter.screen) and "10:00" in plain(letter.screen)


async def test_m_10_questions_never_become_lines_of_a_digest(office: Office) -> None:
    deal, _ = await office.assembly()
    for n in range(5):
        await ask(office, deal, f"Вопрос {n}")
    rows = await sent(office)
    letters = await office.run(lambda work: compose.compose(work, rows))
    assert [f"Вопрос {n}" in plain(one.screen) for n, one in enumerate(letters)] == [True] * 5


@pytest.mark.parametrize("text", ["", "   ", "а" * (field_chat.LONGEST + 1)])
async def test_nothing_and_too_much_are_not_said(office: Office, text: str) -> None:
    deal, _ = await office.assembly()
    with pytest.raises(InvalidValue):
        await ask(office, deal, text)


async def test_m_10_who_is_not_reached_is_stood_in_for_and_at_last_the_asker_is_told(office: Office) -> None:
    """Manager → supervisor → owner → back to who asked; at once, whatever the hour."""
    deal, _ = await office.assembly()
    office.later(hours=14)
    await ask(office, deal)
    told = []
    for _ in range(3):
        row = (await sent(office))[-1]
        person = await office.run(lambda work, row=row: employees.get(work, row.employee_id))
        told.append(person.role)
        assert row.run_at == office.now
        await office.run(lambda work, row=row: timers.undeliverable(work, [row], "blocked"))
    last = (await sent(office))[-1]
    assert told == ["manager", "supervisor", "owner"]
    assert (last.rule, last.employee_id) == ("unheard", office.staff["installer"].id)
    [letter] = await office.run(lambda work: compose.compose(work, [last]))
    assert "Ольга не получает сообщений. Позвоните: «Сверлить?»" in plain(letter.screen)


async def test_a_supervisors_question_that_is_not_heard_comes_back_to_him(office: Office) -> None:
    """Nobody answers to the supervisor for the manager who is away."""
    deal, _ = await office.assembly()
    await ask(office, deal, "Что с этой сделкой?", who="supervisor")
    [row] = await sent(office)
    await office.run(lambda work: timers.undeliverable(work, [row], "blocked"))
    last = (await sent(office))[-1]
    assert (last.rule, last.employee_id) == ("unheard", office.staff["supervisor"].id)


async def test_a_reply_is_known_by_the_message_it_answers(office: Office) -> None:
    deal, _ = await office.assembly()
    await ask(office, deal)
    [row] = await sent(office)
    await office.run(
        lambda work: work.tx.execute(update(ScheduledRow).where(ScheduledRow.id == row.id).values(message_id=77))
    )

    def found(work: UnitOfWork) -> int | None:
        one = field_chat.addressed(work, 77)
        return one.id if one else None

    assert await office.run(found, "manager") == row.id
    assert await office.run(found, "installer") is None
