"""The papers of a kitchen shop as people see them, through Telegram (K-11, K-12)."""

from __future__ import annotations

import re

from sqlalchemy import func, select, update

from models.tables.deals import HistoryRow
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from tests.papers.conftest import file_of
from tests.stories.driver import Phone, Seen, Shop, plain

PLACE = "Москва, ул. Баумана, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12"
TYPED = (
    "Общество с ограниченной ответственностью «Кухни Север»", "ООО «Кухни Север»", "7707083893", "773601001",
    "1027700132195", "117312, г. Москва, ул. Вавилова, д. 19", "Москва", "Петров Илья Сергеевич",
    "Генеральный директор", "Устава", "ПАО Сбербанк, г. Москва", "044525225", "40702810938000012345",
    "30101810400000000225",
)  # fmt: skip


async def order(anna: Phone) -> None:
    await anna.tap("Новый заказ")
    await anna.fill("Иванова Мария Петровна", "+79123456789")


async def filled(phone: Phone, *fields: tuple[str, str]) -> Seen:
    """Fill fields of the open card, one after another."""
    for title, answer in fields:
        await phone.open("2026-0001")
        await phone.tap("Заполнить")
        await phone.tap("О сделке")
        await phone.tap(title)
        await phone.fill(answer)
    return await phone.open("2026-0001")


async def contract(anna: Phone) -> Seen:
    """The contract, with what it asks first."""
    await order(anna)
    await anna.tap("📄 Документы")
    await anna.tap("Сделать: Договор")
    await anna.fill("150т", PLACE)
    await anna.tap("Верно")
    return await anna.tap("Так и надо")


async def test_K11_a_manager_without_requisites_asks_the_owner_who_fills_them_in(
    shop: Shop, owner: Phone, anna: Phone
) -> None:
    await order(anna)
    await anna.tap("📄 Документы")
    seen = await anna.tap("Сделать: Договор")
    assert "Реквизиты компании не заполнены" in seen.text and "Попросите владельца" in seen.text
    await anna.tap("🔔 Напомнить владельцу")
    await anna.tap("🔔 Напомнить владельцу")
    assert anna.toast == "Напомнил владельцу"
    asked = await owner.sees_only("Анна Соколова просит: без реквизитов не сделать договор и счёт.")
    page = await owner.tap("Заполнить реквизиты", asked)
    assert "заполните ещё полей: 14" in page.text
    await owner.tap("Заполнить по порядку")
    for answer in TYPED:
        seen = await owner.text(answer)
    assert "Реквизиты заполнены: документы можно делать" in seen.text
    assert await shop.rows(select(PaperRow.id)) == []  # no number was taken for what could not be made

    await owner.tap("Проверить: образец счёта")
    sample = await owner.sees("Образец счёта")
    assert (await file_of(shop, sample.media)).startswith(b"%PDF")


async def test_K11_wrong_requisites_are_asked_again_and_a_new_bank_asks_its_accounts_anew(
    shop: Shop, owner: Phone, ready: None
) -> None:
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Компания")
    await owner.tap("ИНН")
    seen = await owner.text("7707083894")
    assert "Такого ИНН не бывает" in seen.text
    seen = await owner.text("сто")
    assert "Здесь нужны только цифры" in seen.text
    await owner.tap("Отмена")
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Банк и НДС")
    await owner.tap("БИК")
    seen = await owner.text("044525974")
    assert "Больше не подходит, введите заново: Расчётный счёт, Корр. счёт" in seen.text
    await owner.tap("НДС")
    seen = await owner.tap("20")
    assert "НДС: 20 %" in plain(seen.text)


CARD = """ООО «Кухни Север»
ИНН/КПП: 7707083893/773601001
Р/с 40702810938000012345 в ПАО Сбербанк, г. Москва
К/с 30101810400000000225, БИК 044525225
Генеральный директор Воронов Сергей Петрович, действующий на основании Устава"""


async def test_door_b17_and_d5_requisites_are_read_as_people_paste_them(shop: Shop, owner: Phone, ready: None) -> None:
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Подпись")
    await owner.tap("Кто подписывает")
    seen = await owner.text("Генеральный директор Воронов Сергей Петрович")
    assert "Кто подписывает: Воронов Сергей Петрович" in seen.text and "Должность: Генеральный директор" in seen.text
    await owner.tap("На основании чего", seen)
    assert "На основании чего: Устава" in (await owner.text("на основании Устава")).text
    for title, typed in (("ИНН", "ИНН 7707083893"), ("КПП", "КПП 773601001")):
        await owner.text("/settings")
        await owner.tap("🏢 Реквизиты компании")
        await owner.tap("Компания")
        await owner.tap(title)
        assert f"{title}: {typed.split()[1]}" in (await owner.text(typed)).text


