"""Leads (F-L1 … F-L7): how one comes in, who is told and when, and what becomes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from tests.stories.driver import Phone, Seen, Shop, plain

MARIA = {"name": "Мария Иванова", "phone": "8 (912) 345-67-89", "comment": "Кухня угловая", "source": "Сайт"}
NOT_TAKEN = "🔔 Лид не обработан уже день: Мария Иванова"
TOO_LONG = "🔴 Лид долго не обрабатывают: Мария Иванова, уже три дня"
WORK_TOO_LONG = "🔴 Лид долго в работе: Мария Иванова, уже три дня"


async def deals_of(shop: Shop, *, kind: str) -> list[tuple[str, str, str]]:
    """(direction, stage, status) of every deal of that kind, the oldest first."""
    found = await shop.rows(select(DealRow).where(DealRow.kind == kind).order_by(DealRow.id))
    return [(one.pipeline, one.stage, one.status) for one in found]


async def clients_of(shop: Shop) -> list[tuple[str, str]]:
    """(kind, name) of every client's card."""
    return [(one.kind, one.name) for one in await shop.rows(select(ClientRow).order_by(ClientRow.kind, ClientRow.name))]


async def lead_in_work(shop: Shop, anna: Phone, **fields: str) -> Seen:
    """Мария wrote on the site, Anna took her lead (unless it came to her, who has her deal) and has it in work: the
    lead's card in Anna's phone."""
    await shop.lead(**(fields or MARIA))
    await anna.tap("Открыть")
    if anna.screen.button("✋ Взять себе"):
        await anna.tap("✋ Взять себе", anna.screen)
    await anna.tap("✔ В работе", anna.screen)
    return anna.screen


async def choose(anna: Phone, *what: str) -> None:
    """Answer «Что создать»."""
    assert "Что создать" in anna.screen.text
    for one in what:
        await anna.tap(one, anna.screen)
    await anna.tap("Готово", anna.screen)


async def to_stage(anna: Phone, title: str) -> None:
    """Press a stage in the stage menu of the card that Anna looks at."""
    await anna.tap("Этапы…", anna.screen)
    await anna.tap(title, anna.screen)


# --- F-L1: a lead comes in --------------------------------------------------------------------------------------


async def test_a_site_form_makes_a_lead_on_the_first_stage(shop: Shop, anna: Phone) -> None:
    """F-L1: JSON from the site's form; the lead stands on «Не обработан» and tells whose, what and where from."""
    status, body = await shop.intake(json=MARIA)
    assert (status, body) == (201, {"number": "2026-0001"})
    assert await deals_of(shop, kind="lead") == [("leads", "new", "open")]

    await anna.sees_only("🔔 Новый лид: Мария Иванова. Позвоните, пока клиент ждёт")
    await anna.tap("Открыть", "Новый лид")
    card = anna.screen
    assert "Мария Иванова № 2026-0001" in plain(card.text)
    assert "Не обработан · 1-й день" in card.text
    assert "👤 Мария Иванова · +7 912 345-67-89" in plain(card.text)
    await anna.tap("Заполнить", card)
    whole = plain(anna.screen.text)
    assert "Что нужно клиенту: Кухня угловая" in whole
    assert "Источник: Сайт" in whole


async def test_a_plain_html_form_makes_a_lead_too(shop: Shop, anna: Phone) -> None:
    """F-L1: the same as the fields of an HTML form."""
    status, body = await shop.intake(data={"name": "Олег <b>Ким</b> & Ко", "phone": "9031234567", "comment": "Шкаф"})
    assert (status, body) == (201, {"number": "2026-0001"})
    await anna.sees_only("Новый лид: Олег <b>Ким</b> & Ко")


async def test_an_incoming_call_is_a_lead_by_its_number_alone(shop: Shop, anna: Phone) -> None:
    """F-L1: a telephone exchange knows a number and nothing else."""
    status, _ = await shop.intake(json={"phone": "+79123456789", "source": "Звонок"})
    assert status == 201
    await anna.sees_only("Новый лид: +7 912 345-67-89")
    await anna.tap("Открыть")
    assert plain(anna.screen.text).count("+7 912 345-67-89") == 2, "once as the title, once as the number to call"
    await anna.tap("Заполнить", anna.screen)
    assert "Источник: Звонок" in plain(anna.screen.text)


