"""The day before and the day of the assembly: the client is called, the installer gets the job and does it (C-5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.files import FileRow
from models.tables.visits import HalfHourRow, VisitRow
from tests.stories.acts import comes, do, heard, listen, timedelta
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import (
    PICTURE,
    assembled,
    booked,
    client_phone,
    open_kitchens,
    own_number,
    paid,
    ready,
    signed,
    task,
)

DEAL = "Кухня угловая · Мария Иванова"
CALL = "Позвонить клиенту: готов ли он к монтажу"
JOB = "Монтаж кухни у клиента"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def maria(shop: Shop) -> Phone:
    """The client's phone."""
    return await client_phone(shop)


@pytest.fixture
async def agreed(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone) -> str:
    """The assembly is booked for Tuesday 24 November at 10:00; gives the deal's number."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    return number


# --- the day before ----------------------------------------------------------------------------------------------


async def test_k_21_the_call_task_comes_the_day_before_at_its_hour(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21: at 11:00 of the day before and not a minute earlier, to the manager alone, with the phone at hand."""
    await comes(shop, timedelta(hours=1), {anna: ["Пора: срок задачи наступил"]})
    card = await anna.sees("Пора: срок задачи наступил")
    assert CALL in card.text and "Монтаж: вт, 24 ноября, 10:00 · Николай Громов" in plain(card.text)
    assert "Режим тишины с 13:00 до 15:00" in card.text
    assert [label for label in card.labels if label.startswith(("Клиент", "Не доз"))] == [
        "Клиент готов", "Клиент не готов", "Не дозвонился",
    ]  # fmt: skip
    assert card.button("📞 +7 912 345-67-89")
    assert await maria.messages() == [], "the client has got nothing yet"


