"""A paper asks whose name it carries, and whether its empty places may stay empty (truth 37, 39, door F1, F2)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select

from models.tables.documents import PaperRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import begun, lead_to_deal, open_kitchens, task

GO = "[Так и надо]"
CONTRACT = ("[Документы]", "[Сделать: Договор]")
IVAN = {"name": "Иван Петров", "phone": "8 912 345-67-89", "comment": "Кухня прямая", "source": "Сайт"}


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def told(shop: Shop, name: str = "contract") -> list[dict[str, Any]]:
    """What the versions of a paper say."""
    rows = await shop.rows(select(PaperRow.data).where(PaperRow.name == name).order_by(PaperRow.id))
    return [dict(row.data) for row in rows]


async def ivans_deal(shop: Shop, anna: Phone) -> Seen:
    """Maria is a client; Ivan writes from the same number, and his lead becomes a deal."""
    await lead_to_deal(shop, anna)
    await shop.lead(**IVAN)
    await anna.tap("Открыть", await anna.sees("Новый лид: Мария Иванова"))
    await do(anna, "✔ В работе", "✔ Создать сделку")  # it is hers: she has Maria's deal
    return anna.screen


async def renamed(anna: Phone, number: str, name: str) -> None:
    """The deal's own name is another one."""
    card = await anna.open(number)
    await anna.tap("Заполнить", card)
    await do(anna, "[О сделке]", "[Имя клиента]", name)


async def asked(anna: Phone) -> str:
    """The question whether places may stay empty."""
    return plain((await anna.sees("Останется пустым")).text)


# --- whose name -------------------------------------------------------------------------------------------------


async def test_truth_37_a_known_number_that_brings_another_name_is_told_on_the_card(shop: Shop, anna: Phone) -> None:
    card = plain((await ivans_deal(shop, anna)).text)
    assert "👤 Иван Петров · +7 912 345-67-89" in card and "Номер известен: Мария Иванова" in card


async def test_truth_37_the_contract_asks_whose_it_is_and_the_answer_holds_for_the_deal_s_further_papers(
    shop: Shop, anna: Phone
) -> None:
    """Also door F1."""
    await ivans_deal(shop, anna)
    await do(anna, *CONTRACT)
    assert "На кого оформить: Договор?" in anna.screen.text and await told(shop) == []
    assert anna.screen.labels[:3] == ["Иван Петров (в сделке)", "Мария Иванова (карточка клиента)", "Другое имя"]
    await do(anna, "[Иван Петров (в сделке)]", "[Прямая]", "98 000", GO)
    (said,) = await told(shop)
    assert (said["client"]["name"], plain(said["client"]["short"])) == ("Иван Петров", "Петров И.")
    assert said["client"]["called"] == "именуемый"
    await do(anna, "[К сделке]", "[Документы]", "[Сделать: Акт приёмки]")
    assert "На кого оформить" not in anna.screen.text
    await do(anna, GO)
    (act,) = await told(shop, "act")
    assert act["client"]["name"] == "Иван Петров"


async def test_truth_37_another_name_is_typed_and_stands_in_the_history(shop: Shop, anna: Phone) -> None:
    await ivans_deal(shop, anna)
    await do(anna, *CONTRACT, "[Другое имя]", "🙂")
    assert "Здесь нужны буквы" in anna.screen.text
    await do(anna, "Петрова Ольга Ивановна", "[Прямая]", "98 000", GO)
    assert (await told(shop))[0]["client"]["name"] == "Петрова Ольга Ивановна"
    await do(anna, "[К сделке]", "[История]")
    assert "документы — на имя: Петрова Ольга Ивановна" in plain(anna.screen.text)


async def test_truth_37_when_a_name_changes_it_is_asked_again_and_an_old_button_chooses_nothing(
    shop: Shop, anna: Phone
) -> None:
    """Changed? Twice?"""
    await ivans_deal(shop, anna)
    await do(anna, *CONTRACT)
    old = anna.screen
    await do(anna, "[Иван Петров (в сделке)]", "[Прямая]", "98 000", GO)
    await renamed(anna, "2026-0004", "Пётр Сидоров")
    button = old.button("Иван Петров (в сделке)")
    assert button is not None
    await anna.press(anna.screen.id, button["data"], forged=True)
    assert "На кого оформить" in anna.screen.text and anna.screen.button("Пётр Сидоров (в сделке)")
    assert [one["client"]["name"] for one in await told(shop)] == ["Иван Петров"]


async def test_truth_37_a_name_that_only_says_more_is_taken_without_a_question(shop: Shop, anna: Phone) -> None:
    await lead_to_deal(shop, anna)
    await renamed(anna, "2026-0002", "Иванова Мария Петровна (дочь)")
    await anna.open("2026-0002")
    assert "Номер известен" not in anna.screen.text
    await do(anna, *CONTRACT, "[Угловая]", "150 000", GO)
    (said,) = await told(shop)
    assert said["client"]["name"] == "Иванова Мария Петровна"
    assert plain(said["client"]["short"]) == "Иванова М. П." and said["client"]["called"] == "именуемая"


async def test_truth_37_a_forged_choice_by_somebody_else_changes_nothing(shop: Shop, anna: Phone) -> None:
    await ivans_deal(shop, anna)
    await do(anna, *CONTRACT)
    button = anna.screen.button("Мария Иванова (карточка клиента)")
    assert button is not None
    stranger = await shop.hire("Николай Громов", "installer")
    await stranger.press((await stranger.last()).id, button["data"], forged=True)
    assert stranger.alert and "нет доступа" in (stranger.toast or "")


