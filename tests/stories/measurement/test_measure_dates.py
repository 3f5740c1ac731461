"""Dates choose stages: what may follow «Просчёт», what is asked there, what a date that moves brings (M-1 … M-7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.outbox import PinRow
from models.tables.tasks import TaskRow
from tests.stories.acts import begin, do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import begun, entry, open_measuring, opened, stage, visit

NUMBER = "2026-0001"
WHOLE = "Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К"
CONFIRM = "Связаться с клиентом и подтвердить дату замера"
TO_PREMEASURE = "До замера больше трёх дней — это «Предзамер»"
TO_MEASURE = "До замера три дня или меньше — это «Замер»"
TO_DEFERRED = "До замера больше 32 дней — это «Отложенный спрос»"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened_shop, http = await open_measuring(tmp_path)
    yield opened_shop
    await close_shop(opened_shop, http)


async def sale(anna: Phone) -> None:
    """A sale on «Просчёт», its card on the phone."""
    await begin(anna, "Новая продажа", "Кухня")


async def fields(shop: Shop) -> dict[str, object]:
    row = (await shop.rows(select(DealRow.fields).where(DealRow.number == NUMBER)))[0]
    return dict(row.fields)


async def tasks(shop: Shop, name: str) -> list[tuple[str, str]]:
    """Tasks of that name: state, and when they are due by the company's clocks."""
    calendar = shop.app.company.calendar
    rows = await shop.rows(select(TaskRow.state, TaskRow.due_at).where(TaskRow.name == name).order_by(TaskRow.id))
    return [(row.state, f"{calendar.local(row.due_at):%d.%m %H:%M}") for row in rows]


# --- M-1 ----------------------------------------------------------------------------------------------------------


async def test_m_1_the_stages_and_directions_are_those_of_the_regulation(shop: Shop, anna: Phone) -> None:
    """M-1: every stage by its name, in its order; a lead that is done becomes a deal on «Просчёт»."""
    process = shop.app.company.processes["measurement"]
    titles = {key: [one.title for one in line.stages.values()] for key, line in process.pipelines.items()}
    assert titles["leads"][:3] == ["Новый лид", "Недозвон", "Завершение работы с лидом"]
    assert titles["sales"][:10] == [
        "Просчёт", "Перенос", "Предзамер", "Замер", "Нет замерного листа", "Создано после замера", "Повторный замер",
        "Преддоговор", "Заключение", "Завершить сделку",
    ]  # fmt: skip
    assert [process.pipelines[key].title for key in ("sales", "deferred")] == ["Продажи", "Отложенный спрос"]

    await begin(anna, "Новый лид", "Кухня")
    await do(anna, "[Этапы…]", "[Недозвон]", "[Этапы…]", "[Завершение работы с лидом]")
    assert await stage(shop, "2026-0002") == "sales.calc"
    assert "Просчёт" in anna.screen.text


# --- M-3: the date chooses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "wrong", "rule", "right", "place"),
    [
        ("26.11", "Предзамер", TO_MEASURE, "Замер", "sales.measure"),  # in 3 days
        ("27.11", "Замер", TO_PREMEASURE, "Предзамер", "sales.premeasure"),  # in 4 days
        ("25.12", "Замер", TO_PREMEASURE, "Предзамер", "sales.premeasure"),  # in 32 days
    ],
)
async def test_m_3_the_date_opens_one_stage_and_shuts_the_other(
    shop: Shop, anna: Phone, day: str, wrong: str, rule: str, right: str, place: str
) -> None:
    """M-3: the date is asked first; the wrong stage is refused with the rule, the right one is the button beside it."""
    await sale(anna)
    await do(anna, "[Этапы…]", f"[{wrong}]")
    assert "Предполагаемая дата замера" in anna.screen.text, "the date is asked before anything else"
    assert "1 из 4" in plain(anna.screen.text)
    said = await anna.text(day)
    assert rule in said.text and "Пока нельзя перевести" in said.text
    assert await stage(shop, NUMBER) == "sales.calc"
    assert said.button(f"✔ {right}") and not said.button("Завершить сделку") and not said.button("Перенос")

    await do(anna, f"[✔ {right}]", WHOLE, "[Верно]", "[Да]", "115 973")
    assert await stage(shop, NUMBER) == place
    await anna.sees(f"Готово: «{right}»")


