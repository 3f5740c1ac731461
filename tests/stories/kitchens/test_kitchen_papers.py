"""The kitchen shop's papers: contract and invoice by one tap, what is missing asked first, versions, own templates."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from docx import Document
from PIL import Image
from sqlalchemy import select

from bot.demo.demo_kitchens import REQUISITES
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from services.documents import payment_qr, typst_render
from services.files import blobs
from tests.stories.acts import do
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import DEAL, given_a_job, invoice_sent, lead_to_deal, open_kitchens, sign, task


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def made(shop: Shop, name: str) -> list[Any]:
    """The versions of a paper, as they stand in the database."""
    return list(await shop.rows(select(PaperRow).where(PaperRow.name == name).order_by(PaperRow.version)))


async def bytes_of(shop: Shop, seen: Seen) -> bytes:
    """The document of a message, as the phone downloads it."""
    assert seen.media is not None
    async with shop.http.get(f"{shop.sandbox.url}{seen.media['url']}") as answer:
        assert answer.status == 200
        return await answer.read()


def docx(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    document = Document()
    for one in paragraphs:
        document.add_paragraph(one)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def written(data: bytes) -> str:
    """What stands in a Word file."""
    return plain("\n".join(one.text for one in Document(io.BytesIO(data)).paragraphs))


async def template_sent(owner: Phone, data: bytes, name: str = "Наш договор.docx") -> Seen:
    """The owner sends his own contract to the bot; what he is told."""
    await owner.text("/settings")
    await do(owner, "[Шаблоны документов]", "[Договор]", "[Прислать свой .docx]")
    return await owner.send_files((name, data), kind="document")


# --- K-11: one tap, empty fields asked first, versions -----------------------------------------------------------


async def test_k_11_what_the_contract_lacks_is_asked_first_and_then_it_comes_by_itself(shop: Shop, anna: Phone) -> None:
    """K-11: one tap; the two empty fields are asked, no more; the PDF comes, named by its number, into the folder."""
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]")
    assert "Договор — пока нет" in anna.screen.text
    await do(anna, "[Сделать: Договор]")
    assert "Чтобы сделать документ «Договор», заполните:" in anna.screen.text
    assert "Тип кухни · 1 из 2" in anna.screen.text
    assert await made(shop, "contract") == [], "no number is spent on a paper that cannot be made yet"
    await do(anna, "[Угловая]", "150 000", "[Так и надо]")
    sent = await anna.sees_only("📄 Договор № Д-2026-001")
    assert sent.media and sent.media["name"] == "Договор Д-2026-001.pdf" and sent.media["kind"] == "document"
    data = await bytes_of(shop, sent)
    assert data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF")
    (one,) = await made(shop, "contract")
    said = one.data
    assert said["client"]["name"] == "Мария Иванова" and plain(said["money"]["total"]) == "150 000,00"
    assert "сто пятьдесят тысяч" in plain(said["money"]["total_contract"])
    await anna.open(DEAL)
    await do(anna, "[Файлы 1]")
    assert "Договор\n📎 Договор Д-2026-001.pdf" in anna.screen.text, "it lies in the deal's folder"


async def test_k_11_one_tap_once_nothing_is_missing(shop: Shop, anna: Phone) -> None:
    """K-11: with the card filled in, one tap on the task's line makes the contract and ticks the line."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Указать тип кухни]", "[Угловая]", "150 000")
    before = len(await anna.from_bot())
    await do(anna, "[Сформировать договор]", "[Так и надо]")
    assert anna.screen.button("☑ Сформировать договор")
    assert len(await anna.from_bot()) == before + 1
    assert (await anna.last()).media is not None, "nothing came but the paper"


