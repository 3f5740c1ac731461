"""The papers themselves: what stands in them, what does not, and the code on the printed page (K-11, K-12)."""

from __future__ import annotations

import dataclasses
import html
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image

from models import paper_sources, shipped
from services.documents import paper_data, typst_render
from services.documents.requisites import Requisites
from services.documents.sample_order import sample, sample_facts

PAPERS, SOURCES = shipped.PAPERS, paper_sources.come_with_package()
NAMES = ("contract", "invoice", "specification", "act")
FACTS = sample_facts()
BARE = paper_data.PaperFacts(
    company=Requisites(),
    client=paper_data.PaperClient(name=""),
    number="7",
    made_on=date(2026, 11, 22),
    deal_number="2026-0043",
    deal_title="",
    deal_on=date(2026, 11, 22),
)
HOSTILE = '*жир* _кос_ #panic("x") $x$ <w:t> @ref `код` \\ {{ 7*7 }} [скобка'


def text_of(name: str, values: dict[str, Any]) -> str:
    """What is written in the paper, in ordinary spaces: typst's own HTML of the same template, without tags."""
    # grids and alignment are layout, which HTML has none of: what is in them is said one after the other
    layout = "#show align: it => it.body\n#show grid: it => for cell in it.children [#par(cell.body)]"
    source = f'{layout}\n#include "{name}.typ"'
    made = typst.compile(source.encode(), root=PAPERS, format="html", sys_inputs={"data": json.dumps(values)})
    assert isinstance(made, bytes)
    body = made.decode().partition("<body>")[2]
    plain = html.unescape(re.sub(r"<[^>]*>", " ", body))
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " "))


def test_the_contract_names_parties_price_and_terms_k_11() -> None:
    text = text_of("contract", sample())
    for part in (
        "Договор № Д-2026-17",
        "22 ноября 2026 г.",
        "в лице генерального директора Ивановой Марии Петровны, действующей на основании Устава",
        "Смирнова Анна Сергеевна, именуемая в дальнейшем «Заказчик»",
        "150 000 (сто пятьдесят тысяч) рублей 00 копеек, без НДС.",
        "75 000 (семьдесят пять тысяч) рублей 00 копеек, что составляет 50 % цены договора",
        "не позднее 12 декабря 2026 г. Срок",
        "ИНН 7707083893 , КПП 773601001",
        "/ Смирнова А. С. /",
    ):
        assert part.replace(" ,", ",") in text.replace(" ,", ","), part


def test_the_invoice_asks_for_the_balance_in_figures_and_words_k_12() -> None:
    text = text_of("invoice", sample())
    for part in (
        "Счёт на оплату № Д-2026-17 от 22 ноября 2026 г.",
        "БИК 044525225",
        "40702810938000012345",
        "Без налога (НДС)",
        "Оплачено ранее: 75 000,00",
        "К оплате по счёту: 75 000,00",
        "Семьдесят пять тысяч рублей 00 копеек",
        "Оплата по QR-коду",
    ):
        assert part in text, part


@pytest.mark.parametrize("ppi", [70, 150])
def test_the_code_on_the_printed_invoice_reads_back_the_same_bytes_k_12(ppi: float) -> None:
    values = sample()
    page = Image.open(io.BytesIO(typst_render.pages(SOURCES, "invoice.typ", values, ppi)[0]))
    found = zxingcpp.read_barcodes(page)
    assert [bytes(one.bytes) for one in found] == [values["qr_text"].encode()]


def test_an_invoice_of_a_payer_of_vat_says_how_much_it_is() -> None:
    taxed = dataclasses.replace(FACTS, company=FACTS.company.changed({"vat": "22"}))
    text = text_of("invoice", paper_data.data_of(taxed))
    assert "В том числе НДС 22 % : 27 049,18" in text.replace("%:", "% :")
    assert "НДС 22% 13 524,59" in paper_data.data_of(taxed)["qr_text"].replace("\u00a0", " ")


def test_nothing_to_pay_has_no_code() -> None:
    paid = paper_data.data_of(dataclasses.replace(FACTS, paid=Decimal(150000)))
    assert (paid["qr"], paid["money"]["due"]) == ("", "0,00")
    assert "Оплата по QR-коду" not in text_of("invoice", paid)