async def test_m_3_beyond_32_days_the_way_is_deferred_demand_and_its_button_stands_beside_the_rule(
    shop: Shop, anna: Phone
) -> None:
    """M-3: 33 days ahead both stages are shut; the button carries the deal to the month of the next contact."""
    await sale(anna)
    await do(anna, "[Этапы…]", "[Предзамер]")
    await anna.text("26.12")
    said = await anna.sees("Пока нельзя перевести")
    assert TO_DEFERRED in said.text and not said.button("✔ Замер") and not said.button("✔ Предзамер")
    await anna.sees_only("До замера больше 32 дней (сб, 26 декабря): переведите в «Отложенный спрос»")
    await anna.tap("В отложенный спрос", said)
    again = await do(anna, "25.12")
    assert "если следующий контакт больше чем через 32 дня" in again.text, "32 days are not more than 32"
    await do(anna, "26.12", "Сдача дома зимой")
    assert await stage(shop, NUMBER) == "deferred.m202612"
    await anna.sees("●  Декабрь 2026")


async def test_m_3_three_days_are_counted_in_calendar_days_of_the_company(shop: Shop, anna: Phone) -> None:
    """M-3: a minute after midnight the same date is a day nearer, and the other stage is the right one."""
    await sale(anna)
    await do(anna, "[Предполагаемая дата замера]", "27.11")
    assert anna.screen.button("✔ Предзамер") and not anna.screen.button("✔ Замер")
    await shop.until("2026-11-24T00:01")
    card = await anna.open(NUMBER)
    assert card.button("✔ Замер") and not card.button("✔ Предзамер")


# --- M-4: what must be known ---------------------------------------------------------------------------------------


async def test_m_4_a_pasted_address_is_shown_by_its_parts_and_one_of_them_is_put_right(shop: Shop, anna: Phone) -> None:
    """M-4: one line is taken apart, shown for correction, and the corrected part is what is kept; a map is one tap."""
    await sale(anna)
    seen = await do(anna, "[Предполагаемая дата замера]", "10.12", "[✔ Предзамер]", WHOLE)
    for part in (
        "Город: Москва",
        "Улица: ул. Ленина",
        "Дом: 5",
        "Квартира: 12",
        "Подъезд: 2",
        "Этаж: 3",
        "Домофон: 12К",
    ):
        assert part in seen.text, part
    await do(anna, "[✎ этаж]", "4", "[Верно]", "[Нет]", "115 973")
    kept = await fields(shop)
    assert kept["address"]["floor"] == "4" and kept["address"]["intercom"] == "12К"  # type: ignore[index]
    assert kept["video_ok"] is False, "«нет» is an answer too"
    assert await stage(shop, NUMBER) == "sales.premeasure"
    await shop.until("2026-12-07T10:00")
    card = await opened(anna, "Связаться с клиентом и подтвер")
    assert "кв. 12, подъезд 2, этаж 4, домофон 12К" in card.text
    (link,) = [button for row in card.rows for button in row if "Карта" in button["text"]]
    assert link["url"].startswith("https://yandex.ru/maps/")


@pytest.mark.parametrize(
    ("said", "asked", "answer"),
    [
        ("ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К", "город", "Москва"),
        ("Москва, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К", "улица", "ул. Ленина"),
        ("Москва, ул. Ленина, кв. 12, подъезд 2, этаж 3, домофон 12К", "дом", "5"),
        ("Москва, ул. Ленина, д. 5, подъезд 2, этаж 3, домофон 12К", "квартира", "12"),
        ("Москва, ул. Ленина, д. 5, кв. 12, этаж 3, домофон 12К", "подъезд", "2"),
        ("Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, домофон 12К", "этаж", "3"),
        ("Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3", "домофон", "12К"),
    ],
)
async def test_m_4_each_of_the_seven_parts_is_asked_if_it_is_missing(
    shop: Shop, anna: Phone, said: str, asked: str, answer: str
) -> None:
    """M-4: without any one part there is no way on; it alone is asked, and nothing has to be said twice."""
    await sale(anna)
    seen = await do(anna, "[Предполагаемая дата замера]", "10.12", "[✔ Предзамер]", said)
    assert f"Осталось указать: {asked}" in seen.text
    seen = await do(anna, answer)
    if seen.button("Верно"):
        seen = await do(anna, "[Верно]")
    assert "Видеосъёмка разрешена" in seen.text and await stage(shop, NUMBER) == "sales.calc"
    await do(anna, "[Да]", "115 973")
    kept = (await fields(shop))["address"]
    assert isinstance(kept, dict)
    wanted = {
        "city": "Москва", "street": "ул. Ленина", "house": "5", "flat": "12", "entrance": "2", "floor": "3",
        "intercom": "12К",
    }  # fmt: skip
    assert {name: kept[name] for name in wanted} == wanted
    assert await stage(shop, NUMBER) == "sales.premeasure"


