"""A .docx to begin with: the owner rewrites it in Word and sends it back as his own template (K-11).

It is made by the bot itself, which imports this only when one is asked for: the library is heavy.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docx import Document

PARTIES = (
    "{{ company.full_name }}, {{ company.called }} в дальнейшем «Исполнитель», в лице {{ company.represented }}, "
    "{{ company.acting }} на основании {{ company.basis }}, с одной стороны, и {{ client.name }}, {{ client.called }} "
    "в дальнейшем «Заказчик», с другой стороны, договорились о следующем."
)
CLAUSES = (
    "1. Исполнитель изготовит, доставит и смонтирует: {{ deal.title }}.",
    "2. Цена — {{ money.total_contract }}, {{ money.vat }}. Предоплата — {{ money.prepayment_contract }}.",
    "3. Срок готовности — {{ terms.ready_on }}. Адрес доставки: {{ terms.address }}.",
    "4. Гарантия — {{ terms.warranty }}.",
)
HEADS = ("№", "Наименование", "Кол-во", "Ед.", "Цена", "Сумма")
CELLS = ("{{ one.n }}", "{{ one.name }}", "{{ one.qty }}", "{{ one.unit }}", "{{ one.price }}", "{{ one.sum }}")
COMPANY = (
    "{{ company.short_name }}\nИНН {{ company.inn }}, КПП {{ company.kpp }}\n{{ company.address }}\n"
    "Р/с {{ company.account }}\n{{ company.bank }}\nБИК {{ company.bik }}, к/с {{ company.corr_account }}\n\n"
    "______________ {{ company.signer }}"
)
CLIENT = (
    "{{ client.name }}\n{{ client.address }}\nПаспорт: {{ client.passport }}\n{{ client.phone }}\n\n"
    "______________ {{ client.short }}"
)


def docx(title: str, known: Mapping[str, str]) -> bytes:
    """The example, with a list of all names that may stand in it. Blocking: call it in a worker thread."""
    paper = Document()
    paper.add_heading(f"{title} № {{{{ paper.number }}}}", 1)
    paper.add_paragraph("г. {{ company.city }}, {{ paper.date }}")
    paper.add_paragraph(PARTIES)
    for clause in CLAUSES:
        paper.add_paragraph(clause)
    _lines(paper)
    paper.add_paragraph()
    signs = paper.add_table(rows=1, cols=2)
    signs.cell(0, 0).text, signs.cell(0, 1).text = COMPANY, CLIENT
    paper.add_page_break()  # type: ignore[no-untyped-call]
    _names(paper, known)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _lines(paper: Any) -> None:
    """A table that repeats one row: the rows with the signs of the loop go away."""
    table = paper.add_table(rows=4, cols=len(HEADS))
    table.style = "Table Grid"
    for place, (head, cell) in enumerate(zip(HEADS, CELLS, strict=True)):
        table.cell(0, place).text, table.cell(2, place).text = head, cell
    table.cell(1, 0).text, table.cell(3, 0).text = "{%tr for one in lines %}", "{%tr endfor %}"


def _names(paper: Any, known: Mapping[str, str]) -> None:
    """Without their braces, so that the list is not filled in itself."""
    paper.add_heading("Поля для шаблона (удалите эту страницу)", 2)
    paper.add_paragraph(
        "В документе поле пишется в двойных фигурных скобках, как выше. Поля с «one.» — внутри повтора: "
        "one.n … one.sum в строках заказа (lines), one.title и one.text в свойствах (features)."
    )
    table = paper.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, title in known.items():
        group, _, rest = name.partition(".")
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"one.{rest}" if group in ("lines", "features") else name, title