async def test_k_21_a_client_who_is_not_ready_sends_the_deal_back_and_frees_the_window(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21: the reason is asked, the window is free, the installer hears it, the deal goes back to agreeing; then the
    whole run comes again: another window, another call the day before, and «готов»."""
    await shop.until("2026-11-23T11:00")
    await listen(shop)
    await anna.tap("Клиент не готов", "Пора: срок задачи")
    asked = await anna.last()
    assert "Почему клиент не готов" in anna.screen.text or "Почему клиент не готов" in asked.text
    await anna.text("Не закончен ремонт пола")
    assert await shop.rows(select(HalfHourRow)) == []
    await nikolay.sees_only("Выезд отменён: вт, 24 ноября, 10:00")
    card = await anna.open(agreed)
    assert "Доплата получена" in card.text and "Монтаж:" not in card.text
    history = await anna.tap("История")
    assert "Почему клиент не готов: Не закончен ремонт пола" in plain(history.text)
    assert "Клиент не готов: монтаж переносится" in history.text
    assert await maria.messages() == []

    await anna.sees_only("Клиент не готов, монтаж переносится: Кухня угловая · Мария Иванова. Не закончен ремонт пола")
    assert await anna.count("Оплачено полностью") == 1, "nobody has paid anew"
    heard(boss, await boss.news(), [])

    await task(anna, "Согласовать доставку")
    assert "Пожелания клиента: Режим тишины" in anna.screen.text, "what was agreed about the place is kept"
    await do(anna, "[Выбрать окно и мастера]", "30.11 в 14", "[Клиент согласен]")
    assert "Дата монтажа назначена" in (await anna.open(agreed)).text
    await nikolay.sees("Вам назначен монтаж: Кухня угловая · Мария Иванова, пн, 30 ноября, 14:00")
    await shop.until("2026-11-29T10:59")
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2026-11-29T11:00")
    await anna.sees_only("Пора: срок задачи наступил")
    await anna.tap("Клиент не готов", "Пора: срок задачи")
    assert "Почему клиент не готов" in anna.screen.text, "asked anew: it is another day"
    await do(anna, "[Отмена]")
    await task(anna, "Позвонить клиенту")
    await do(anna, "[Клиент готов]")
    await shop.later(minutes=5)
    await maria.sees_only("Монтаж Вашей кухни: пн, 30 ноября, 14:00")
    await nikolay.sees_only(JOB)


async def test_k_21_a_ready_client_gets_an_sms_and_the_installer_gets_the_job(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21, C-5: date, time, name and phone stand in the SMS; the job comes as one card without prices; the act is
    made and one tap away on his phone."""
    await ready(shop, anna)
    await shop.later(minutes=5)
    sms = await maria.sees_only("Монтаж Вашей кухни")
    assert plain(sms.text) == "Монтаж Вашей кухни: вт, 24 ноября, 10:00. Приедет Николай Громов, тел. +7 916 555-01-01"
    assert len(await maria.messages()) == 1
    job = await nikolay.sees_only(JOB)
    for wanted in (
        "завтра, 10:00", DEAL, "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12",
        "Подъём: Грузовой лифт", "Режим тишины с 13:00 до 15:00", "Тип кухни: Угловая",
    ):  # fmt: skip
        assert wanted in plain(job.text), wanted
    assert "₽" not in job.text and "150 000" not in plain(job.text)
    place, phone, address = job.button("🗺 Карта"), job.button("📞 +7 912 345-67-89"), job.button("📋 Адрес")
    assert place and place["url"].startswith("https://") and phone and phone["copy"] == "+79123456789"
    assert address and address["copy"].startswith("Москва, ул. Садовая, д. 7")
    assert [label for label in job.labels if label.startswith("☐")] == [
        "☐ Позвонить клиенту за час и подтвердить приезд", "☐ На месте ✏️", "☐ Кухня собрана, фото сделаны ✏️",
        "☐ Сообщить о результате, качестве и объёме ✏️",
    ]  # fmt: skip
    await nikolay.tap("📎 Файлы", job)
    assert "Акт" in nikolay.screen.text, nikolay.screen.text
    act = await nikolay.tap(next(label for label in nikolay.screen.labels if "Акт" in label), nikolay.screen)
    assert act.media and act.media["name"].endswith(".pdf")
    card = await anna.open(agreed)
    assert card.button("SMS 1"), "the message stands on the deal"
    await anna.tap("SMS 1", card)
    assert "Монтаж Вашей кухни: вт, 24 ноября, 10:00" in plain(anna.screen.text)


async def test_k_21_an_sms_has_the_managers_phone_where_the_installers_is_not_known(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21, truth 26: a number that nobody entered does not stop the message: the client can call the manager."""
    await own_number(anna, "8 916 555-03-03")
    await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await shop.later(minutes=5)
    await anna.sees_no("SMS клиенту не отправлено")
    await maria.sees_only("Приедет Николай Громов, тел. +7 916 555-03-03")


async def test_k_21_the_installer_accepts_and_nobody_is_alarmed(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-21: the manager hears it; the button is gone, so it is accepted once; 16:00 and 17:30 stay silent."""
    await ready(shop, anna)
    await nikolay.tap("Принимаю выезд", JOB)
    assert not nikolay.screen.button("Принимаю выезд") and nikolay.screen.button("Не могу поехать")
    await anna.sees_only("Николай Громов подтвердил выезд: Кухня угловая · Мария Иванова, вт, 24 ноября, 10:00")
    await listen(shop)
    await shop.until("2026-11-23T20:00")
    for phone in (boss, anna, nikolay):
        heard(phone, await phone.news(), [])


async def test_k_21_silence_of_the_installer_is_escalated_at_half_past_five(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-21: not earlier, once, to the supervisor, with buttons that act."""
    await ready(shop, anna)
    await comes(
        shop,
        timedelta(hours=6, minutes=30),
        {boss: ["Мастер не подтвердил выезд завтра в 10:00: Кухня угловая · Мария Иванова, Николай Громов"]},
    )
    assert (await boss.last()).button("Спросить менеджера")


async def test_k_21_a_client_who_was_not_called_is_escalated_at_four(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21: no call, no SMS: the supervisor hears it while there is still time, and the installer where he goes to
    (truth 11)."""
    await shop.until("2026-11-23T15:59")
    await boss.sees_no("клиенту не позвонили")
    await shop.until("2026-11-23T16:00")
    await boss.sees_only("Завтра монтаж, а клиенту не позвонили: Кухня угловая · Мария Иванова")
    await shop.until("2026-11-23T20:00")
    await boss.sees_no("не подтвердил")
    assert await maria.messages() == [] and await nikolay.count(JOB) == 0


async def test_k_21_an_installer_who_cannot_go_is_replaced_and_the_job_follows(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """K-21, C-5: the reason is asked; the manager and the supervisor hear it at once; the other installer gets the
    job, the first one loses it, and the client is told the new name."""
    oleg = await shop.hire("Олег Зимин", "installer")
    await own_number(oleg, "8 916 555-02-02")
    await ready(shop, anna)
    await nikolay.tap("Принимаю выезд", JOB)
    await nikolay.tap("Не могу поехать", JOB)
    await nikolay.text("Заболел")
    await anna.sees_only("Николай Громов не может поехать: Заболел. Выберите другое окно")
    alarm = await boss.sees_only(
        "Мастер отказался от выезда (Кухня угловая · Мария Иванова, вт, 24 ноября, 10:00): Заболел"
    )
    assert alarm.button("Передать")
    await anna.open(agreed)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 10 Олег", "[Клиент согласен]")
    job = await oleg.sees("Вам дали задачу")
    assert JOB in job.text and job.button("Принимаю выезд")
    await nikolay.sees_only("Задачу передали другому: Монтаж кухни у клиента")
    await nikolay.sees_no("Выезд отменён")
    await shop.later(minutes=10)
    await maria.sees_only(
        "Изменение! Монтаж Вашей кухни: вт, 24 ноября, 10:00. Приедет Олег Зимин, тел. +7 916 555-02-02"
    )
    await nikolay.start()
    await do(nikolay, "[Ближайшие дни]")
    assert "Мария" not in nikolay.screen.text
    await oleg.tap("Принимаю выезд", job)
    await shop.until("2026-11-23T19:00")
    await boss.sees_no("не подтвердил")


async def test_k_21_nobody_picks_up_and_the_call_comes_again_in_an_hour(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-21: «Не дозвонился» puts the call off; it is not done."""
    await shop.until("2026-11-23T11:00")
    await anna.tap("Не дозвонился", "Пора: срок задачи")
    await anna.sees_no("Пора: срок задачи наступил")  # the message is the card of the task, put off by now
    await shop.until("2026-11-23T11:59")
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2026-11-23T12:00")
    await anna.sees_only("Пора: срок задачи наступил")


async def test_k_21_a_visit_booked_late_for_tomorrow_is_called_about_at_once(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-21: booked at 18:00 for the next morning: the call is due now, and no alarm comes for hours that were past."""
    await paid(shop)
    await shop.until("2026-11-23T18:00")
    await listen(shop)
    await booked(anna)
    await boss.sees_no("не позвонили")
    await boss.sees_no("не подтвердил")
    await task(anna, "Позвонить клиенту")
    assert anna.screen.button("Клиент готов")
    await shop.until("2026-11-24T09:00")
    await boss.sees_only("Через час монтаж, а клиент не предупреждён: Кухня угловая · Мария Иванова")
    await nikolay.sees_no("Через час монтаж")


# --- the day itself ----------------------------------------------------------------------------------------------


async def test_k_22_an_hour_before_the_installer_is_reminded_on_the_card_of_the_job(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-22, C-5: at 9:00 of the day: call the client; the phone and the checklist are under it."""
    await ready(shop, anna)
    await nikolay.tap("Принимаю выезд", JOB)
    await shop.until("2026-11-24T08:59")
    await nikolay.sees_no("Через час монтаж")
    await shop.until("2026-11-24T09:00")
    card = await nikolay.sees_only("Через час монтаж")
    assert card.button("📞 +7 912 345-67-89") and card.button("☐ Позвонить клиенту за час и подтвердить приезд")
    await nikolay.start()
    today = await nikolay.tap("Сегодня", nikolay.screen if nikolay.screen.button("Сегодня") else None)
    assert any("10:00" in label and "Мария Иванова" in label for label in today.labels)


async def test_k_22_the_act_is_not_signed_before_the_work_is_done(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-22: what is open is named, the card stays."""
    await ready(shop, anna)
    await nikolay.tap("Акт подписан", JOB)
    assert "Не отмечено: Позвонить клиенту за час" in (nikolay.toast or "")
    assert "Дата монтажа назначена" in (await anna.open(agreed)).text


async def test_k_22_k_23_the_whole_day_up_to_the_signed_act(
    shop: Shop, agreed: str, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-22, K-23, C-5: the lines are ticked, the place may be passed over, photos come in one go, the result is told;
    the act's photo closes the job; the deal stands on «Монтаж завершен»; the manager hears it and gets the control
    call; the call closes the deal as success."""
    await ready(shop, anna)
    await listen(shop)
    await signed(shop, nikolay)
    assert "Готово. Сделка теперь на стадии «Монтаж завершен»" in plain((nikolay.toast or "") + nikolay.screen.text)
    heard(
        anna,
        [one for one in await anna.news() if "подтвердил выезд" not in one],
        ["Вам дали задачу", "Монтаж закончен, акт подписан: Кухня угловая · Мария Иванова. Собрали всё"],
    )
    await task(anna, "Контрольный звонок")
    assert "Как прошла сборка: Без замечаний" in anna.screen.text
    await anna.tap("Всё хорошо", anna.screen)
    assert "Не отмечено: Позвонить клиенту и записать отзыв" in (anna.toast or "")
    await do(anna, "[Позвонить клиенту и записать отзыв]", "Всё отлично", "[Всё хорошо]")
    assert "✅ Сделка успешна" in plain((await anna.open(agreed)).text)
    await anna.tap("Файлы")
    assert "Монтаж" in anna.screen.text and "Акты" in anna.screen.text
    kept = await shop.rows(select(FileRow.field).order_by(FileRow.id))
    assert sorted(row.field for row in kept if row.field) == ["act_photo", "assembly_photos", "assembly_photos"]
    await nikolay.start()
    await do(nikolay, "[Сегодня]")
    assert "Мария" not in nikolay.screen.text


async def test_k_22_the_place_is_kept_when_it_is_sent(shop: Shop, agreed: str, anna: Phone, nikolay: Phone) -> None:
    """K-22: «На месте» takes the place from the phone."""
    await ready(shop, anna)
    await nikolay.tap("На месте", JOB)
    await nikolay.location(55.7, 37.6)
    assert nikolay.screen.button("☑ На месте") or (await nikolay.last()).button("☑ На месте")
    await anna.open(agreed)
    assert "55.70000, 37.60000" in (await anna.tap("История")).text


async def test_k_22_photos_without_a_question_land_in_the_job_once(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-22, K-7, C-5: photos sent late, one by one, even after the job was closed: in the right deal, each once, under
    what the job wants; the manager sees them in the folder."""
    await ready(shop, anna)
    await assembled(shop, nikolay)
    await nikolay.send_files(("three.png", PICTURE + b"7"))
    await do(nikolay, "[Акт подписан]")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await do(nikolay, "[Готово]")
    await shop.later(hours=2)
    await nikolay.send_files(("late.png", PICTURE + b"8"), ("later.png", PICTURE + b"9"))
    kept = await shop.rows(select(FileRow.field, FileRow.sha, FileRow.kind).where(FileRow.kind == "photo"))
    assert len(kept) == 6
    assert {row.field for row in kept} == {"assembly_photos", "act_photo"}
    card = await anna.open(agreed)
    assert card.button("Файлы 7"), f"six photos and the act: {card.labels}"


async def test_k_22_of_two_jobs_on_one_day_a_photo_asks_where_it_belongs(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-22, C-5: with two clients on one day nothing is guessed; an answer to the message of a job goes to that job."""
    await paid(shop, name="Борис Кравцов", phone="+79161234523")
    await anna.start()
    await do(anna, "[📋 Мои задачи]", "[Дальше · 1]", "[Согласовать доставку]")
    await do(anna, "[Выбрать окно и мастера]", "завтра в 15", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "[Пропустить]")
    await shop.until("2026-11-23T11:00")
    for _ in range(2):
        await task(anna, "Позвонить клиенту")
        await do(anna, "[Клиент готов]")
    assert await nikolay.count(JOB) == 2
    await shop.until("2026-11-24T14:30")
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    asked = await nikolay.sees_only("положить")
    assert "24.11 15:00 · Кухня угловая · Борис Кравцов" in asked.text, "a button has no room for all of it"
    await nikolay.tap("24.11 15:00", asked)
    [kept] = await shop.rows(select(FileRow.deal_id, FileRow.field).where(FileRow.kind == "photo"))
    [second] = await shop.rows(select(VisitRow.deal_id).order_by(VisitRow.starts_at.desc()).limit(1))
    assert kept.deal_id == second.deal_id and kept.field == "assembly_photos"


async def test_k_22_a_job_that_nobody_closed_is_asked_about_in_the_evening(
    shop: Shop, agreed: str, anna: Phone, nikolay: Phone
) -> None:
    """K-22: eight hours after its beginning the manager is asked to look."""
    await ready(shop, anna)
    await nikolay.tap("Принимаю выезд", JOB)
    await shop.until("2026-11-24T17:59")
    await anna.sees_no("Мастер ещё не закрыл монтаж")
    await shop.until("2026-11-24T18:00")
    await anna.sees_only("Мастер ещё не закрыл монтаж: Кухня угловая · Мария Иванова")