async def test_m_4_a_private_house_answers_no_for_flat_entrance_and_intercom(shop: Shop, anna: Phone) -> None:
    """M-4: «частный дом» counts as stated; the floor of a house is nobody's question either."""
    await sale(anna)
    await do(anna, "[Предполагаемая дата замера]", "10.12", "[✔ Предзамер]", "Истра, ул. Полевая, 8", "[Частный дом]")
    await do(anna, "Истра", "[Верно]", "[Да]", "115 973")
    kept = (await fields(shop))["address"]
    assert isinstance(kept, dict) and kept["private"] is True
    assert kept["city"] == "Истра" and not kept["note"], "said once, kept once"
    assert [kept[name] for name in ("flat", "entrance", "intercom")] == ["нет", "нет", "нет"]
    assert await stage(shop, NUMBER) == "sales.premeasure"


async def test_m_4_the_same_is_required_on_the_way_straight_to_the_measurement(shop: Shop, anna: Phone) -> None:
    """M-4: «Замер» asks for the address, the date and the video as «Предзамер» does."""
    await sale(anna)
    seen = await do(anna, "[Этапы…]", "[Замер]", "25.11")
    assert "Адрес замера" in seen.text
    seen = await do(anna, WHOLE, "[Верно]")
    assert "Видеосъёмка разрешена" in seen.text
    await anna.text("не знаю")
    assert await stage(shop, NUMBER) == "sales.calc", "yes or no, as the client said"


# --- M-2: no way back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["manager", "supervisor", "owner"])
@pytest.mark.parametrize("here", ["premeasure", "measure", "contract", "finish"])
async def test_m_2_nobody_leads_a_deal_back_behind_the_premeasurement(
    shop: Shop, anna: Phone, here: str, role: str
) -> None:
    """M-2: the stage menu shows both as shut, the tap says why, whoever it is, and a forged one changes nothing."""
    await begun(shop, here, date(2026, 11, 25))
    phone = anna if role == "manager" else await shop.hire("Ирина Белова", role)
    await phone.open(NUMBER)
    menu = await phone.tap("Этапы…")
    for name in ("Перенос", "Просчёт"):
        assert menu.button(f"🔒 {name}"), menu.labels
    said = await phone.tap("🔒 Просчёт", menu)
    assert "Вернуться за стадию «Предзамер» уже нельзя" in said.text
    forged = next(button["data"] for row in menu.rows for button in row if "Просчёт" in button["text"])
    await phone.press(said.id, forged, forged=True)
    assert await stage(shop, NUMBER) == f"sales.{here}"


async def test_m_2_a_deal_deferred_from_the_premeasurement_does_not_come_back_as_a_calculation(
    shop: Shop, anna: Phone
) -> None:
    """M-2, M-18: not by the detour through «Отложенный спрос» either; «Предзамер» itself is open again."""
    await begun(shop, "premeasure", date(2026, 12, 7))
    await opened(anna, "Связаться с клиентом и подтвер")
    await do(anna, "[Перенести замер]", "20.01.2027")
    assert await stage(shop, NUMBER) == "deferred.m202701"
    await shop.until("2027-01-20T10:00")
    await do(anna, "[Вернуть в «Просчёт»]")
    assert "Вернуться за стадию «Предзамер» уже нельзя" in (anna.toast or ""), (anna.toast, anna.screen.text)
    assert await stage(shop, NUMBER) == "deferred.m202701"
    await do(anna, "[Записать на «Предзамер»]", "30.01.2027")
    assert await stage(shop, NUMBER) == "sales.premeasure"


# --- M-6, M-7: the confirmation ------------------------------------------------------------------------------------


async def test_m_6_three_days_before_the_measurement_at_ten_the_call_is_due_and_not_before(
    shop: Shop, anna: Phone
) -> None:
    """M-6: the task stands in the list from the first day, and rings exactly then."""
    await sale(anna)
    await do(anna, "[Предполагаемая дата замера]", "13.12", "[✔ Предзамер]", WHOLE, "[Верно]", "[Да]", "115 973")
    assert await tasks(shop, "confirm") == [("open", "10.12 10:00")]
    card = await anna.sees(f"{CONFIRM} — чт, 10 декабря, 10:00")
    assert not card.button("✔ Завершить сделку"), "the end is no way on while there is another"
    await listen(shop)
    await shop.until("2026-12-10T09:59")
    assert await anna.news() == []
    await shop.until("2026-12-10T10:00")
    assert await anna.news() == ["🔔 Пора: срок задачи наступил"]
    await anna.sees_only("Пора: срок задачи наступил")
    ringing = plain((await anna.last()).text)
    assert CONFIRM in ringing and "вс, 13 декабря" in ringing and "115 973 ₽" in ringing