# --- empty places -----------------------------------------------------------------------------------------------


async def test_truth_39_what_the_contract_would_leave_empty_is_named_before_it_is_made(shop: Shop, anna: Phone) -> None:
    await lead_to_deal(shop, anna)
    await anna.open("2026-0002")
    await do(anna, *CONTRACT, "[Угловая]", "150 000")
    said = await asked(anna)
    assert "Останется пустым: Договор" in said
    for place in ("Предоплата по договору", "Желаемая дата готовности", "Адрес", "Паспорт клиента"):
        assert f"• {place}" in said
    assert said.count("•") == 4 and await told(shop) == [], "no number is spent before the answer"


async def test_truth_39_fill_asks_them_one_after_another_and_what_is_passed_over_is_asked_once_more(
    shop: Shop, anna: Phone
) -> None:
    await lead_to_deal(shop, anna)
    await anna.open("2026-0002")
    await do(anna, *CONTRACT, "[Угловая]", "150 000")
    await anna.tap("Заполнить", "Останется пустым")
    assert "1 из 4" in anna.screen.text
    place = "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12"
    answers = {
        "Паспорт": ("[Пропустить]",),
        "Адрес": (place, "[Верно]"),
        "Сумма счёта": ("75 000",),
        "Желаемая": ("20.12",),
    }
    for _ in range(4):
        title = next(name for name in answers if f"{name}" in anna.screen.text.split("✓")[-1])
        await do(anna, *answers.pop(title))
    left = await asked(anna)
    assert "• Паспорт клиента" in left and left.count("•") == 1
    await do(anna, GO)
    sent = plain((await anna.sees_only("📄 Договор № Д-2026-001")).text)
    assert "Пустым осталось: Паспорт клиента." in sent and "Готово. Проверьте" not in sent
    (said,) = await told(shop)
    assert "75 000" in plain(said["money"]["prepayment_contract"]) and "20 декабря" in plain(said["terms"]["ready_on"])


async def test_truth_39_a_whole_contract_is_made_at_once_and_says_that_it_can_go_out(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "contract", prepaid=0, passport="45 10 123456", invoice_sum=Decimal(75_000))
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Сроки]", "[Желаемая дата готовности]", "20.12")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Адрес]")
    await do(anna, "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12", "[Верно]")
    await anna.open(number)
    await do(anna, *CONTRACT)
    assert "Готово. Проверьте и отправьте клиенту." in (await anna.sees_only("📄 Договор № Д-2026-001")).text


async def test_truth_39_the_checklist_asks_too_and_its_line_is_ticked_only_when_the_paper_is_made(
    shop: Shop, anna: Phone
) -> None:
    """Forgotten? Left half-way the line stays open."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Указать тип кухни]", "[Угловая]", "150 000", "[Сформировать договор]")
    assert "Останется пустым" in anna.screen.text
    await task(anna, "Подготовить и подписать")
    assert anna.screen.button("☐ Сформировать договор")
    await do(anna, "[Сформировать договор]", GO)
    assert anna.screen.button("☑ Сформировать договор") and len(await told(shop)) == 1


async def test_truth_39_an_answer_to_an_old_question_looks_at_the_deal_anew(shop: Shop, anna: Phone) -> None:
    """Changed? Twice?"""
    await lead_to_deal(shop, anna)
    await anna.open("2026-0002")
    await do(anna, *CONTRACT, "[Угловая]", "150 000")
    old = await anna.sees("Останется пустым")
    button = old.button("Так и надо")
    assert button is not None
    await anna.tap("Заполнить", await anna.open("2026-0002"))
    await do(anna, "[Сроки]", "[Желаемая дата готовности]", "20.12")
    await anna.press(old.id, button["data"])
    assert await told(shop) == [] and "Желаемая дата" not in anna.screen.text.split("Останется")[-1]
    await do(anna, GO)
    assert len(await told(shop)) == 1


async def test_truth_39_the_owner_s_own_docx_is_asked_about_by_its_own_variables(
    shop: Shop, anna: Phone, owner: Phone
) -> None:
    document = Document()
    document.add_paragraph("Договор {{ paper.number }}, {{ client.name }}, паспорт {{ client.passport }}")
    document.add_paragraph("{% if terms.ready_on %}Срок {{ terms.ready_on }}{% endif %}")
    document.add_paragraph("Почта {{ client.email or 'нет' }}, подъём {{ fields.lift }}")
    out = io.BytesIO()
    document.save(out)
    await owner.text("/settings")
    await do(owner, "[Шаблоны документов]", "[Договор]", "[Прислать свой .docx]")
    await owner.send_files(("Наш.docx", out.getvalue()), kind="document")
    await owner.sees("Шаблон принят: Договор")
    await lead_to_deal(shop, anna)
    await anna.open("2026-0002")
    await do(anna, *CONTRACT, "[Угловая]", "150 000")
    said = await asked(anna)
    assert "• Паспорт клиента" in said and "• Подъём" in said and said.count("•") == 2
    await do(anna, GO)
    assert "Пустым осталось: Паспорт клиента, Подъём." in plain((await anna.sees("📄 Договор №")).text)
