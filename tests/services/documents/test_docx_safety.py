"""What would run, or be fetched, when a paper is opened is found in a .docx and told by name and part (safety 22)."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from services.documents.docx_worker import docx_safety
from services.documents.docx_worker.docx_findings import TemplateUnusable
from tests.services.documents.word_files import (
    BODY,
    OFFICE,
    RELS,
    SETTINGS,
    SETTINGS_RELS,
    TYPES,
    Change,
    Parts,
    W,
    code,
    field,
    in_body,
    in_rels,
    in_settings,
    packed,
    parts_of,
    related,
    rewritten,
    sign,
    with_another_prefix,
    with_part,
    word_file,
)

EVIL = "https://evil.example/x"
IMAGE = f"{OFFICE}/image"
MICROSOFT = "http://schemas.microsoft.com/office"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
PANES = '<t:taskpanes xmlns:t="http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11"/>'
VIDEO = (
    '<w15:x xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing"><w15:webVideoPr/></w15:x>'
)
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
BRANCHES = (
    f'<mc:AlternateContent {MC}><mc:Choice Requires="no">{{}}</mc:Choice>'
    "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
)
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
AX = "http://schemas.microsoft.com/office/2006/activeX"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURE = f'<a:blip xmlns:a="{A}" r:{{}}="rIdX"/>'
HEADER = "word/header1.xml"


def in_header(xml: str) -> Change:
    return rewritten(HEADER, "</w:hdr>", f"<w:p>{xml}</w:p></w:hdr>")


def whole(xml: str) -> str:
    """A field of these runs."""
    return f"<w:p>{sign('begin')}{xml}{sign('end')}</w:p>"


def found_in(*changes: Change) -> list[tuple[str, str, str]]:
    """What is told of a file: kind, part, detail. None of it is a refusal of another kind."""
    try:
        docx_safety.check(word_file(*changes))
    except TemplateUnusable as refused:
        assert refused.code == "unsafe", refused.code
        return [tuple(one) for one in refused.found]
    return []


def code_of(template: bytes) -> str:
    with pytest.raises(TemplateUnusable) as refused:
        docx_safety.check(template)
    return refused.value.code


# --- relationships ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        (related("image", EVIL), "picture"),
        (related(f"{STRICT}/image", EVIL), "picture"),
        (in_rels(f"<Relationship TargetMode='External' Target='{EVIL}' Id='q' Type='{OFFICE}/image'/>"), "picture"),
        (in_rels(f'<x:Relationship xmlns:x="u" TargetMode=" external" Target="{EVIL}" Type="{IMAGE}"/>'), "picture"),
        (in_rels(f'<Relationship Target="{EVIL}" Type="{IMAGE[:-1]}&#101;" TargetMode="E&#120;ternal"/>'), "picture"),
        (related("image", EVIL, inside=True), "outside"),
        (related("image", "%68ttps://evil.example/x.png", inside=True), "outside"),
        (related("image", "//evil.example/x.png", inside=True), "outside"),
        (related("image", r"\\evil\share\x.png", inside=True), "outside"),
        (related("image", "../../x.png", inside=True), "name"),
        (related("image", "..%2F..%2Fx.png", inside=True), "name"),
        (related("header", "HEADER1.xml", inside=True), "name"),
        (related("frame", EVIL), "frame"),
        (related("subDocument", "file:///c:/x.docx"), "subdocument"),
        (related("aFChunk", "x.html", inside=True), "chunk"),
        (related("oleObject", EVIL), "object"),
        (related("oleObject", "embeddings/oleObject1.bin", inside=True), "object"),
        (related("package", "embeddings/x.xlsx", inside=True), "object"),
        (related("control", "activeX/activeX1.xml", inside=True), "control"),
        (related(f"{MICROSOFT}/2006/relationships/vbaProject", "x.bin", inside=True), "macro"),
        (related("video", EVIL), "media"),
        (related(f"{MICROSOFT}/2011/relationships/webextensiontaskpanes", "x.xml", inside=True), "extension"),
        (related(f"{MICROSOFT}/2007/relationships/ui/extensibility", "x.xml", inside=True), "extension"),
        (related("customXml", EVIL), "outside"),
        (related("styles", r"\\evil\styles.xml"), "outside"),
        (related("hyperlink", "file:///c:/windows/system32/calc.exe"), "link"),
        (related("hyperlink", r"\\evil\share\x.exe"), "link"),
        (related("hyperlink", "javascript:alert(1)"), "link"),
        (related("hyperlink", "ms-word:ofe|u|https://evil.example/x.docx"), "link"),
        (related("hyperlink", "договор.docx"), "link"),
        (related("hyperlink", r"https:\\evil\x"), "link"),
        (related("hyperlink", "%68ttps://evil.example"), "link"),
    ],
)  # fmt: skip
def test_what_a_part_leads_to_outside_is_told(relation: Change, kind: str) -> None:
    assert [one[:2] for one in found_in(relation)] == [(kind, BODY)]


def test_every_part_of_relationships_is_read() -> None:
    for part in (HEADER, SETTINGS, "word/footnotes.xml", "word/charts/chart1.xml", "customXml/item9.xml"):
        folder, _, name = part.rpartition("/")
        assert found_in(related("image", EVIL, rels=f"{folder}/_rels/{name}.rels")) == [("picture", part, EVIL)]
    assert found_in(related("image", EVIL, rels="_rels/.rels"))[0][0] == "picture"
    assert found_in(related("image", EVIL, rels="word/_RELS/header1.xml.RELS"))[0][0] == "picture"


@pytest.mark.parametrize(
    "target", ["https://верстак.рф/цены", "HTTP://a.b", "mailto:a@b.ru", "tel:+74951234567", "#верх", ""]
)
def test_a_link_to_a_page_a_letter_or_a_call_may_stay(target: str) -> None:
    press = in_body('<w:p><w:hyperlink r:id="rIdX"><w:r><w:t>сюда</w:t></w:r></w:hyperlink></w:p>')
    assert found_in(related("hyperlink", target), press) == []


def test_a_picture_that_names_a_link_as_its_source_is_told() -> None:
    drawn = in_body(PICTURE.format("embed"))
    assert found_in(related("hyperlink", EVIL), drawn) == [("outside", BODY, "blip")]


# --- elements ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        (PICTURE.format("link"), "picture"),
        (f'<z:altChunk xmlns:z="{W}"/>', "chunk"),
        ('<w:altChunk xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>', "chunk"),
        (BRANCHES.format("", "<w:altChunk/>"), "chunk"),
        ("<w:subDoc/>", "subdocument"),
        ('<w:p><w:r><w:object><o:OLEObject Type="Link" ProgID="Package"/></w:object></w:r></w:p>', "object"),
        ('<w:p><w:r><w:object><w:control w:name="x"/></w:object></w:r></w:p>', "control"),
        ("<w:movie/>", "media"),
        (f'<v:shape><v:imagedata src="{EVIL}"/></v:shape>', "picture"),
        (f'<v:shape><v:fill o:href="{EVIL}"/></v:shape>', "picture"),
        (f'<v:shape><v:imagedata o:althref="{EVIL}"/></v:shape>', "picture"),
        ('<v:shape href="file:///c:/calc.exe"/>', "link"),
        ('<v:shape href="{{ client.email }}"/>', "filled"),
        (VIDEO, "media"),
        ('<w:ffData><w:entryMacro w:val="AutoOpen"/></w:ffData>', "macro"),
    ],
)  # fmt: skip
def test_an_element_is_told_whatever_its_prefix_dialect_or_wrapping(xml: str, kind: str) -> None:
    assert [one[:2] for one in found_in(in_body(xml))] == [(kind, BODY)]


def test_settings_of_a_merge_and_of_frames_are_told() -> None:
    merge = in_settings('<w:mailMerge><w:dataSource r:id="rIdX"/></w:mailMerge>')
    source = related("mailMergeSource", "file:///c:/base.mdb", rels=SETTINGS_RELS)
    assert found_in(merge, source) == [("merge", SETTINGS, "file:///c:/base.mdb")]
    frames = rewritten("word/webSettings.xml", "</w:webSettings>", "<w:frameset/></w:webSettings>")
    assert found_in(frames) == [("frame", "word/webSettings.xml", "")]
    assert found_in(in_settings('<w:saveThroughXslt r:id="rIdX"/>')) == [("outside", SETTINGS, "")]


# --- fields -----------------------------------------------------------------------------------------------------

DDE = 'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe"'


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        (field(DDE), "field"),
        (field("D", "DE", "AU", "TO calc"), "field"),
        (field("D", "DEAUTO calc", between="<w:r><w:t>невинно</w:t></w:r><w:bookmarkStart w:id='1'/>"), "field"),
        (field("&#68;DE calc"), "field"),
        (field("<![CDATA[DDEAUTO]]>"), "field"),
        (field("D<!-- -->DE"), "field"),
        (field("  dDe  calc"), "field"),
        (whole(code("DDE calc", "delInstrText")), "field"),
        (f"<w:p>{code('DDEAUTO calc')}</w:p>", "torn"),
        (f"<w:p>{sign('begin')}{code('DDEAUTO calc')}</w:p>", "field"),
        (f"<w:p>{sign('begin')}</w:p><w:p>{code('DDE')}</w:p><w:p>{code('AUTO calc')}{sign('end')}</w:p>", "field"),
        (whole(BRANCHES.format(code("PAGE "), code(DDE))), "torn"),
        (whole(f'<x:x xmlns:x="urn:unknown">{code("PAGE ")}</x:x>{code(DDE)}'), "torn"),
        (f"<w:p>{BRANCHES.format('', sign('begin'))}{code(DDE)}{sign('end')}</w:p>", "torn"),
        (whole(f"{sign('begin')}{code('QUOTE 68 68 69')}{sign('end')}{code(' calc')}"), "field"),
        (whole(f"{code('IF 1 = 1 ')}{sign('begin')}{code('DDEAUTO calc')}{sign('end')}"), "field"),
        (f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {EVIL}"/></w:p>', "field"),
        (f'<w:p><z:fldSimple xmlns:z="{W}" z:instr=" INCLUDETEXT \\\\evil\\x.docx"/></w:p>', "field"),
        (field(f'INCLUDEPICTURE "{EVIL}" \\d'), "field"),
        (field("LINK Excel.Sheet.8 c:\\x.xls"), "field"),
        (field("IMPORT x"), "field"),
        (field("DATABASE \\c x"), "field"),
        (field("RD c:\\x.docx"), "field"),
        (field("MACROBUTTON AutoOpen жми"), "field"),
        (field("EMBED Package"), "field"),
        (field('"DDEAUTO" calc'), "field"),
        (field("НЕИЗВЕСТНОЕ"), "field"),
        (field("DDЕAUTO calc"), "field"),  # a Russian «Е»
        (field('HYPERLINK "file:///c:/calc.exe"'), "link"),
        (field('HYPERLINK \\o "подсказка" \\l "место" "\\\\evil\\x"'), "link"),
        (field("HYPERLINK calc.exe"), "link"),
        (field("{{ client.name }}"), "filled"),
        (field("PAGE {", "{ client.name }}"), "filled"),
        (field("={% if a %}1{% endif %}"), "filled"),
    ],
)  # fmt: skip
def test_a_field_that_runs_or_fetches_is_told_however_it_is_written(xml: str, kind: str) -> None:
    assert kind in [one[0] for one in found_in(in_body(xml))]
    assert kind in [one[0] for one in found_in(in_body(xml), with_another_prefix)]


def test_a_field_is_judged_with_its_changes_taken_and_not_taken() -> None:
    taken = whole(f"<w:del>{code('PAGE ', 'delInstrText')}</w:del><w:ins>{code(DDE)}</w:ins>")
    left = whole(f"<w:ins>{code('PAGE ')}</w:ins>{code(DDE)}")
    assert [found_in(in_body(one)) for one in (taken, left)] == [[("field", BODY, "DDEAUTO")]] * 2


def test_a_field_is_told_by_its_name_and_in_every_part() -> None:
    assert found_in(in_body(field("DDE", "AUTO calc"))) == [("field", BODY, "DDEAUTO")]
    assert found_in(in_header(field("DDEAUTO x").removeprefix("<w:p>").removesuffix("</w:p>")))[0][1] == HEADER
    notes = f'<w:footnotes xmlns:w="{W}">{field("DDE x")}</w:footnotes>'.encode("utf-16")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    assert found_in(with_part("word/notes.bin", notes, kind)) == [("field", "word/notes.bin", "DDE")]


@pytest.mark.parametrize(
    "text",
    [
        "", "PAGE",
        "  page \\* MERGEFORMAT ", "NUMPAGES\\*Arabic", "TOC \\o &quot;1-3&quot; \\h \\z \\u", "=SUM(ABOVE)",
        "DATE \\@ &quot;dd.MM.yyyy&quot;", "REF _Ref123 \\h", "SEQ Рисунок", "FORMTEXT", "IF &quot;a&quot; = 1",
        "HYPERLINK \\l &quot;_Toc1&quot;", "HYPERLINK &quot;https://a.b/c&quot; \\o &quot;x&quot;",
        "HYPERLINK mailto:a@b.c",
    ],
)  # fmt: skip
def test_an_ordinary_field_may_stay(text: str) -> None:
    assert found_in(in_body(field(text))) == []


def test_a_table_of_contents_and_fields_in_both_branches_of_a_drawing_may_stay() -> None:
    entry = f"{sign('begin')}{code('PAGEREF _Toc1')}{sign('separate')}<w:r><w:t>1</w:t></w:r>{sign('end')}"
    contents = f"<w:p>{sign('begin')}{code('TOC')}{sign('separate')}{entry}</w:p><w:p>{entry}{sign('end')}</w:p>"
    branches = f"<w:p>{BRANCHES.format(field('PAGE')[5:-6], field('PAGE')[5:-6])}</w:p>"
    tracked = f"<w:p><w:del>{sign('begin')}{code('PAGE', 'delInstrText')}{sign('end')}</w:del></w:p>"
    assert found_in(in_body(contents + branches + tracked)) == []


# --- parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_part_in_another_encoding_is_read(encoding: str) -> None:
    def change(parts: Parts) -> None:
        text = parts[BODY].decode().replace("encoding='UTF-8'", f"encoding='{encoding.removesuffix('-sig')}'")
        parts[BODY] = text.encode(encoding)

    assert found_in(change) == []
    assert found_in(in_body(field(DDE)), change) == [("field", BODY, "DDEAUTO")]
    assert found_in(in_body("<w:altChunk/>"), change) == [("chunk", BODY, "")]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">', "doctype"),
        ('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>', "doctype"),
        ("<!DOCTYPE x>", "doctype"),
        (f'<?xml-stylesheet type="text/xsl" href="{EVIL}"?>', "outside"),
    ],
)
def test_a_part_that_declares_something_is_told(head: str, kind: str) -> None:
    for part in (BODY, HEADER, RELS, TYPES, "customXml/item1.xml", "docProps/app.xml"):

        def change(parts: Parts, part: str = part) -> None:
            body = parts[part]
            at = body.index(b"?>") + 2 if body.startswith(b"<?xml") else 0
            parts[part] = body[:at] + head.encode() + body[at:]

        assert [one[0] for one in found_in(change) if one[1] == part] == [kind], part


def test_an_encoding_that_word_does_not_write_is_told() -> None:
    for name in ("utf-7", "windows-1251", "IBM037", "no-such"):
        assert found_in(rewritten(HEADER, "encoding='UTF-8'", f"encoding='{name}'"))[0][0] == "encoding"


@pytest.mark.parametrize(
    ("part", "body", "content", "kind"),
    [
        ("word/vbaProject.bin", b"x", "application/vnd.ms-office.vbaProject", "macro"),
        ("word/x.bin", b"x", "application/vnd.openxmlformats-officedocument.oleObject", "object"),
        ("word/embeddings/x.xlsx", b"PK\3\4", "application/vnd.ms-excel", "object"),
        ("word/activeX/activeX1.bin", b"x", "application/vnd.ms-office.activeX", "control"),
        ("word/activeX/x.xml", f'<a:ocx xmlns:a="{AX}"/>'.encode(), "application/vnd.ms-office.activeX+xml", "control"),
        ("word/x.html", b"<html/>", "text/html", "file"),
        ("word/x.rtf", b"{\\rtf1", "application/rtf", "file"),
        ("word/x.exe", b"MZ", "", "file"),
        ("word/media/x.png", b"\xd0\xcf\x11\xe0", "image/png", "file"),
        ("word/media/x.png", b"\xff\xfe<\0h\0", "image/png", "file"),
        ("word/media/x.png", b"PK\3\4", "image/png", "file"),
        ("word/x.svg", SVG.format("<script/>").encode(), "image/svg+xml", "outside"),
        ("word/x.svg", SVG.format(f'<image href="{EVIL}"/>').encode(), "image/svg+xml", "picture"),
        ("word/x.svg", SVG.format(f"<style>a{{fill:url({EVIL})}}</style>").encode(), "image/svg+xml", "outside"),
        ("word/webextensions/t.xml", PANES.encode(), "application/xml", "extension"),
    ],
)  # fmt: skip
def test_a_part_that_is_no_text_and_no_picture_is_told(part: str, body: bytes, content: str, kind: str) -> None:
    assert [one[:2] for one in found_in(with_part(part, body, content)) if one[1] != TYPES] == [(kind, part)]


def test_ordinary_parts_may_stay() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><path fill="url(#a)"/></svg>'
    assert found_in(with_part("word/media/x.svg", svg, "image/svg+xml")) == []
    assert found_in(with_part("word/media/x.png", b"\x89PNG\r\n", "image/png")) == []
    own = b'<my:altChunk xmlns:my="urn:my-shop"><my:control/></my:altChunk>'
    assert found_in(with_part("customXml/item2.xml", own, "application/xml")) == []


def test_a_document_that_calls_itself_one_with_macros_is_told() -> None:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert ("macro", TYPES, "") in found_in(rewritten(TYPES, main, macros))


def test_a_drawing_packed_into_an_attribute_is_opened() -> None:
    def drawing(**parts: bytes) -> Change:
        kept = base64.b64encode(packed({name.replace("__", "/"): body for name, body in parts.items()})).decode()
        return in_body(f'<v:shape o:gfxdata="{kept}"/>')

    shape = b'<a:x xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
    relation = f'<r><Relationship Id="a" TargetMode="External" Type="{IMAGE}" Target="{EVIL}"/></r>'
    assert found_in(drawing(**{"drs/shape.xml": shape})) == []
    assert found_in(drawing(**{"drs/_rels/shape.xml.rels": relation.encode()})) == [("picture", BODY, EVIL)]
    assert found_in(drawing(**{"drs/x.xml": f'<w:altChunk xmlns:w="{W}"/>'.encode()})) == [("chunk", BODY, "")]


# --- the archive ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../x.xml",
        "/word/x.xml",
        "word\\x.xml",
        "word/../x.xml",
        "word/%2e%2e/x.xml",
        "c:x.xml",
        "word//x.xml",
        "word/x\x07.xml",
    ],
)
def test_a_part_with_a_hostile_name_is_told(name: str) -> None:
    assert ("name", name) in [one[:2] for one in found_in(with_part(name, b"<x/>"))]


def test_a_part_that_stands_twice_is_told() -> None:
    for name in (BODY, BODY.upper()):
        out = io.BytesIO(word_file())
        with zipfile.ZipFile(out, "a") as archive, pytest.warns() if name == BODY else pytest.MonkeyPatch.context():
            archive.writestr(name, b"<x/>")
        with pytest.raises(TemplateUnusable) as refused:
            docx_safety.check(out.getvalue())
        assert ("twice", name, "") in refused.value.found


def test_a_file_that_grows_beyond_measure_is_refused() -> None:
    assert code_of(word_file(with_part("word/x.xml", b" " * 20_000_000))) == "bomb"  # a thousandfold
    assert code_of(word_file(*(with_part(f"word/{n}.xml", b"") for n in range(2001)))) == "bomb"
    deep = "<w:p>" * 300 + "</w:p>" * 300
    assert code_of(word_file(in_body(deep))) == "broken"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for name, body in parts_of(word_file()).items():
            archive.writestr(name, body)
    assert code_of(out.getvalue()) == "no_docx"


def test_a_file_of_another_kind_is_called_by_its_name() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    assert code_of(word_file(rewritten("_rels/.rels", office, strict))) == "strict"
    assert code_of(word_file(rewritten(TYPES, ".document.main+xml", ".template.main+xml"))) == "dotx"
    assert code_of(word_file(lambda parts: parts.pop("_rels/.rels") and None)) == "no_docx"
    assert code_of(word_file(lambda parts: parts.pop(TYPES) and None)) == "no_docx"


def test_a_link_to_a_template_is_told_apart_and_refuses_nothing() -> None:
    target = "file:///C:/Users/x/%D0%94%D0%BE%D0%B3.dotx"
    linked = word_file(
        related("attachedTemplate", target, rels=SETTINGS_RELS), in_settings('<w:attachedTemplate r:id="rIdX"/>')
    )
    assert docx_safety.check(linked) == (target,)
    assert docx_safety.check(word_file()) == ()
