"""What people typed stays what they typed in a filled .docx, and nothing comes into being by it (safety 22)."""

from __future__ import annotations

import io
import random
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document

from services.documents import docx_templates
from services.documents.docx_worker import docx_filling, docx_safety
from services.documents.docx_worker.docx_filling import UNPRINTABLE
from services.documents.docx_worker.docx_findings import TemplateUnusable
from services.documents.sample_order import sample
from services.documents.template_variables import variables
from tests.services.documents.word_files import (
    BODY,
    SETTINGS,
    SETTINGS_RELS,
    Change,
    W,
    field,
    in_body,
    in_settings,
    parts_of,
    related,
    rewritten,
    with_part,
    word_file,
)

DATA = sample({})
KNOWN = variables({})
MANY = 2000
PIECES = (
    "{{ 7*7 }}", "{{", "}}", "{%", "%}", "{#", "#}", "{_{", "}_}", "{_%", "%_}", "{{r x }}", "{%p if x %}",
    "{%tr endfor %}", "<", ">", "&", "&amp;", "&#0;", "&lt;w:p/&gt;", "]]>", "<![CDATA[", "<!--", "-->", "<?x?>",
    "<!DOCTYPE x>", "</w:t></w:r></w:p>", "<w:altChunk r:id='rId1'/>", "<w:instrText>DDEAUTO c:</w:instrText>", "<w:t>",
    "\\", '"', "'", "=1+cmd|' /C calc'!A0", "DDEAUTO", "INCLUDEPICTURE https://evil.example", "\0", "\a", "\f", "\v",
    "\x1b", "\r\n", "\n", "\t", "\ud800", "\ufffe", "\uffff", "\u2028", "\u202e", "\u200f", "\ufeff", "e\u0301", "😀",
    "Ё", " ", "  ", "_", "{client}", "{0.x}", "%s", "%(x)s", "$1", "\\1", "\\g<0>", "${x}", "#{x}", "Иванова",
)  # fmt: skip
EVIL = "https://evil.example/x"
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def hostile(count: int) -> list[str]:
    """So many strings of one to six pieces; the same ones each time."""
    dice = random.Random(33)
    return [*PIECES, *("".join(dice.choices(PIECES, k=dice.randint(2, 6))) for _ in range(count - len(PIECES)))]


def kept(typed: str) -> str:
    """What a paper can hold of it."""
    return UNPRINTABLE.sub("", typed)


def text_of(xml: bytes) -> str:
    return "".join(ElementTree.fromstring(xml).itertext())


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def footnotes(text: str) -> tuple[Change, ...]:
    """A footnote, in a document of two sections."""
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1">{paragraph(text)}</w:footnote></w:footnotes>'
    return (
        with_part("word/footnotes.xml", notes.encode(), FOOTNOTES),
        related("footnotes", "footnotes.xml", inside=True, key="rIdN"),
        in_body("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"),
    )


def told(**client: Any) -> dict[str, Any]:
    return {**DATA, "client": {**DATA["client"], **client}}


def work(do: str, template: bytes, data: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What the worker does, without a process of its own."""
    docx_safety.check(template)
    order = {"do": do, "known": KNOWN, "data": data, "largest": docx_templates.LARGEST_FILLED}
    return docx_filling.carry_out(order, template)


def filled(template: bytes, data: dict[str, Any]) -> bytes:
    return work("fill", template, data)[1]


def refusal(template: bytes, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What the filling is refused for: kinds and parts."""
    with pytest.raises(TemplateUnusable) as refused:
        filled(template, data)
    return [(one.kind, one.part) for one in refused.value.found]


async def test_thousands_of_hostile_texts_stand_in_a_paper_as_they_were_typed() -> None:
    typed = [one for one in hostile(MANY) if kept(one)]
    loop = "".join(map(paragraph, ("{%p for one in lines %}", "{{ one.name }}", "{%p endfor %}")))
    paper = await docx_templates.fill(word_file(in_body(loop)), {**DATA, "lines": [{"name": one} for one in typed]})
    shown = [one.text for one in Document(io.BytesIO(paper)).paragraphs][: len(typed)]
    assert len(typed) > MANY * 0.95
    assert [(had, got) for had, got in zip(map(kept, typed), shown, strict=True) if had != got] == []
    assert docx_safety.check(paper) == ()


def test_what_was_typed_is_no_template_in_a_header_a_footnote_or_a_property() -> None:
    name, where = "{{ 7*7 }}{% if x %} {_{ Рога & Копыта }_}", "{{ client.name }}"
    document = Document(io.BytesIO(word_file(*footnotes(where), rewritten("word/header1.xml", "колонтитул", where))))
    document.core_properties.title, out = where, io.BytesIO()
    document.save(out)
    paper = filled(out.getvalue(), told(name=name))
    parts = parts_of(paper)
    assert text_of(parts["word/footnotes.xml"]) == name
    assert text_of(parts["word/header1.xml"]).strip() == name
    assert Document(io.BytesIO(paper)).core_properties.title == name
    longer = filled(out.getvalue(), told(name="Ы" * 400))
    assert Document(io.BytesIO(longer)).core_properties.title == "Ы" * 255


@pytest.mark.parametrize("where", ["{{ client.name }}", "PAGE {{ client.name }}"])
def test_a_typed_text_never_becomes_the_code_of_a_field(where: str) -> None:
    assert refusal(word_file(in_body(field(where))), told(name="DDEAUTO calc")) == [("filled", BODY)]


# a template may keep a piece of its own markup, and so come by the signs of which elements are made
SIGNS = "{% set x %}</w:t></w:r></w:p><w:p><w:r><w:t>{% endset %}{% set lt = x[0] %}{% set gt = x[5] %}"


def making(made: str) -> bytes:
    """A template that puts an element together only while it is filled."""
    return word_file(in_body(paragraph(f"{SIGNS}</w:t></w:r></w:p>{made}<w:p><w:r><w:t>")))


def test_what_a_template_puts_together_while_it_is_filled_is_found_in_the_paper() -> None:
    assert refusal(making("{{ lt }}w:altChunk/{{ gt }}"), DATA) == [("chunk", BODY)]


def test_a_template_that_behaves_while_it_is_tried_is_found_out_by_its_first_paper() -> None:
    hidden = making("{% if client.name == 'Жертва' %}{{ lt }}w:subDoc/{{ gt }}{% endif %}")
    head, _ = work("check", hidden, DATA)
    assert head["unknown"] == []
    assert refusal(hidden, told(name="Жертва")) == [("subdocument", BODY)]


def test_a_link_to_a_template_stands_in_no_paper() -> None:
    link = related("attachedTemplate", EVIL, rels=SETTINGS_RELS)
    linked = word_file(link, in_settings('<w:attachedTemplate r:id="rIdX"/>'))
    parts = parts_of(filled(linked, DATA))
    assert b"attachedTemplate" not in parts[SETTINGS] and EVIL.encode() not in b"".join(parts.values())