async def test_m_7_confirmed_the_deal_goes_to_the_measurement(shop: Shop, anna: Phone) -> None:
    """M-7: «Дата подтверждена» is «Замер»; before it the way there is shut with the reason."""
    await begun(shop, "premeasure", date(2026, 12, 7))
    await anna.open(NUMBER)
    said = await do(anna, "[Этапы…]", "[Замер]")
    assert "Сначала подтвердите дату замера с клиентом" in said.text
    await shop.until("2026-12-04T10:00")
    await do(anna, "[Дата подтверждена]")
    assert await stage(shop, NUMBER) == "sales.measure"
    assert await tasks(shop, "confirm") == [("done", "04.12 10:00")]


async def test_m_7_moved_by_the_client_deal_ledger_task_and_reminder_follow(shop: Shop, anna: Phone) -> None:
    """M-7, M-5: it stays on «Предзамер»; the old day rings no more, the new one does, once."""
    await begun(shop, "premeasure", date(2026, 12, 7))
    await shop.until("2026-12-04T10:00")
    await do(anna, "[Перенести замер]", "07.12")
    assert await stage(shop, NUMBER) == "sales.premeasure"
    assert "Нужно новое значение" in (await anna.last()).text or "Нужно новое значение" in anna.screen.text
    await do(anna, "14.12")
    await anna.sees_only("Замер перенесён: было пн, 7 декабря, стало пн, 14 декабря")
    assert await stage(shop, NUMBER) == "sales.premeasure"
    assert (await visit(shop, NUMBER)).day == date(2026, 12, 14)
    assert (await entry(shop, NUMBER)).date == date(2026, 12, 14)
    assert await tasks(shop, "confirm") == [("open", "11.12 10:00")], "one call, on the new day"
    await listen(shop)
    await shop.until("2026-12-11T09:59")
    assert await anna.news() == []
    await shop.until("2026-12-11T10:00")
    assert await anna.news() == ["🔔 Пора: срок задачи наступил"]


async def test_m_7_moved_beyond_32_days_the_deal_is_deferred_to_the_month_of_that_day(shop: Shop, anna: Phone) -> None:
    """M-7, M-17: 32 days stay, 33 go: the month of the new date, with the task to call; the old one is void."""
    await begun(shop, "premeasure", date(2026, 12, 7))
    await shop.until("2026-12-04T10:00")
    await do(anna, "[Перенести замер]", "05.01.2027")
    assert await stage(shop, NUMBER) == "sales.premeasure"
    await opened(anna, "Связаться с клиентом и подтвер")
    await do(anna, "[Перенести замер]", "06.01.2027")
    assert await stage(shop, NUMBER) == "deferred.m202701"
    assert [state for state, _ in await tasks(shop, "confirm")] == ["void"]
    assert await tasks(shop, "contact") == [("open", "06.01 10:00")]
    rows = await shop.rows(select(PinRow.text))
    assert any("Отложенный спрос: замер перенесли на" in row.text for row in rows)


async def test_m_7_refused_the_reason_is_asked_objections_come_first_and_the_deal_closes_as_lost(
    shop: Shop, anna: Phone
) -> None:
    """M-7: the comment, one more try, then the reason that agrees with it; lost, and no measurement rings any more."""
    await begun(shop, "premeasure", date(2026, 12, 7))
    await shop.until("2026-12-04T10:00")
    await do(anna, "[Клиент отказался]", "Посчитали дорого: у соседей дешевле")
    assert await stage(shop, NUMBER) == "sales.finish"
    card = await opened(anna, "Чем закончилась сделка?")
    assert "отработайте возражения" in card.text
    await do(anna, "[Сделка проиграна]", "[Дорого]", "[Да, всё верно]")
    assert await stage(shop, NUMBER) == "sales.lost"
    kept = await fields(shop)
    assert (kept["refusal_reason"], kept["lost_result"]) == ("expensive", "before")
    await listen(shop)
    await shop.until("2026-12-09T10:00")
    assert await anna.news() == []


async def test_m_7_a_refusal_that_was_talked_over_goes_back_to_work(shop: Shop, anna: Phone) -> None:
    """M-7: objections handled: the deal returns to «Предзамер», and its call is due again."""
    await begun(shop, "premeasure", date(2026, 12, 14))
    await opened(anna, "Связаться с клиентом и подтвер")
    await do(anna, "[Клиент отказался]", "Посчитали дорого: у соседей дешевле")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[Предзамер]")
    assert await stage(shop, NUMBER) == "sales.premeasure"
    assert await tasks(shop, "confirm") == [("lapsed", "11.12 10:00"), ("open", "11.12 10:00")]