async def test_a_form_that_does_not_name_itself_is_the_site(shop: Shop, anna: Phone) -> None:
    """F-L1: the source of a lead is always said in words."""
    await shop.intake(json={"phone": "+79123456789", "name": "Мария"})
    await anna.tap("Открыть")
    await anna.tap("Заполнить", anna.screen)
    assert "Источник: Сайт" in plain(anna.screen.text)


@pytest.mark.parametrize("token", ["", "wrong-token", "story-intake-tokeN"])
async def test_without_the_secret_nothing_comes_in(shop: Shop, anna: Phone, token: str) -> None:
    """F-L1: the intake has a secret; a wrong one is refused and leaves nothing behind."""
    status, body = await shop.intake(token, json=MARIA)
    assert (status, body["errors"][0]["reason"]) == (401, "wrong or missing bearer token")
    assert await deals_of(shop, kind="lead") == []
    await anna.sees_no("Новый лид:")


async def test_the_same_request_twice_is_one_lead(shop: Shop, anna: Phone) -> None:
    """F-L1: a form sent again with its key gives the lead that there is, and nobody is told twice."""
    first = await shop.intake(json={**MARIA, "idempotency_key": "form-17"})
    again = await shop.intake(data={**MARIA, "idempotency_key": "form-17"})
    other = await shop.intake(json={**MARIA, "idempotency_key": "form-18"})
    assert first == (201, {"number": "2026-0001"})
    assert again == (200, {"number": "2026-0001"})
    assert other == (201, {"number": "2026-0002"})
    assert len(await deals_of(shop, kind="lead")) == 2
    assert await anna.count("Новый лид: Мария Иванова") == 2


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"name": "Мария"}, "phone"),
        ({"name": "Мария", "phone": "12345"}, "phone"),
        ({"name": "😀😀", "phone": "+79123456789"}, "name"),
        ({"name": "Мария", "phone": "+79123456789", "comment": "а" * 5001}, "comment"),
    ],
)
async def test_a_request_that_cannot_be_a_lead_is_told_why(
    shop: Shop, anna: Phone, request_: dict[str, str], field: str
) -> None:
    """F-L1: the answer names the field; nothing is half made."""
    status, body = await shop.intake(json=request_)
    assert (status, [one["field"] for one in body["errors"]]) == (400, [field])
    assert await deals_of(shop, kind="lead") == []
    await anna.sees_no("Новый лид:")


async def test_a_manager_enters_a_lead_by_hand(shop: Shop, anna: Phone) -> None:
    """F-L1: «Новый лид» asks name, phone and what is wanted; the lead is Anna's and stands on the first stage."""
    await anna.tap("➕ Новый лид")
    assert "Имя клиента · 1 из 3" in anna.screen.text
    asked = await anna.text("Пётр Кузнецов")
    assert "Телефон · 2 из 3" in asked.text
    asked = await anna.text("12")
    assert "⚠️ Такого номера не бывает" in asked.text
    assert "Например: +7 912 345-67-89" in asked.text
    asked = await anna.contact("79031234567", "Пётр")
    assert "Что нужно клиенту · 3 из 3" in asked.text
    await anna.text("Шкаф-купе")

    card = await anna.sees("Пётр Кузнецов № 2026-0001")
    assert "Не обработан · 1-й день" in card.text
    assert "Ответственный" not in card.text, "it is her own"
    assert card.button("✔ В работе")
    assert card.button("‹ Лиды")
    await anna.sees_only("🔔 Новый лид: Пётр Кузнецов")
    await anna.tap("Заполнить", card)
    assert "Источник: Вручную" in plain(anna.screen.text)
    await anna.tap("‹ Назад", anna.screen)
    await anna.tap("‹ Лиды", anna.screen)
    assert "Лиды · мои" in anna.screen.text
    assert any("Пётр Кузнецов · Не обработан" in label for label in anna.screen.labels)