async def test_k_11_a_changed_card_gives_version_2_and_version_1_stays(shop: Shop, anna: Phone) -> None:
    """K-11: the card says that it has changed; the next generation has the new sum and the same number; both lie in
    the folder, version 1 as it was; unchanged, no new version is made."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    first = await bytes_of(shop, await anna.sees("Договор № Д-2026-001"))
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Договор № Д-2026-001]")
    assert "Карточка с тех пор изменилась" not in anna.screen.text and not anna.screen.button("Обновить")
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[Товары]", "[Сумма договора]", "162 500,50")
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Договор № Д-2026-001]")
    assert "Карточка с тех пор изменилась" in anna.screen.text
    await do(anna, "[🔄 Обновить]", "[Так и надо]")
    new = await anna.sees_only("Договор № Д-2026-001, версия 2")
    assert new.media and new.media["name"] == "Договор Д-2026-001 (версия 2).pdf"
    one, two = await made(shop, "contract")
    assert (one.number, one.version, two.number, two.version) == ("Д-2026-001", 1, "Д-2026-001", 2)
    assert plain(one.data["money"]["total"]) == "150 000,00" and plain(two.data["money"]["total"]) == "162 500,50"
    await anna.open(DEAL)
    await do(anna, "[Файлы]", "[Договор Д-2026-001.pdf]")
    again = await anna.last()
    assert await bytes_of(shop, again) == first, "version 1 is what it was"
    assert again.button("Убрать из папки") is None, "what the bot has made stays"
    assert await bytes_of(shop, new) != first


async def test_k_11_papers_are_numbered_without_gaps_and_twins(shop: Shop, anna: Phone) -> None:
    """K-11: two taps at once make one contract; the next deal's is the next number; in the new year it begins anew."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Договор № Д-2026-001]")
    again = anna.screen
    await anna.start()
    await do(anna, "[Новая сделка]", "Пётр Сидоров", "+7 916 111-22-33", "Кухня прямая")
    await do(anna, "[Документы]")
    button = anna.screen.button("Сделать: Договор")
    assert button is not None
    await do(anna, "[Сделать: Договор]", "[Прямая]", "98 000", "[Так и надо]")
    await anna.press(again.id, button["data"], forged=True)
    await anna.press(again.id, button["data"], forged=True)
    assert [(one.deal_id, one.number, one.version) for one in await made(shop, "contract")] == [
        (2, "Д-2026-001", 1),
        (3, "Д-2026-002", 1),
    ]
    await shop.until("2027-01-11T10:00")
    await anna.start()
    await do(anna, "[Новая сделка]", "Олег Зимин", "+7 916 222-22-33", "Кухня")
    await do(anna, "[Документы]", "[Сделать: Договор]", "[Прямая]", "98 000", "[Так и надо]")
    await anna.sees_only("Договор № Д-2027-001")


async def test_k_11_without_requisites_the_manager_is_told_who_helps(tmp_path: Path) -> None:
    """K-11: no paper without the company's requisites: the manager reminds the owner by one tap, once; he fills in."""
    shop, http = await open_shop(tmp_path, processes=("kitchens",))
    anna, owner = await shop.hire("Анна Соколова", "manager"), await shop.hire("Сергей Воронов", "owner")
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Сделать: Договор]")
    assert "Реквизиты компании не заполнены" in anna.screen.text
    for _ in range(2):
        await do(anna, "[🔔 Напомнить владельцу]")
        assert anna.toast == "Напомнил владельцу"
    told = await owner.sees_only("реквизит")
    assert "Анна Соколова" in told.text
    await do(owner, "[Заполнить реквизиты]")
    assert any("ИНН" in label or "Заполнить" in label for label in owner.screen.labels), owner.screen.labels
    assert await made(shop, "contract") == []
    await close_shop(shop, http)


# --- K-11: the owner's own template ------------------------------------------------------------------------------


async def test_k_11_the_owners_template_is_tried_at_once_and_used(shop: Shop, anna: Phone, owner: Phone) -> None:
    """K-11: a .docx with a loop over the lines is accepted, a trial comes with it; the next contract is made of it;
    the built-in one comes back by one tap."""
    data = docx(
        "ДОГОВОР {{ paper.number }} от {{ paper.date }}",
        "Покупатель: {{ client.name }}, кухня {{ fields.kitchen_type }}, {{ money.total_contract }}",
        "{% for one in lines %}{{ one.n }}. {{ one.name }}; {% endfor %}",
    )
    told = await template_sent(owner, data)
    assert "Шаблон принят: Договор" in told.text and "Бот заполнит" in told.text
    assert told.media is not None
    trial = written(await bytes_of(shop, told))
    assert "ДОГОВОР" in trial and "{{" not in trial and "1. " in trial
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Сделать: Договор]", "[Угловая]", "150 000")
    sent = await anna.sees_only("Договор № Д-2026-001")
    assert sent.media and sent.media["name"] == "Договор Д-2026-001.docx"
    text = written(await bytes_of(shop, sent))
    assert "ДОГОВОР Д-2026-001 от 23 ноября 2026 г." in text
    assert "Покупатель: Мария Иванова, кухня Угловая, 150 000 (сто пятьдесят тысяч) рублей" in text
    await do(owner, "[К шаблону]", "[Вернуть встроенный]")
    assert "Шаблон: встроенный" in owner.screen.text
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Договор № Д-2026-001]", "[🔄 Обновить]", "[Так и надо]")
    again = await anna.sees("версия 2")
    assert again.media and again.media["name"].endswith(".pdf")


