"""The owner's own .docx as a template: sent to the bot, tried at once, used from then on (K-11)."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from sqlalchemy import select

from models.tables.documents import PaperRow, PaperTemplateRow
from tests.papers.conftest import file_of
from tests.papers.test_papers_story import contract
from tests.stories.driver import Phone, Seen, Shop, plain


def word(*paragraphs: str) -> bytes:
    """A .docx as Word would write it."""
    made, out = Document(), io.BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def texts(data: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(data)).paragraphs)


GOOD = word("Договор № {{ paper.number }}", "Заказчик: {{ client.name }}", "Цена: {{ money.total_contract }}")


async def wait_for_template(owner: Phone) -> Seen:
    """Settings → templates → contract → send mine."""
    await owner.text("/settings")
    await owner.tap("📑 Шаблоны документов")
    await owner.tap("Договор")
    return await owner.tap("📎 Прислать свой .docx")


async def send(owner: Phone, name: str, data: bytes) -> Seen:
    await wait_for_template(owner)
    return await owner.send_files((name, data), kind="document")


async def test_K11_a_good_template_is_taken_tried_and_used_for_the_next_contract(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    await contract(anna)
    asked = await wait_for_template(owner)
    assert "Шаблон: Договор" in asked.text and ".docx" in asked.text
    seen = await owner.send_files(("наш договор.docx", GOOD), kind="document")
    assert "Шаблон принят: Договор" in seen.text
    assert "Клиент: имя или название" in seen.text and "Номер документа" in seen.text
    trial = texts(await file_of(shop, seen.media))
    assert "Смирнова Анна Сергеевна" in trial and "{{" not in trial

    page = await owner.tap("К шаблону")
    assert "свой: наш договор.docx" in page.text
    await anna.open("2026-0001")
    await anna.tap("📄 Документы")
    await anna.tap("📄 Договор № Д-2026-1")
    made = await anna.tap("🔄 Обновить")
    assert made.media is not None and made.media["name"] == "Договор Д-2026-1 (версия 2).docx"
    said = plain(texts(await file_of(shop, made.media)))
    assert "Договор № Д-2026-1 Заказчик: Иванова Мария Петровна Цена: 150 000 (сто пятьдесят тысяч) рублей" in said

    await owner.text("/settings")
    await owner.tap("📑 Шаблоны документов")
    await owner.tap("Договор")
    page = await owner.tap("↩︎ Вернуть встроенный")
    assert "Шаблон: встроенный" in page.text
    assert [row.state for row in await shop.rows(select(PaperTemplateRow.state))] == ["old"]


async def test_K11_unknown_variables_are_named_with_the_nearest_field(
    shop: Shop, owner: Phone, anna: Phone, ready: None
) -> None:
    seen = await send(owner, "дог.docx", word("Договор {{ paper.numbr }}", "{{ client.fio }} {{ fields.kitchen_typ }}"))
    assert "Шаблон не принят: Договор" in seen.text
    assert "{{ paper.numbr }} — может быть, {{ paper.number }} (Номер документа)?" in seen.text
    assert "{{ fields.kitchen_typ }} — может быть, {{ fields.kitchen_type }} (Тип кухни)?" in seen.text
    assert "{{ client.fio }}" in seen.text
    assert seen.media is None
    asked = await owner.tap("📎 Прислать исправленный")
    assert "Шаблон: Договор" in asked.text
    made = await contract(anna)  # as before
    assert made.media is not None and made.media["name"].endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("вирус.docx", word("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "запрещено"),
        ("цикл.docx", word("{% for a in range(99999999) %}{{ a }}{% endfor %}"), "цикл"),
        ("криво.docx", word("{{ client.name "), "ошибка"),
        ("пусто.docx", b"PK\x05\x06" + b"\0" * 18, "Это не документ Word"),
    ],
)
async def test_K11_a_hostile_or_broken_template_gets_a_clear_refusal(
    shop: Shop, owner: Phone, name: str, data: bytes, said: str
) -> None:
    seen = await send(owner, name, data)
    assert "Шаблон не принят: Договор" in seen.text and said in seen.text, seen.text
    (row,) = await shop.rows(select(PaperTemplateRow.state, PaperTemplateRow.problem))
    assert row.state == "refused" and row.problem
    page = await owner.press(seen.id, "v1:doc:kitchens:contract", forged=True)
    assert "Последний присланный шаблон не принят" in page.text and "Шаблон: встроенный" in page.text


async def test_K11_what_is_no_word_document_is_asked_again(shop: Shop, owner: Phone) -> None:
    await wait_for_template(owner)
    seen = await owner.send_files(("договор.pdf", b"%PDF-1.7"), kind="document")
    assert "PDF заполнить нельзя. Пришлите документ Word" in seen.text
    seen = await owner.send_files(("договор.doc", b"\xd0\xcf\x11\xe0"), kind="document")
    assert "сохраните как .docx" in seen.text
    seen = await owner.text("вот он")
    assert "Нужен файл .docx, а не текст" in seen.text
    await owner.send_files(("договор.docx", GOOD), kind="document")
    await owner.sees("Шаблон принят: Договор")  # the question stood all the time
    assert await shop.rows(select(PaperRow.id)) == []


async def test_K11_a_template_of_eleven_megabytes_is_refused_at_once(shop: Shop, owner: Phone) -> None:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/huge.bin", b"\0" * (11 * 1024 * 1024), zipfile.ZIP_STORED)
    seen = await send(owner, "большой.docx", out.getvalue())
    assert "шаблон может быть до 10 МБ" in seen.text
    assert await shop.rows(select(PaperTemplateRow.id)) == []


async def test_K11_the_example_can_be_sent_back_as_it_is(shop: Shop, owner: Phone) -> None:
    await owner.text("/settings")
    await owner.tap("📑 Шаблоны документов")
    await owner.tap("Договор")
    fields = await owner.tap("Какие поля можно вставить")
    assert "{{ client.name }} — Клиент: имя или название" in fields.text
    everything = fields.text
    while fields.button("›"):
        fields = await owner.tap("›")
        everything += fields.text
    assert "{{ fields.kitchen_type }} — Тип кухни" in everything and "{{ one.sum }} — Строка: сумма" in everything
    await owner.tap("‹ Назад")
    seen = await owner.tap("Получить пример .docx")
    example = await file_of(shop, seen.media)
    assert "Договор № {{ paper.number }}" in texts(example)
    await owner.tap("📎 Прислать свой .docx", seen)
    seen = await owner.send_files(("пример.docx", example), kind="document")
    assert "Шаблон принят: Договор" in seen.text
    filled = Document(io.BytesIO(await file_of(shop, seen.media)))
    assert len(filled.tables[0].rows) == 5  # the head and the four lines of the sample
    assert "{" not in "".join(cell.text for row in filled.tables[0].rows for cell in row.cells)