def test_the_act_without_prices_has_none_of_them() -> None:
    values = paper_data.data_of(dataclasses.replace(FACTS, prices=False))
    text = text_of("act", values)
    assert "Столешница" in text
    assert "Стоимость работ указана в договоре" in text
    assert not re.search(r"\d{1,3} 000|руб\b", text)


def test_the_act_says_what_was_paid_and_what_is_left() -> None:
    assert "Оплачено: 75 000,00 руб.; остаток: 75 000,00 руб." in text_of("act", sample())


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_is_known_a_line_is_left_and_never_a_none(name: str) -> None:
    values = paper_data.data_of(BARE)
    text = text_of(name, values)
    assert not re.search(r"None|none|null|\(\)|, ,|\.\.", text)
    assert typst_render.pdf(SOURCES, f"{name}.typ", values).startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_client_is_called_is_never_markup(name: str) -> None:
    hostile = dataclasses.replace(
        FACTS,
        client=paper_data.PaperClient(name=HOSTILE, address=HOSTILE, passport=HOSTILE),
        deal_title=HOSTILE,
        features=((HOSTILE, HOSTILE),),
        lines=(paper_data.PrintedItem(HOSTILE, Decimal(1)),),
        wishes=HOSTILE,
    )
    text = text_of(name, paper_data.data_of(hostile))
    assert HOSTILE in text


@pytest.mark.parametrize("name", NAMES)
def test_the_same_data_are_the_same_bytes(name: str) -> None:
    template = f"{name}.typ"
    first = typst_render.pdf(SOURCES, template, sample())
    assert first == typst_render.pdf(SOURCES, template, dict(reversed(sample().items())))


def test_thirty_long_lines_go_over_several_pages() -> None:
    line = paper_data.PrintedItem(
        "Шкаф навесной двухстворчатый с сушкой для посуды, " * 2, Decimal(1000), Decimal("1.5")
    )
    many = paper_data.data_of(dataclasses.replace(FACTS, lines=[line] * 30))
    assert len(typst_render.pages(SOURCES, "specification.typ", many, 30)) > 1
    assert [one["qty"] for one in many["lines"]] == ["1,5"] * 30


def test_a_company_as_client_is_asked_for_what_a_company_has() -> None:
    client = paper_data.PaperClient(
        "ООО «Отель»", kind=paper_data.COMPANY, inn="7707083893", represented="директора Ким Н. И."
    )
    text = text_of("contract", paper_data.data_of(dataclasses.replace(FACTS, client=client)))
    assert "именуемое в дальнейшем «Заказчик», в лице директора Ким Н. И." in text
    assert "Паспорт" not in text
    assert "О защите прав потребителей" not in text


def test_an_entrepreneur_signs_for_himself() -> None:
    name = "Индивидуальный предприниматель Кузнецов Илья Фомич"
    sole = Requisites().changed({"inn": "500100732259", "full_name": name})
    text = text_of("contract", paper_data.data_of(dataclasses.replace(FACTS, company=sole)))
    assert "Кузнецов Илья Фомич, именуемый в дальнейшем «Исполнитель», с одной стороны" in text
    assert "/ Кузнецов И. Ф. /" in text


def test_a_share_that_is_no_whole_number_is_not_printed() -> None:
    assert paper_data.data_of(dataclasses.replace(FACTS, prepayment=Decimal(50001)))["money"]["prepayment_share"] == ""


def test_a_deal_without_lines_is_one_line_itself() -> None:
    (line,) = paper_data.data_of(dataclasses.replace(FACTS, lines=()))["lines"]
    assert (line["name"], line["unit"], line["sum"].replace("\u00a0", " ")) == ("Кухня угловая", "компл.", "150 000,00")


def test_a_template_cannot_read_files_beside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.txt").write_text("тайна")
    template = tmp_path / "inner" / "sly.typ"
    template.write_text('#read("../secret.txt")')
    with pytest.raises(typst.TypstError):
        typst_render.pdf(paper_sources.read(tmp_path / "inner"), "sly.typ", {})
