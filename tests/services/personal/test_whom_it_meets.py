"""Erasing a person meets him alone: no namesake among our people, nobody with his phone, no half of a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.personal import erased_list
from models.notices.deal_notices import VisitCalledOff
from models.notices.file_notices import FileRefused
from models.notices.notice import Notice
from models.notices.oversight_notices import CompanyAsked, LooksLimited
from models.notices.people_notices import MergeAsked
from models.notices.visit_notices import ClientCallWanted
from models.personal.erasure import ErasedPerson
from models.tables.deals import DealRow
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.tables.updates import DONE, InboxRow, OwedScreenRow
from services import company_settings, undo
from services.clients import client_cards
from services.deals import client_merge, deal_queries, lead_intake
from services.outbox import notices, schedule
from services.personal import dossiers, erasures, person_keys, person_words
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office

PHONE = "+79161112233"


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def erased(office: Office, client_id: int) -> None:
    await office.run(lambda work: erasures.erase(work, person_keys.of_client(work, client_id), "asked"), "owner")


async def told(office: Office, said: Notice) -> int:
    """A message to the owner that is about no deal."""

    def do(work: UnitOfWork) -> int:
        owner = office.staff["owner"]
        schedule.put(work, [notices.to(work, owner, said, rule="x", cause="x")])
        return int(work.tx.execute(select(ScheduledRow.id).order_by(ScheduledRow.id.desc()).limit(1)).scalar_one())

    return await office.run(do)


async def payload_of(office: Office, key: int) -> Any:
    return await office.run(
        lambda work: work.tx.execute(select(ScheduledRow.payload).where(ScheduledRow.id == key)).scalar_one()
    )


async def test_a_message_about_an_employee_of_the_same_surname_stays(office: Office) -> None:
    card = await office.run(lambda work: client_cards.create(work, "Жемчугова Аграфена", [PHONE]))
    today = await office.run(lambda work: work.moment.today)
    key = await told(office, LooksLimited(office.staff["manager"].id, "Жемчугова Вера", 100, today))
    await erased(office, card.id)
    assert (await payload_of(office, key))["name"] == "Жемчугова Вера"


async def test_a_message_that_names_a_card_by_number_goes_whatever_the_name_is_like(office: Office) -> None:
    """«Ли Анна» has no word that is long enough to be looked for."""
    card = await office.run(lambda work: client_cards.create(work, "Ли Анна", [PHONE]))
    key = await told(office, CompanyAsked(card.id, 77, "Ли Анна", "ООО «Лотос»", "Мария"))
    await erased(office, card.id)
    assert "Ли" not in str(await payload_of(office, key))


async def test_a_colleagues_form_about_a_task_of_the_deal_goes(office: Office) -> None:
    deal = await office.deal(name="Ли Анна", phone=PHONE)

    def begin(work: UnitOfWork) -> None:
        task = work.tx.execute(
            insert(TaskRow).values(
                deal_id=deal.id, name="x", origin="x.y", title="x", state="open", due_at=work.now, given_at=work.now
            )
        ).inserted_primary_key[0]  # type: ignore[index]
        kept = {"purpose": {"do": "outcome", "task": task, "outcome": "done"}, "answers": {"note": "Ли, домофон 12"}}
        who = office.staff["installer"].id
        work.tx.execute(insert(DraftRow).values(employee_id=who, data=kept, updated_at=work.now))

    await office.run(begin)
    await erased(office, deal.client_id or 0)
    assert await office.run(lambda work: work.tx.execute(select(DraftRow.data)).scalars().all()) == []


async def test_a_restore_erases_who_is_listed_and_nobody_with_the_same_phone(office: Office) -> None:
    def call(work: UnitOfWork, key: str) -> int:
        lead, _ = lead_intake.receive(work, name="Вера", phone=PHONE, idempotency_key=key)
        work.tx.execute(DealRow.__table__.update().where(DealRow.id == lead.id).values(client_id=None))
        return int(lead.id)

    lost = await office.run(lambda work: call(work, "one"))
    office.later(days=1)
    alive = await office.run(lambda work: call(work, "two"))
    person = await office.run(lambda work: person_keys.numbers(work, person_keys.of_deals([lost])))
    assert len(await office.run(lambda work: erasures.apply_again(work, [person]))) == 1
    left = await office.run(lambda work: deal_queries.get(work, alive), "owner")
    assert left.fields["phone"] == PHONE


def test_of_many_erasures_that_end_at_once_each_stands_on_the_list(tmp_path: Path) -> None:
    people = [ErasedPerson(((key, 1),), ()) for key in range(60)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: erased_list.add(tmp_path, [one]), people))
    assert set(erased_list.read(tmp_path)) == set(people)


# --- what is given out --------------------------------------------------------------------------------------------

OTHER = "Жемчугова Анна"


async def given(office: Office, client_id: int) -> str:
    def gather(work: UnitOfWork) -> str:
        keys = person_keys.of_client(work, client_id)
        return dossiers.gather(work, keys, lambda *_: {}).text().decode()

    return await office.run(gather)


def named_everywhere(office: Office, both: str) -> Callable[[UnitOfWork], None]:
    """Rows that hang on nobody and say `both`: a form, an update, a screen, files that wait, a message."""

    def plant(work: UnitOfWork) -> None:
        body = json.dumps({"message": {"text": both}}, ensure_ascii=False)
        update = {"bot_id": 1, "chat_id": 5, "state": DONE, "attempts": 0, "received_at": work.now, "done_at": work.now}
        work.tx.execute(insert(InboxRow).values(update_id=990_001, body=body, **update))
        form = {"purpose": {"do": "create"}, "answers": {"comment": OTHER}}
        draft = {"employee_id": office.staff["manager"].id, "data": form, "updated_at": work.now}
        work.tx.execute(insert(DraftRow).values(**draft))
        calls = [{"method": "sendMessage", "params": {"text": both}}]
        screen = {"employee_id": office.staff["owner"].id, "cause": 1, "holder": None, "at": work.now}
        work.tx.execute(insert(OwedScreenRow).values(chat_id=77, calls=calls, **screen))
        company_settings.put(
            work.tx, f"{company_settings.UPLOAD}1:x", {"files": [{"name": f"План {OTHER}.pdf"}], "words": [OTHER]}
        )
        schedule.put(work, [
            notices.to(work, office.staff["owner"], FileRefused(f"{OTHER}.exe", "unreadable"), rule="x", cause="x"),
        ])  # fmt: skip

    return plant


async def test_what_is_given_out_has_nothing_of_a_namesake(office: Office) -> None:
    card = await office.run(lambda work: client_cards.create(work, "Жемчугов Пётр", [PHONE]))
    both = f"Найдено:\nЖемчугов Петр, +7 916 111-22-33\n{OTHER}, +7 905 777-66-55, Садовническая 7"
    await office.run(named_everywhere(office, both))
    said = await given(office, card.id)
    assert "Жемчугов Петр, +7 916 111-22-33" in said
    assert [one for one in ("Анна", "777-66-55", "Садовническая") if one in said] == []


async def test_a_line_is_his_by_phone_mail_or_passport(office: Office) -> None:
    text = "Кухня, паспорт 4510 778899, почта pearl@example.org, сосед 8 905 777-66-55"
    deal = await office.deal(name="Жемчугов Пётр", phone=PHONE, comment=text)
    lines = (
        "тел. 8(916)111 22 33",
        "4510778899",
        "Пишите: <pearl@example.org>.",
        "8-905-777-66-55",
        "unpearl@example.org",
    )
    await office.run(named_everywhere(office, "\n".join(lines)))
    words = await office.run(lambda work: person_words.of(work, person_keys.of_client(work, deal.client_id or 0)))
    assert words.lines_of(list(lines)) == list(lines[:3])


async def test_two_cards_that_were_joined_and_parted_are_given_out_apart(office: Office) -> None:
    first = await office.run(lambda work: client_cards.create(work, "Жемчугов Пётр", [PHONE]))
    second = await office.run(lambda work: client_cards.create(work, OTHER, ["+79057776655"]))

    def join_and_part(work: UnitOfWork) -> None:
        client_merge.merge(work, second.id, first.id)
        undo.take_back(work, 1)

    await office.run(join_and_part, "owner")
    key = await told(office, MergeAsked(first.id, second.id, "Жемчугов Пётр", OTHER, "Вера"))
    said = await given(office, first.id)
    assert "Анна" not in said and "9057776655" not in said
    await erased(office, first.id)
    assert "Жемчугов" not in str(await payload_of(office, key))


async def test_a_form_about_a_namesakes_deal_stays(office: Office) -> None:
    card = await office.run(lambda work: client_cards.create(work, "Жемчугов Пётр", [PHONE]))
    hers = await office.deal(name=OTHER, phone="+79057776655")

    def begin(work: UnitOfWork) -> None:
        kept = {"purpose": {"do": "fill", "deal": hers.id}, "answers": {"comment": OTHER}}
        who = office.staff["installer"].id
        work.tx.execute(insert(DraftRow).values(employee_id=who, data=kept, updated_at=work.now))

    await office.run(begin)
    await erased(office, card.id)
    assert len(await office.run(lambda work: work.tx.execute(select(DraftRow.data)).all())) == 1


async def test_words_about_a_deleted_deal_go_with_it_by_night_and_another_deals_stay(office: Office) -> None:
    """They hang on no deal, since it cannot be opened any more."""
    deal = await office.deal(name="Ли Анна", phone=PHONE)
    now = await office.run(lambda work: work.now)
    keys = [
        await told(office, VisitCalledOff(now, "Кухня Ли Анны", deal.id)),
        await told(office, ClientCallWanted("Ли Анна", PHONE, now, deal.id)),
    ]
    other = await told(office, ClientCallWanted("Жемчугова Анна", "+79057776655", now, deal.id + 1))
    await office.run(lambda work: erasures.erase(work, person_keys.of_deals([deal.id]), "deleted"))
    assert [await payload_of(office, key) for key in keys] == [None, None]
    assert (await payload_of(office, other))["client"] == "Жемчугова Анна"
