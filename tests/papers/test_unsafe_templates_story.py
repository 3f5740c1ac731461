"""A template that would run or fetch something is refused by name; one that was taken before is refused when a paper is
asked for, and nobody is left without a word (safety 22)."""

from __future__ import annotations

from sqlalchemy import select, update

from models.tables.documents import PaperRow, PaperTemplateRow
from services.files import blobs
from tests.papers.conftest import file_of
from tests.papers.test_papers_story import PLACE, order
from tests.papers.test_templates_story import send, texts
from tests.services.documents.word_files import (
    SETTINGS_RELS,
    field,
    in_body,
    in_settings,
    parts_of,
    related,
    rewritten,
    word_file,
)
from tests.stories.driver import Phone, Seen, Shop, plain

GOOD = word_file(in_body("<w:p><w:r><w:t>Заказчик: {{ client.name }}</w:t></w:r></w:p>"))
EVIL = "https://evil.example/logo.png"
UNSAFE = word_file(
    in_body(field("DDE", "AUTO c:\\x.exe")),
    rewritten("word/header1.xml", "<w:p>", f"<w:p><w:fldSimple w:instr='INCLUDEPICTURE \"{EVIL}\"'/>"),
    related("image", EVIL),
)


async def taken_long_ago(shop: Shop, owner: Phone) -> None:
    """A template in use that an earlier version has taken."""
    seen = await send(owner, "наш договор.docx", GOOD)
    assert "Шаблон принят: Договор" in seen.text
    sha = blobs.store(shop.app.settings.data_dir, UNSAFE)
    await shop.app.db.run(lambda tx: tx.execute(update(PaperTemplateRow).values(sha=sha)))


async def contract(anna: Phone) -> Seen:
    """The first one of a new deal; what comes of it."""
    await order(anna)
    await anna.tap("📄 Документы")
    await anna.tap("Сделать: Договор")
    await anna.fill("150т", PLACE)
    return await anna.tap("Верно")


async def ask_again(anna: Phone) -> Seen:
    await anna.open("2026-0001")
    await anna.tap("📄 Документы")
    return await anna.tap("Сделать: Договор")


async def test_what_would_run_or_be_fetched_is_told_by_name_and_place_with_what_to_do(shop: Shop, owner: Phone) -> None:
    seen = await send(owner, "договор.docx", UNSAFE)
    assert "Шаблон не принят: Договор" in seen.text
    assert "• поле Word: DDEAUTO — основной текст (word/document.xml)" in seen.text
    assert "• поле Word: INCLUDEPICTURE — верхний колонтитул (word/header1.xml)" in seen.text
    assert f"• картинка, которой нет в самом файле: {EVIL} — основной текст" in seen.text
    assert seen.text.count("Ctrl+Shift+F9") == 1 and "«Вставка» → «Рисунки»" in seen.text
    page = await owner.press(seen.id, "v1:doc:kitchens:contract", forged=True)
    assert "Последний присланный шаблон не принят" in page.text and "DDEAUTO — основной текст" in page.text
    await owner.tap("📎 Прислать свой .docx", page)
    seen = await owner.send_files(("договор.docx", GOOD), kind="document")
    assert "Шаблон принят: Договор" in seen.text


async def test_the_owner_reads_it_in_his_language(shop: Shop, owner: Phone) -> None:
    await owner.text("/settings")
    await owner.tap("English")
    await owner.tap("📑 Document templates")
    await owner.tap("Contract")
    await owner.tap("📎 Send your own .docx")
    seen = await owner.send_files(("договор.docx", UNSAFE), kind="document")
    assert "• a Word field: DDEAUTO — main text (word/document.xml)" in seen.text
    assert "press Ctrl+Shift+F9" in seen.text


async def test_a_link_to_another_template_is_dropped_and_told(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    target = "file:///C:/Users/Olga/%D0%91%D0%BB%D0%B0%D0%BD%D0%BA.dotx"
    link = related("attachedTemplate", target, rels=SETTINGS_RELS)
    linked = word_file(link, in_settings('<w:attachedTemplate r:id="rIdX"/>'))
    seen = await send(owner, "договор.docx", linked)
    assert "Шаблон принят: Договор" in seen.text
    assert "Файл связан с другим шаблоном Word: Бланк.dotx. Эту связь я убираю." in seen.text
    made = await contract(anna)
    for paper in (await file_of(shop, seen.media), await file_of(shop, made.media)):
        assert b"attachedTemplate" not in b"".join(parts_of(paper).values())


async def test_a_template_taken_before_is_refused_when_a_paper_is_asked_for_and_the_owner_decides(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await taken_long_ago(shop, owner)
    seen = await contract(anna)
    assert "Не получилось сделать документ: Договор" in seen.text
    assert "Шаблон компании больше не принимается" in seen.text and "Что исправить, я написал владельцу." in seen.text
    assert seen.media is None and [row.state for row in await shop.rows(select(PaperRow.state))] == ["failed"]

    told = await owner.sees_only("Шаблон больше не принимается: Договор")
    assert "наш договор.docx" in told.text and "поле Word: DDEAUTO — основной текст" in told.text
    assert "или не вернёте встроенный" in told.text
    await ask_again(anna)  # once a day is enough
    await owner.sees_only("Шаблон больше не принимается: Договор")
    await shop.later(days=1)
    await ask_again(anna)
    assert await owner.count("Шаблон больше не принимается: Договор") == 2

    page = await owner.tap("К шаблону")
    assert "Документы по нему больше не делаются." in page.text and "DDEAUTO" in page.text
    await owner.tap("↩︎ Вернуть встроенный", page)
    await ask_again(anna)
    made = await anna.tap("Так и надо")
    assert made.media is not None and made.media["name"].endswith(".pdf")


async def test_a_corrected_template_makes_papers_again(shop: Shop, owner: Phone, anna: Phone, ready: None) -> None:
    await taken_long_ago(shop, owner)
    await contract(anna)
    told = await owner.sees("Шаблон больше не принимается: Договор")
    await owner.tap("📎 Прислать исправленный", told)
    await owner.send_files(("исправленный.docx", GOOD), kind="document")
    made = await ask_again(anna)
    assert "Заказчик: Иванова Мария Петровна" in plain(texts(await file_of(shop, made.media)))