async def test_a_lead_by_hand_recognises_a_client_by_phone(shop: Shop, anna: Phone) -> None:
    """F-L1: a number that is known already asks whether it is he, and the client is not made twice."""
    await anna.tap("➕ Новый заказ")
    await anna.fill("Мария Иванова", "89123456789", "Кухня", "[Пропустить]")
    await anna.start()
    await anna.tap("➕ Новый лид")
    asked = await anna.fill("Маша", "+7 912 345 67 89")
    assert "Телефон +7 912 345-67-89 уже есть: Мария Иванова" in plain(asked.text)
    assert "• Кухня · Мария Иванова · № 2026-0001" in plain(asked.text)
    await anna.tap("Создать для этого клиента", asked)
    await anna.tap("Пропустить", anna.screen)
    assert "Номер известен: Мария Иванова" in plain(anna.screen.text)
    assert await clients_of(shop) == [("person", "Мария Иванова")]


# --- F-L2: the stages of a lead ---------------------------------------------------------------------------------


async def test_a_lead_goes_from_not_handled_to_work_to_a_choice_of_ends(shop: Shop, anna: Phone) -> None:
    """F-L2: two stages, then the routing choices and the two outcomes, in the order of the row."""
    await shop.lead(**MARIA)
    await anna.tap("Открыть")
    await anna.tap("Этапы…", anna.screen)
    assert "Куда перевести лид?" in anna.screen.text
    assert anna.screen.labels == ["✔ В работе", "✖ Некачественный лид", "‹ Назад", "🏠 Меню"]
    await anna.tap("✔ В работе", anna.screen)
    assert "В работе · 1-й день" in anna.screen.text
    await anna.tap("Этапы…", anna.screen)
    assert anna.screen.labels == [
        "✔ Качественный лид",
        "✔ Отправить в отдел дизайна",
        "✔ Создать индивидуальный проект",
        "✔ Отправить в отдел ремонта",
        "✖ Некачественный лид",
        "↩︎ Не обработан",
        "‹ Назад",
        "🏠 Меню",
    ]


async def test_a_bad_lead_ends_the_work(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-L2: «Некачественный лид» closes the lead at once; nobody hears of it again, nothing is created."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✖ Некачественный лид")
    assert "✖️ Некачественный лид" in plain(anna.screen.text)
    assert not any(label.startswith("✔") for label in anna.screen.labels)
    assert await deals_of(shop, kind="lead") == [("leads", "bad", "lost")]
    before = len(await anna.messages()), len(await boss.messages())
    await shop.later(days=10)
    assert (len(await anna.messages()), len(await boss.messages())) == before
    assert await clients_of(shop) == []


async def test_a_good_lead_ends_well_by_itself(shop: Shop, anna: Phone) -> None:
    """F-L2: «Качественный лид» is an outcome of its own: with a contact only, the lead is won and no deal begins."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Качественный лид")
    await choose(anna, "Контакт")
    assert "✅ Качественный лид" in plain(anna.screen.text)
    assert await deals_of(shop, kind="lead") == [("leads", "good", "won")]
    assert await deals_of(shop, kind="deal") == []


# --- F-L3, F-L4: who is told, and when --------------------------------------------------------------------------


async def test_a_lead_that_nobody_handles_is_called_to_mind(shop: Shop, anna: Phone, boss: Phone, owner: Phone) -> None:
    """F-L3: at once the notice, after a day the reminder, after three days the supervisor; none of them earlier."""
    await shop.lead(**MARIA)
    await anna.sees_only("🔔 Новый лид: Мария Иванова. Позвоните, пока клиент ждёт")
    await shop.until("2026-11-24T09:59")
    await anna.sees_no("Лид не обработан")
    await shop.until("2026-11-24T10:00")
    await anna.sees_only(NOT_TAKEN)
    await boss.sees_no("Мария Иванова")

    await shop.until("2026-11-26T09:59")
    await boss.sees_no("Мария Иванова")
    await shop.until("2026-11-26T10:00")
    said = await boss.sees_only(TOO_LONG)
    assert "Ответственный: никто" in said.text
    assert said.labels[:4] == ["Открыть", "Передать", "Спросить менеджера", "Отложить"]
    await anna.sees_no("Лид долго не обрабатывают")
    await shop.until("2026-11-29T10:00")
    assert (await anna.count(NOT_TAKEN), await boss.count(TOO_LONG)) == (1, 1), "each came once"
    await owner.sees_no("Мария Иванова")


async def test_a_lead_of_nobody_is_told_to_every_manager_and_a_taken_one_to_its_own(shop: Shop, anna: Phone) -> None:
    """F-L3: while nobody has taken it, every manager hears of it; afterwards only who took it."""
    oleg = await shop.hire("Олег Титов", "manager")
    await shop.lead(**MARIA)
    await anna.sees_only("🔔 Новый лид: Мария Иванова")
    await oleg.sees_only("🔔 Новый лид: Мария Иванова")
    await oleg.tap("Открыть")
    await oleg.tap("✋ Взять себе", oleg.screen)
    assert oleg.toast == "Теперь это ваш лид"
    await shop.later(days=1)
    await oleg.sees_only(NOT_TAKEN)
    await anna.sees_no("Лид не обработан")


async def test_taking_a_lead_into_work_ends_its_first_reminders(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-L3, F-L4: what was planned for «Не обработан» is void; «В работе» counts its own three days."""
    await shop.lead(**MARIA)
    await shop.until("2026-11-23T20:00")
    await anna.tap("Открыть")
    await anna.tap("✔ В работе", anna.screen)
    await anna.sees_only("🔔 Лид в работе: Мария Иванова. Выясните детали и выберите направление")
    await shop.until("2026-11-26T19:59")
    await anna.sees_no("Лид не обработан")
    await boss.sees_no("Мария Иванова")
    await shop.until("2026-11-26T20:00")
    said = await boss.sees_only(WORK_TOO_LONG)
    assert "Ответственный: Анна Соколова" in said.text, "who moved the lead is responsible for it"
    await boss.sees_no("Лид долго не обрабатывают")
    await anna.sees_no("Лид долго в работе")