async def test_door_d5_a_card_of_the_enterprise_is_taken_apart_echoed_and_kept_after_a_yes(
    shop: Shop, owner: Phone
) -> None:
    """Twice? A second press of «Записать» changes nothing. Changed? Another text is read anew."""
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Заполнить по порядку")
    seen = await owner.text(CARD.replace("7707083893", "7707083892"))
    assert "Вот что я прочитал" in seen.text and "• ИНН: Такого ИНН не бывает" in seen.text
    seen = await owner.text(CARD)
    assert "ИНН: 7707083893" in seen.text and "Должность: Генеральный директор" in seen.text
    assert "Не записать" not in seen.text
    await owner.tap("Записать", seen)
    assert "Расчётный счёт: 40702810938000012345" in owner.screen.text and "заполните ещё полей: 4" in owner.screen.text
    button = seen.button("Записать")
    assert button is not None
    await owner.press(owner.screen.id, button["data"], forged=True)
    assert owner.toast == "Этот вопрос уже закрыт."


async def test_door_d5_a_card_that_was_not_confirmed_is_not_kept(shop: Shop, owner: Phone) -> None:
    """Forgotten?"""
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Заполнить по порядку")
    await owner.tap("Отмена", await owner.text(CARD))
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    assert "заполните ещё полей: 14" in owner.screen.text


async def test_K11_requisites_and_templates_are_the_owners_alone(shop: Shop, anna: Phone) -> None:
    seen = await anna.text("/settings")
    assert not {"🏢 Реквизиты компании", "📑 Шаблоны документов"} & set(seen.labels)
    for data in ("v1:requisites", "v1:reqset:inn", "v1:templates", "v1:docsend:kitchens:contract"):
        await anna.press(seen.id, data, forged=True)
        assert anna.alert and "нет доступа" in (anna.toast or "")