async def test_k_11_unknown_names_are_listed_with_the_nearest_field(shop: Shop, anna: Phone, owner: Phone) -> None:
    """K-11: a template with unknown variables is refused at once, each with the field probably meant; ours is used."""
    told = await template_sent(
        owner, docx("{{ client.nmae }} {{ fields.kitchen_tipe }} {{ zzzqqq }} {{ client.phone }}")
    )
    assert "Шаблон не принят: Договор" in told.text and "бот не знает" in told.text
    assert "{{ client.nmae }} — может быть, {{ client.name }}" in plain(told.text)
    assert "{{ fields.kitchen_tipe }} — может быть, {{ fields.kitchen_type }} (Тип кухни)?" in plain(told.text)
    assert "{{ zzzqqq }}" in told.text and "client.phone" not in told.text
    assert told.button("Прислать исправленный") and told.button("Какие поля можно вставить")
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Сделать: Договор]", "[Угловая]", "150 000", "[Так и надо]")
    sent = await anna.sees_only("Договор № Д-2026-001")
    assert sent.media and sent.media["name"].endswith(".pdf")


BAD_TEMPLATES = {
    "{% for x in range(10**9) %}{{ x }}{% endfor %}": "повтор",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}": "запрещено",
    "{% if client.inn %}без конца": "",
}


@pytest.mark.parametrize("body", BAD_TEMPLATES)
async def test_k_11_a_template_with_an_endless_loop_or_tricks_is_refused(shop: Shop, owner: Phone, body: str) -> None:
    """K-11: a hostile template gets a clear refusal and changes nothing; the bot goes on."""
    told = await template_sent(owner, docx(body))
    assert "Шаблон не принят: Договор" in told.text and BAD_TEMPLATES[body] in told.text.lower(), told.text
    assert "__class__" not in told.text.replace(body, "") and "Traceback" not in told.text
    await owner.tap("Прислать исправленный", told)
    told = await owner.send_files(("Договор.docx", docx("{{ client.name }}")), kind="document")
    assert "Шаблон принят: Договор" in told.text, "the right one is taken after it"


async def test_k_11_what_is_no_word_file_is_refused_at_once(shop: Shop, owner: Phone) -> None:
    """K-11: a PDF, an old .doc, a photo, a text, a file that is none: each with what to do; the question stays."""
    await owner.text("/settings")
    await do(owner, "[Шаблоны документов]", "[Договор]", "[Прислать свой .docx]")
    assert "Прикрепите файл скрепкой" in owner.screen.text and "Напишите ответ" not in owner.screen.text
    for name, said in (("a.pdf", "PDF заполнить нельзя"), ("a.doc", "старый формат .doc"), ("a.txt", "документ Word")):
        told = await owner.send_files((name, b"x" * 100), kind="document")
        assert said in told.text and "Шаблон: Договор" in told.text, told.text
    assert "Нужен файл .docx" in (await owner.text("вот мой шаблон")).text
    told = await owner.send_files(("a.docx", b"x" * 100), kind="document")
    assert "Шаблон не принят" in told.text and ".docx" in told.text


async def test_k_11_only_the_owner_sends_templates(shop: Shop, anna: Phone, boss: Phone, owner: Phone) -> None:
    """K-11, C-8: nobody else has the button, and the owner's buttons, forged, do nothing."""
    await owner.text("/settings")
    await do(owner, "[Шаблоны документов]", "[Договор]")
    send = owner.screen.button("Прислать свой")
    assert send is not None
    for phone in (anna, boss):
        seen = await phone.text("/settings")
        assert seen.button("Шаблоны") is None
        await phone.press(seen.id, send["data"], forged=True)
        assert phone.toast == "У вас нет доступа к этому."