async def test_a_lead_that_is_done_in_time_troubles_nobody(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-L4: leaving «В работе» cancels the message to the supervisor."""
    await lead_in_work(shop, anna)
    await shop.later(days=2, hours=23)
    await to_stage(anna, "✔ Отправить в отдел дизайна")
    await choose(anna, "Сделку")
    await shop.later(hours=2)
    await boss.sees_no("Лид долго")


# --- F-L5: what is created --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "made", "deals"),
    [
        (("Контакт",), [("person", "Мария Иванова")], 0),
        (("Компанию",), [("company", "ООО «Ромашка»")], 0),
        (("Контакт", "Компанию"), [("company", "ООО «Ромашка»"), ("person", "Мария Иванова")], 0),
        (("Сделку",), [], 1),
        (("Контакт", "Сделку"), [("person", "Мария Иванова")], 1),
        (("Компанию", "Сделку"), [("company", "ООО «Ромашка»")], 1),
        (("Контакт", "Компанию", "Сделку"), [("company", "ООО «Ромашка»"), ("person", "Мария Иванова")], 1),
    ],
)
async def test_a_good_lead_becomes_what_was_chosen_and_nothing_else(
    shop: Shop, anna: Phone, chosen: tuple[str, ...], made: list[tuple[str, str]], deals: int
) -> None:
    """F-L5: contact, company, deal — all or any of them; then, for a deal, its direction."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Качественный лид")
    assert plain("\n".join(anna.screen.labels[:3])) == "☐ Контакт ☐ Компанию ☐ Сделку"
    await choose(anna, *chosen)
    if deals:
        assert "Направление" in anna.screen.text
        assert anna.screen.labels[:3] == [
            "Отправить в отдел дизайна",
            "Создать индивидуальный проект",
            "Отправить в отдел ремонта",
        ]
        await anna.tap("Создать индивидуальный проект", anna.screen)
    if "Компанию" in chosen:
        assert "Компания" in (await anna.last()).text or "Компания" in anna.screen.text
        await anna.text("ООО «Ромашка»")
    assert await clients_of(shop) == made
    assert await deals_of(shop, kind="deal") == [("order", "contract", "open")] * deals
    assert [status for _, _, status in await deals_of(shop, kind="lead")] == ["won"]
    if deals:
        card = await anna.sees("Заключение договора · 1-й день")
        assert "👤" in card.text
        assert "+7 912 345-67-89" in plain(card.text), "the client is called back, whatever was chosen"


