"""What people see of messages to the client: the deal's list, once more, the owner's page, notices (K-21)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database import Database
from handlers.notices import compose
from keyboards.sms import sms_list, sms_settings
from models import sms as m
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed
from models.history.message_lines import SmsChanged
from models.notices.sms_notices import SmsByHand
from models.process.actions import SendSms as SmsAction
from models.values import sms_parts
from services.deals import deal_queries
from services.sms import sms_delivery, sms_messages
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import Office, data_of, find, labels, open_office, plain, russian
from tests.worlds.outbox import notices

TEXT = "{client}, сборка {assembly_at}. Приедет {assembler}, № {number}"
RULE = "order.assembly.enter.sms"


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def wrote(office: Office, text: str = TEXT) -> Deal:
    """A deal with a job tomorrow, and a message about it."""
    deal, _ = await office.assembly()

    def go(work: UnitOfWork) -> Deal:
        sms_messages.to_client(work, deal_queries.get(work, deal.id), text, RULE)
        return deal_queries.get(work, deal.id)

    return await office.run(go)


async def fail(office: Office, deal: Deal, reason: str) -> None:
    def go(work: UnitOfWork) -> None:
        one = sms_messages.of_deal(work, deal.id)[0]
        sms_delivery.keep_text(work, one, "Ждём вас завтра")
        sms_delivery.failed(work, sms_messages.of_deal(work, deal.id)[0], reason)

    await office.run(go)


async def test_the_deals_messages_are_listed_with_state_time_cost_and_rule(office: Office) -> None:
    deal = await wrote(office)
    said = plain(await office.tap("manager", f"v1:sms:{deal.id}"))
    assert "ждёт отправки · пт, 20 ноября, 12:00" in said
    assert "Мария Иванова, сборка" in said
    assert "{" not in said
    assert "Правило: " in said
    await fail(office, deal, "номер не существует {код 202}")
    said = plain(await office.tap("manager", f"v1:sms:{deal.id}"))
    assert "📵 не дошло" in said
    assert "Причина: номер не существует {код 202}" in said
    assert "+7 912 345-67-89 · 1 SMS" in said


async def test_an_empty_list_says_so(office: Office) -> None:
    deal = await office.deal()
    assert "Клиенту ещё ничего не отправляли." in plain(await office.tap("manager", f"v1:sms:{deal.id}"))


async def test_a_failed_one_goes_once_more_by_a_button_and_only_once(office: Office) -> None:
    deal = await wrote(office)
    await fail(office, deal, m.NO_ANSWER)
    await office.tap("manager", f"v1:sms:{deal.id}")
    button = find(office.screen, "Отправить ещё раз")
    answer = await office.tap("manager", button)
    assert answer.toast == "Отправляю ещё раз"
    assert "🔁 отправлено ещё раз" in plain(answer)
    with pytest.raises(AlreadyDone):
        await office.tap("manager", button)
    office.later(hours=12)  # midnight: the client sleeps
    await fail(office, deal, m.NO_ANSWER)
    await office.tap("supervisor", f"v1:sms:{deal.id}")
    answer = await office.tap("supervisor", find(office.screen, "Отправить ещё раз"))
    assert answer.toast == "Отправлю в рабочее время: сб, 21 ноября, 09:00"


async def test_those_who_drive_out_see_no_messages_to_the_client(office: Office) -> None:
    deal = await wrote(office)
    with pytest.raises(NotAllowed):
        await office.tap("installer", f"v1:sms:{deal.id}")
    with pytest.raises(NotAllowed):
        await office.tap("manager", "v1:sms_set")


async def test_the_owner_sees_the_gateway_and_what_each_text_costs(office: Office) -> None:
    process = office.company.processes["furniture"]
    stage = process.pipelines["order"].stages["assembly"]
    long = TEXT + " и позвонит вам за час до приезда, чтобы вы успели подготовить помещение"
    robot = stage.robots[0].model_copy(update={"do": (SmsAction(sms=TEXT), SmsAction(sms=long))})
    line = process.pipelines["order"]
    stages = {**line.stages, "assembly": stage.model_copy(update={"robots": (robot,)})}
    lines = {**process.pipelines, "order": line.model_copy(update={"stages": stages})}
    changed = process.model_copy(update={"pipelines": lines})
    changed.__dict__.pop("every_stage", None)
    office.company = Company({"furniture": changed}, office.company.calendar)
    said = plain(await office.tap("owner", "v1:sms_set"))
    assert "Шлюз не настроен" in said
    assert "Мария Иванова, сборка" in said
    t = russian()
    for text in (TEXT, long):
        filled = sms_parts.plain(t(text, **sms_settings.example(changed, t, office.now)))
        cost = sms_parts.count(filled)
        assert f"{cost.parts} SMS · свободно {cost.left}" in said
    await office.run(lambda work: sms_messages.remember_provider(work, "sms.ru"))
    deal, _ = await office.assembly()
    await office.run(lambda work: sms_messages.to_client(work, deal_queries.get(work, deal.id), TEXT, RULE))
    await fail(office, deal, "не хватает средств на счёте (код 201)")
    said = plain(await office.tap("owner", "v1:sms_set"))
    assert "Шлюз: sms.ru" in said
    assert "Последнее SMS: не дошло, пт, 20 ноября, 12:00" in said
    assert "Причина: не хватает средств на счёте (код 201)" in said


async def test_a_process_without_messages_says_so(office: Office) -> None:
    office.company = Company({"furniture": office.company.processes["furniture"]}, office.company.calendar)
    assert "В процессах нет ни одного SMS." in plain(await office.tap("owner", "v1:sms_set"))


async def test_a_text_to_be_sent_by_hand_can_be_copied_and_leads_to_the_deal(office: Office) -> None:
    deal = await wrote(office)
    await fail(office, deal, m.NO_GATEWAY)
    t = russian()

    def read(work: UnitOfWork) -> list[compose.OutgoingMessage]:
        return compose.compose(work, [row for row in notices(work) if isinstance(row.notice, SmsByHand)])

    (letter,) = await office.run(read)
    screen = letter.screen
    copies = [button.copy for row in screen.rows for button in row if button.copy]
    assert copies == ["+79123456789", "Ждём вас завтра"]
    assert labels(screen)[:2] == ["Открыть", "SMS клиенту"]
    assert [
        span.text for line in screen.lines for span in line if not isinstance(span, str) and span.style == "code"
    ] == ["Ждём вас завтра"]
    entries = await office.run(lambda work: deal_queries.history_of(work, deal))
    newest = entries[0]
    assert isinstance(newest.line, SmsChanged) and sms_list.state(newest.line.state, t) == "не дошло"


async def test_buttons_stay_within_telegrams_limit(office: Office) -> None:
    deal = await wrote(office)
    one = (await office.run(lambda work: sms_messages.of_deal(work, deal.id)))[0]
    far = 2**40
    big = m.SmsMessage(
        far, far, one.phone, "Текст", 1, RULE, m.DOUBT, None, m.NOT_KNOWN, one.at, one.at,
        one.at + timedelta(seconds=1), "Анна",
    )  # fmt: skip
    screen = sms_list.messages(
        deal, [sms_list.SmsLine(big, "Текст", "правило")], office.now, russian(), can_repeat=True
    )
    assert any(data.startswith("v1:sms_again:") for data in data_of(screen))
    assert all(len(data.encode()) <= 64 for data in data_of(screen))
    assert "связь со шлюзом оборвалась на отправке" in screen.plain