async def test_K11_one_tap_asks_what_is_missing_and_the_contract_comes_as_a_pdf(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await order(anna)
    page = await anna.tap("📄 Документы")
    assert page.text.count("пока нет") == 4
    asked = await anna.tap("Сделать: Договор")
    assert "Чтобы сделать документ «Договор», заполните:" in asked.text and "Сумма договора" in asked.text
    await anna.fill("150т", PLACE)
    await anna.tap("Верно")
    seen = await anna.tap("Так и надо")
    assert anna.toast == "Готовлю: Договор…"
    assert "Договор № Д-2026-1" in seen.text
    assert seen.media is not None and seen.media["name"] == "Договор Д-2026-1.pdf"
    assert (await file_of(shop, seen.media)).startswith(b"%PDF")
    assert await anna.count("Пустым осталось") == 1

    card = await anna.tap("Открыть сделку", seen)
    folder = await anna.tap("Файлы 1", card)
    assert re.search(r"Договор\n📎 Договор Д-2026-1\.pdf", folder.text)


async def test_K11_the_card_changes_and_the_next_version_says_so_and_the_old_one_stays(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await contract(anna)
    await anna.open("2026-0001")
    await anna.tap("📄 Документы")
    seen = await anna.tap("📄 Договор № Д-2026-1")
    assert "🔄 Обновить" not in seen.labels  # nothing has changed
    await filled(anna, ("Тип кухни", "[Угловая]"))
    page = await anna.tap("📄 Документы")
    assert "Карточка с тех пор изменилась." in page.text
    await anna.tap("📄 Договор № Д-2026-1")
    await anna.tap("🔄 Обновить")
    seen = await anna.tap("Так и надо")
    assert "Договор № Д-2026-1, версия 2" in seen.text
    assert seen.media is not None and seen.media["name"] == "Договор Д-2026-1 (версия 2).pdf"
    told = [row.data["deal"]["title"] for row in await shop.rows(select(PaperRow.data).order_by(PaperRow.id))]
    assert told == ["Кухня", "Кухня угловая"]

    await anna.tap("Открыть сделку", seen)
    await anna.tap("📄 Документы")
    page = await anna.tap("📄 Договор № Д-2026-1")
    assert "Раньше:\nВерсия 1. " in page.text
    old = await anna.tap("Версия 1", page)
    assert old.media is not None and old.media["name"] == "Договор Д-2026-1.pdf"


async def test_K11_the_same_file_goes_again_by_telegrams_own_id(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    seen = await contract(anna)
    (kept,) = await shop.rows(select(FileRow.telegram_id, FileRow.sha))
    assert kept.telegram_id and kept.sha  # remembered from the upload
    await anna.open("2026-0001")
    await anna.tap("📄 Документы")
    await anna.tap("📄 Договор № Д-2026-1")
    again = await anna.tap("📄 Прислать файл")
    assert again.media is not None and seen.media is not None and again.id != seen.id
    assert again.media["url"] == seen.media["url"]  # one file in Telegram: nothing was uploaded twice


async def test_K12_the_task_closes_only_after_the_invoice_was_sent(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await contract(anna)
    await anna.open("2026-0001")
    await anna.tap("✔ Отправить счёт")
    await anna.tap("Задачи")
    await anna.tap("Отправить счёт")
    seen = await anna.tap("Счёт отправлен")
    assert "Счёт ещё не отправлен клиенту" in seen.text
    seen = await anna.tap("Сделать: Счёт", seen)
    assert "Счёт № 1" in seen.text and seen.media is not None
    await anna.tap("✔ Клиенту отправлено", seen)
    assert anna.toast == "Записано: клиенту отправлено"
    await anna.press(seen.id, next(b["data"] for row in seen.rows for b in row if "отправлено" in b["text"]))
    assert anna.toast == "Уже записано"
    await anna.tap("📋 К задаче: Отправить счёт")
    await anna.tap("Счёт отправлен")
    assert "Монтаж" in (await anna.open("2026-0001")).text
    kinds = [row.kind for row in await shop.rows(select(HistoryRow.kind).where(HistoryRow.kind == "paper_sent"))]
    assert kinds == ["paper_sent"]


async def test_K11_a_stage_that_waits_for_the_contract_leads_to_it(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await order(anna)
    await anna.tap("Этапы…")
    seen = await anna.tap("🔒 Отправить счёт")
    assert "Сначала сделайте документ: Договор" in seen.text
    page = await anna.tap("📄 Документ: Договор")
    assert "Сделать: Договор" in page.labels


async def test_K11_a_line_of_the_checklist_makes_the_contract_and_ticks_itself(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await order(anna)
    await filled(anna, ("Сумма договора", "150000"))
    await anna.tap("Задачи")
    await anna.tap("Подготовить договор")
    await anna.tap("Сформировать договор")
    await anna.fill(PLACE)
    await anna.tap("Верно")
    await anna.tap("Так и надо")
    assert anna.toast == "Готовлю: Договор…"
    assert (await anna.sees("Договор № Д-2026-1")).media is not None
    (made,) = await shop.rows(select(PaperRow.state, PaperRow.version))
    assert tuple(made) == ("made", 1)


async def test_C8_the_installer_gets_his_act_and_cannot_reach_the_contract(
    shop: Shop, owner: Phone, anna: Phone, nikolay: Phone, ready: None
) -> None:
    await contract(anna)
    (held,) = await shop.rows(select(FileRow.id))
    await anna.open("2026-0001")
    await anna.tap("✔ Отправить счёт")
    await anna.open("2026-0001")
    await anna.tap("✔ Монтаж")
    job = await nikolay.sees("Собрать кухню")
    seen = await nikolay.tap("Напечатать акт", job)
    act = await nikolay.sees("Акт № А-1")
    assert act.media is not None and (await file_of(shop, act.media)).startswith(b"%PDF")
    assert "✔ Клиенту отправлено" not in act.labels  # that is the manager's word
    for data in (f"v1:file:{held.id}", "v1:papers:1", "v1:paperfile:1", "v1:papersent:1", "v1:papermake:1:contract"):
        await nikolay.press(seen.id, data, forged=True)
        assert nikolay.alert and "нет доступа" in (nikolay.toast or "")
    await nikolay.sees_no("Договор № Д-2026-1")


async def test_K11_four_papers_at_once_come_as_four_documents_and_not_as_a_digest(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await contract(anna)
    page = await filled(anna, ("Дата готовности", "12.12.2026"))
    for name in ("invoice", "specification", "act"):
        press = {"message_id": page.id, "data": f"v1:papermake:1:{name}", "forged": True}
        await shop.post(f"phones/{anna.key}/tap", press)
    await shop.settle()
    names = {one.media["name"] for one in await anna.from_bot() if one.media}
    assert names == {"Договор Д-2026-1.pdf", "Счёт 1.pdf", "Спецификация 1.pdf", "Акт А-1.pdf"}


async def test_K11_a_forged_paper_changes_nothing(shop: Shop, owner: Phone, anna: Phone, ready: None) -> None:
    await contract(anna)
    seen = await anna.open("2026-0001")
    await anna.press(seen.id, "v1:papermake:1:nonsense", forged=True)
    assert anna.toast == "Этого документа больше нет."
    await anna.press(seen.id, "v1:papersent:zz", forged=True)
    assert anna.toast == "Этого документа больше нет."
    (n,) = await shop.rows(select(func.count()).select_from(PaperRow))
    assert n[0] == 1


async def test_K11_an_errand_that_is_carried_out_twice_speaks_once(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await contract(anna)
    again = (
        update(ScheduledRow)
        .where(ScheduledRow.kind == "job", ScheduledRow.rule == "paper")
        .values(delivery_state="waiting", done_at=None, holder=None)
    )
    await shop.app.db.run(lambda tx: tx.execute(again))
    await shop.settle()
    assert await anna.count("Пустым осталось") == 1
    assert len(await shop.rows(select(PaperRow.id))) == 1 == len(await shop.rows(select(FileRow.id)))