async def test_a_contact_and_a_company_belong_together(shop: Shop, anna: Phone) -> None:
    """F-L5: the contact's card names his company, and the company's card lists him."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Качественный лид")
    await choose(anna, "Контакт", "Компанию")
    await anna.text("ООО «Ромашка»")
    await anna.tap("👤 Клиент", await anna.sees("✅ Качественный лид"))
    assert "Мария Иванова" in anna.screen.text
    assert "ООО «Ромашка»" in anna.screen.text


async def test_a_known_client_is_not_made_a_second_time(shop: Shop, anna: Phone) -> None:
    """F-L5: a second lead of the same phone goes to the contact that there is."""
    for number in (1, 2):
        await lead_in_work(shop, anna, **{**MARIA, "comment": f"Кухня {number}"})
        await to_stage(anna, "✔ Отправить в отдел дизайна")
        await choose(anna, "Контакт", "Сделку")
    assert await clients_of(shop) == [("person", "Мария Иванова")]
    assert len(await deals_of(shop, kind="deal")) == 2
    one = await shop.rows(select(func.count(DealRow.client_id.distinct())).where(DealRow.kind == "deal"))
    assert one[0][0] == 1


# --- F-L6: to which department ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "direction", "stage", "title", "notice"),
    [
        ("Отправить в отдел дизайна", "design", "consult", "Консультация и замеры", "Проконсультируйте клиента"),
        ("Создать индивидуальный проект", "order", "contract", "Заключение договора", "Обсудите детали"),
        ("Отправить в отдел ремонта", "repair", "analysis", "Анализ неполадок", "Осмотрите мебель"),
    ],
)
async def test_a_lead_is_sent_to_its_department(
    shop: Shop, anna: Phone, button: str, direction: str, stage: str, title: str, notice: str
) -> None:
    """F-L6: each routing stage converts the lead to a deal at the beginning of its direction."""
    await lead_in_work(shop, anna)
    await to_stage(anna, f"✔ {button}")
    await choose(anna, "Контакт", "Сделку")
    assert anna.toast == "Создана сделка № 2026-0002"
    assert f"{title} · 1-й день" in anna.screen.text
    assert "№ 2026-0002" in anna.screen.text
    assert await deals_of(shop, kind="deal") == [(direction, stage, "open")]
    assert await deals_of(shop, kind="lead") == [("leads", f"to_{direction}", "won")]
    # a deal is called by what its direction makes; what broke is not known yet
    called = "Мария Иванова" if direction == "repair" else "Кухня угловая · Мария Иванова"
    await anna.sees_only(f"🔔 Новая сделка: {called}. {notice}")


@pytest.mark.parametrize(
    ("choice", "direction"),
    [
        ("Отправить в отдел дизайна", "design"),
        ("Создать индивидуальный проект", "order"),
        ("Отправить в отдел ремонта", "repair"),
    ],
)
async def test_the_direction_chosen_on_a_good_lead_leads_there(
    shop: Shop, anna: Phone, choice: str, direction: str
) -> None:
    """F-L5, F-L6: «Качественный лид» with a deal asks for the direction and goes on to it by itself."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Качественный лид")
    await choose(anna, "Контакт", "Сделку")
    await anna.tap(choice, anna.screen)
    assert [pipeline for pipeline, _, _ in await deals_of(shop, kind="deal")] == [direction]
    assert await deals_of(shop, kind="lead") == [("leads", f"to_{direction}", "won")]
    assert len(await clients_of(shop)) == 1