async def test_k_11_installers_never_see_contract_nor_invoice(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """K-11, C-8: not in the list, not by search, not by a manager's buttons pressed by forgery."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]")
    buttons = [one["data"] for row in anna.screen.rows for one in row if one["data"] and "paper" in one["data"]]
    await do(anna, "[Договор № Д-2026-001]")
    buttons += [one["data"] for row in anna.screen.rows for one in row if one["data"]]
    await anna.open(DEAL)
    await do(anna, "[Файлы 3]")
    buttons += [one["data"] for row in anna.screen.rows for one in row if one["data"] and ":file" in one["data"]]
    assert len(buttons) > 8
    await given_a_job(shop)
    start = await nikolay.start()
    await nikolay.tap("Ближайшие дни")
    for data in [*dict.fromkeys(buttons), "v1:photos:2", "v1:papermake:2:invoice"]:
        await nikolay.press(start.id, data, forged=True)
        shut = nikolay.toast is not None and "нет доступа" in nikolay.toast
        assert shut or data.startswith(("v1:deal:", "v1:photos:")), (data, nikolay.toast)
    for asked in (DEAL, "Договор", "Счёт", "Д-2026-001"):
        await nikolay.text(asked)
    for one in await nikolay.from_bot():
        assert one.media is None, one.text
        assert "Д-2026-001" not in " ".join([one.text, *one.labels]), one.text
        assert not re.search(r"Счёт (№ )?1\b|150 000|75 000", plain(" ".join([one.text, *one.labels]))), one.text
    assert [one.sent_at is not None for one in await made(shop, "contract")] == [False]


# --- K-12 -------------------------------------------------------------------------------------------------------


async def test_k_12_the_invoice_task_closes_only_after_the_invoice_was_sent(shop: Shop, anna: Phone) -> None:
    """K-12: pressed too early, «Счёт отправлен» says what is missing and gives the button for it; a made invoice is not
    enough; sent, the task closes, and the invoice lies under «Счета»."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await task(anna, "Выставить счёт")
    await do(anna, "[Счёт отправлен]")
    assert "Сначала отправьте счёт клиенту" in anna.screen.text
    assert anna.screen.button("Сделать: Счёт"), "the cure is one tap away"
    await task(anna, "Выставить счёт")
    await do(anna, "[Сформировать счёт]")
    assert "Сумма счёта" in anna.screen.text
    await anna.text("75 000")
    await do(anna, "[Узнать у клиента дату]", "24.11")
    await do(anna, "[Счёт отправлен]")
    assert "Сначала отправьте счёт клиенту" in anna.screen.text, "made is not sent"
    assert anna.screen.button("Клиенту отправлено")
    assert (await task(anna, "Выставить счёт")).button("Счёт отправлен"), "the task is still there"
    await anna.tap("Клиенту отправлено", "Счёт №")
    assert anna.toast == "Записано: клиенту отправлено"
    await task(anna, "Выставить счёт")
    await do(anna, "[Счёт отправлен]")
    assert "Закрыта: Счёт отправлен" in anna.screen.text
    (one,) = await made(shop, "invoice")
    assert one.sent_at is not None and one.number == "1"
    await anna.open(DEAL)
    await do(anna, "[Файлы 3]")
    assert "Счета\n📎 Счёт 1.pdf" in anna.screen.text
    await anna.open(DEAL)
    await do(anna, "[История]")
    assert "клиенту отправлено: Счёт № 1" in anna.screen.text


async def test_k_12_sent_is_noted_once_and_leads_back_to_the_task(shop: Shop, anna: Phone) -> None:
    """K-12: «Клиенту отправлено» pressed twice is one sending; from there the task is one tap away."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await task(anna, "Выставить счёт")
    await do(anna, "[Сформировать счёт]", "75 000", "[Узнать у клиента дату]", "24.11")
    arrived = await anna.sees("📄 Счёт № 1")
    button = arrived.button("Клиенту отправлено")
    assert button is not None
    shown = await anna.press(arrived.id, button["data"])
    await anna.press(arrived.id, button["data"], forged=True)
    assert anna.toast == "Уже записано"
    (one,) = await made(shop, "invoice")
    await shop.later(minutes=5)
    assert one.sent_at == shop.app.now() - timedelta(minutes=5)
    await anna.tap("К задаче", shown)
    await do(anna, "[Счёт отправлен]")
    assert "Закрыта: Счёт отправлен" in anna.screen.text


async def test_k_12_an_invoice_made_on_the_card_ticks_the_tasks_line(shop: Shop, anna: Phone) -> None:
    """K-12: made from «Документы» instead of the checklist, the invoice counts all the same: it is not made twice."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await anna.open(DEAL)
    await do(anna, "[Документы]", "[Сделать: Счёт]", "75 000")
    seen = await task(anna, "Выставить счёт")
    assert seen.button("☑ Сформировать счёт") and seen.button("☐ Узнать у клиента дату оплаты")
    assert await anna.count("📄 Счёт № 1") == 1


async def test_k_12_the_day_of_payment_is_asked_and_reminds(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-12: the promised date stands on the card; a date in the past is refused; on that day at 11:00 she is told."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await task(anna, "Выставить счёт")
    await do(anna, "[Сформировать счёт]", "75 000", "[Узнать у клиента дату]")
    refused = await anna.text("20.11.2026")
    assert "прошёл" in refused.text, refused.text
    await do(anna, "25.11")
    assert "Дата оплаты: ср, 25 ноября" in (await anna.open(DEAL)).text
    await shop.until("2026-11-25T10:59")
    await anna.sees_no("Сегодня клиент обещал оплатить счёт")
    await shop.until("2026-11-25T11:00")
    await anna.sees_only("Сегодня клиент обещал оплатить счёт: Кухня угловая · Мария Иванова")


async def test_k_12_an_invoice_above_the_contract_is_refused(shop: Shop, anna: Phone) -> None:
    """K-12: more than the contract's sum cannot be asked for; the message says so."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await task(anna, "Выставить счёт")
    await do(anna, "[Сформировать счёт]")
    refused = await anna.text("150 001")
    assert "150 000 ₽" in plain(refused.text) and "Сумма счёта" in refused.text, refused.text
    assert await made(shop, "invoice") == []


async def test_k_12_the_payment_code_reads_back_byte_for_byte(shop: Shop, anna: Phone) -> None:
    """K-12: the invoice's page, rendered from the very data of the PDF that Anna got, has one code; its bytes are those
    of the standard, with the company's account and the sum in kopecks."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna)
    (one,) = await made(shop, "invoice")
    papers = shop.app.company.papers
    data = {**one.data, "qr": payment_qr.svg(one.data["qr_text"].encode())}
    sent = await anna.sees("📄 Счёт № 1")
    assert typst_render.pdf(papers, "invoice.typ", data) == await bytes_of(shop, sent), "the page is that of the PDF"
    found = [
        code
        for page in typst_render.pages(papers, "invoice.typ", data, 150)
        for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))
    ]
    (code,) = found
    wanted = payment_qr.payload(
        payment_qr.QrPayment(
            name=REQUISITES["short_name"], account=REQUISITES["account"], bank=REQUISITES["bank"],
            bik=REQUISITES["bik"], corr_account=REQUISITES["corr_account"], inn=REQUISITES["inn"],
            kpp=REQUISITES["kpp"], purpose=_purpose(bytes(code.bytes)), total=Decimal(75_000),
        )
    )  # fmt: skip
    assert bytes(code.bytes) == wanted
    parts = bytes(code.bytes).decode().split("|")
    assert parts[0] == "ST00012" and "Sum=7500000" in parts
    assert "счёт" in _purpose(bytes(code.bytes)).lower() and "№ 1 от 23.11.2026" in _purpose(bytes(code.bytes))


def _purpose(content: bytes) -> str:
    return next(part[8:] for part in content.decode().split("|") if part.startswith("Purpose="))


async def test_k_12_the_papers_bytes_lie_on_our_disk_once(shop: Shop, anna: Phone, tmp_path: Path) -> None:
    """K-12, K-7: what was sent is kept under its own hash; made again unchanged, it is the same file."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    data = await bytes_of(shop, await anna.sees("📄 Договор № Д-2026-001"))
    (row,) = await shop.rows(select(FileRow.sha, FileRow.size).where(FileRow.name == "Договор Д-2026-001.pdf"))
    assert blobs.read(tmp_path, row.sha) == data and row.size == len(data)