async def test_a_department_takes_only_a_deal(shop: Shop, anna: Phone) -> None:
    """F-L6, C-1: without «Сделку» the way to a department is shut, and one tap leads to the choice."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Отправить в отдел ремонта")
    await choose(anna, "Контакт")
    assert "🔒 Пока нельзя перевести на стадию «Отправить в отдел ремонта»" in anna.screen.text
    assert "Чтобы передать лид в отдел, отметьте «Сделку» в поле «Что создать»" in anna.screen.text
    assert await deals_of(shop, kind="deal") == []
    assert await clients_of(shop) == []
    await anna.tap("Изменить: Что создать", anna.screen)
    assert "☑ Контакт" in anna.screen.labels
    await choose(anna, "Сделку")
    assert "Анализ неполадок · 1-й день" in anna.screen.text
    assert await clients_of(shop) == [("person", "Мария Иванова")]


# --- F-L7: what arrives -----------------------------------------------------------------------------------------


async def test_what_the_lead_knew_the_deal_knows(shop: Shop, anna: Phone) -> None:
    """F-L7: fields stand in the matching fields of the deal, with the source and the responsible."""
    await lead_in_work(shop, anna)
    await anna.tap("Заполнить", anna.screen)
    await anna.tap("✏️ О сделке", anna.screen)
    await anna.tap("➕ Бюджет", anna.screen)
    await anna.text("200 тыс")
    await anna.tap("✔ Отправить в отдел дизайна")
    await choose(anna, "Контакт", "Сделку")
    assert "№ 2026-0002" in anna.screen.text
    assert "💰 Бюджет: 200 000 ₽" in plain(anna.screen.text)
    await anna.tap("Заполнить", anna.screen)
    whole = plain(anna.screen.text)
    for fact in (
        "Клиент: Мария Иванова",
        "Имя клиента: Мария Иванова",
        "Телефон: +7 912 345-67-89",
        "Что нужно клиенту: Кухня угловая",
        "Бюджет: 200 000 ₽",
        "Направление: Дизайн",
        "Стадия: Консультация и замеры",
        "Ответственный: Анна Соколова",
        "Источник: Сайт",
    ):
        assert fact in whole
    fields = {one.number: one.fields for one in await shop.rows(select(DealRow))}
    assert fields["2026-0002"] == fields["2026-0001"]


async def test_the_files_of_a_lead_are_in_the_deals_folder(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-L7: what the client sent while it was a lead is one tap away from the deal, also for who takes it over."""
    await lead_in_work(shop, anna)
    asked = await anna.send_files(("Эскиз кухни.pdf", b"%PDF-1.4 sketch"), kind="document")
    assert "Куда положить файл?" in asked.text
    await anna.tap("Мария Иванова", asked)
    assert "Файлы 1" in anna.screen.labels
    await to_stage(anna, "✔ Создать индивидуальный проект")
    await choose(anna, "Контакт", "Сделку")
    assert "№ 2026-0002" in anna.screen.text
    assert "Файлы 1" in anna.screen.labels
    await anna.tap("Файлы 1", anna.screen)
    assert "📎 Эскиз кухни.pdf" in anna.screen.labels
    came = await anna.tap("📎 Эскиз кухни.pdf", anna.screen)
    assert came.media is not None
    assert came.media["name"] == "Эскиз кухни.pdf"

    oleg = await shop.hire("Олег Титов", "manager")
    await boss.open("2026-0002")
    await boss.tap("Передать")
    await boss.tap("Олег Титов", boss.screen)
    await oleg.tap("Открыть")
    await oleg.tap("Файлы 1", oleg.screen)
    came = await oleg.tap("📎 Эскиз кухни.pdf", oleg.screen)
    assert came.media is not None


async def test_the_history_of_a_lead_goes_on_in_the_deal(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-L7: from the deal's history one tap leads to the lead's, from there back; who took the deal over may too."""
    await lead_in_work(shop, anna)
    await to_stage(anna, "✔ Создать индивидуальный проект")
    await choose(anna, "Контакт", "Сделку")
    await anna.tap("История", anna.screen)
    assert "карточка создана, стадия «Заключение договора»" in anna.screen.text
    assert "Лид № 2026-0001" in anna.screen.labels
    await anna.tap("Лид № 2026-0001", anna.screen)
    told = anna.screen.text
    assert "Система: карточка создана, стадия «Не обработан»" in told
    assert "Анна Соколова: «Не обработан» → «В работе»" in told
    assert "Анна Соколова: Что создать: Контакт, Сделку" in told
    assert "Анна Соколова: создана сделка № 2026-0002" in told
    assert "📁 Сделка № 2026-0002" in anna.screen.labels

    oleg = await shop.hire("Олег Титов", "manager")
    await boss.open("2026-0002")
    await boss.tap("Передать")
    await boss.tap("Олег Титов", boss.screen)
    await oleg.tap("Открыть")
    await oleg.tap("История", oleg.screen)
    await oleg.tap("Лид № 2026-0001", oleg.screen)
    assert "«Не обработан» → «В работе»" in oleg.screen.text
    await oleg.tap("📁 Сделка № 2026-0002", oleg.screen)
    assert "Заключение договора" in oleg.screen.text
