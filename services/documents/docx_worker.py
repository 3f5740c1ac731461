"""The process that reads one foreign .docx and dies: `python -m services.documents.docx_worker`.

In: a line of JSON (`do`, `data`, limits), then the file. Out: a line of JSON, then the filled file. Nothing heavy is
imported before the limits are set, and nothing is written to disk.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

MOST_ENTRIES = 2000
LARGEST_UNPACKED = 60 * 1024 * 1024
BLANK = "____________"
QR_MILLIMETRES = 40
# What a value may not hold: letters that XML has no place for, and docxtpl's own signs for a new page or paragraph.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


OUTSIDE = re.compile(rb'(?:attachedTemplate|oleObject|frame|subDocument)"[^>]*Target="(?:https?:|\\\\|file://[^/])')


class TemplateUnusable(Exception):
    """The template is not taken: code, a msgid, and what fills it."""

    def __init__(self, code: str, message: str, **data: object) -> None:
        super().__init__(code)
        self.code, self.message, self.data = code, message, data


def N_(msgid: str) -> str:
    """Marks a message for extraction, without importing the package that does."""
    return msgid


def main() -> None:
    """One order, one answer."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit(order)
    template = sys.stdin.buffer.read()
    try:
        head, body = _done(order, template)
    except TemplateUnusable as refused:
        head = {"refused": refused.code, "message": refused.message, "data": refused.data}
        body = b""
    except (MemoryError, RecursionError):
        head = {"refused": "memory", "message": N_("Шаблону нужно слишком много памяти: уберите длинные циклы.")}
        body = b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _limit(order: Mapping[str, Any]) -> None:
    seconds, memory = int(order["cpu_seconds"]), int(order["memory"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _done(order: Mapping[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    _check_zip(template)
    from jinja2 import TemplateError
    from jinja2.exceptions import SecurityError

    try:
        if order["do"] == "check":
            return _check(order, template), b""
        return {}, _filled(template, order["data"], int(order["largest"]))
    except SecurityError as fault:
        text = N_("В шаблоне есть то, что документам запрещено: обращение к внутренностям программы. Уберите его.")
        raise TemplateUnusable("forbidden", text) from fault
    except TemplateError as fault:
        text = N_("В шаблоне ошибка: {why}. Проверьте скобки {{{{ }}}} и {{% %}}.")
        raise TemplateUnusable("syntax", text, why=_why(fault)) from fault
    except OverflowError as fault:
        raise TemplateUnusable("loop", N_("В шаблоне слишком длинный цикл: больше 100 000 повторений.")) from fault
    except (MemoryError, RecursionError, TemplateUnusable):
        raise
    except Exception as fault:  # a foreign file breaks a parser in a hundred ways; all mean one thing
        text = N_("Шаблон не удалось заполнить: {why}. Откройте его в Word, исправьте и пришлите снова.")
        raise TemplateUnusable("broken", text, why=_why(fault)) from fault


def _why(fault: Exception) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", str(fault)))[:150] or type(fault).__name__


def _check_zip(template: bytes) -> None:
    """Refuse what is no .docx, holds programs, or would grow beyond measure, before any parser sees it."""
    if template.startswith(b"\xd0\xcf\x11\xe0"):
        raise TemplateUnusable(
            "old", N_("Это старый формат .doc или файл с паролем. Сохраните его в Word как .docx без пароля.")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(template))
    except (zipfile.BadZipFile, ValueError) as fault:
        raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx.")) from fault
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > LARGEST_UNPACKED:
        raise TemplateUnusable(
            "bomb", N_("При распаковке файл становится слишком большим: такой шаблон не принимается.")
        )
    names = {one.filename for one in entries}
    if "word/document.xml" not in names:
        raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx."))
    try:
        _check_parts(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as fault:
        raise TemplateUnusable("no_docx", N_("Файл повреждён: откройте его в Word и сохраните заново.")) from fault


def _check_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    if any("vbaproject" in one.filename.lower() for one in entries) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise TemplateUnusable("macros", N_("В файле есть макросы. Сохраните его как обычный .docx, без макросов."))
    for one in entries:
        if not one.filename.lower().endswith((".xml", ".rels")):
            continue
        # NULs out: the same words in UTF-16
        text = archive.read(one).replace(b"\0", b"")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise TemplateUnusable(
                "entities", N_("В файле есть то, чего Word не пишет. Откройте его в Word и сохраните заново.")
            )
        if re.search(
            rb'(?:attachedTemplate|oleObject|frame|subDocument)"[^>]*Target="(?:https?:|\\\\|file://[^/])', text
        ):
            raise TemplateUnusable("outside", N_("Документ подгружает содержимое из интернета. Уберите эту связь."))


def _environment() -> Any:
    from jinja2 import Undefined, nodes
    from jinja2.exceptions import SecurityError, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            tree = super()._parse(source, name, filename)
            # client's text must stay text: nothing may switch the escaping off
            for one in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
                raise TemplateSyntaxError("autoescape", one.lineno)
            return tree

    class Silent(Undefined):
        """A field that the process has no more is an empty one; what is forbidden stays an error."""

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            return self._or_fault()

        def __getitem__(self, _: object) -> Any:
            return self._or_fault()

        def _or_fault(self) -> Any:
            if issubclass(self._undefined_exception, SecurityError):
                self._fail_with_undefined_error()
            return self

    def printed(value: Any) -> Any:
        """An empty value is a line to be filled in by hand, never «None» or a hole."""
        if isinstance(value, Silent):
            value = value._or_fault()
        return BLANK if value is None or value == "" or isinstance(value, Undefined) else value

    made = Environment(autoescape=True, finalize=printed, undefined=Silent)
    for name in ("safe", "xmlattr", "urlize", "tojson", "pprint"):
        del made.filters[name]
    return made


def _check(order: Mapping[str, Any], template: bytes) -> dict[str, Any]:
    from services.documents import docx_variables

    env = _environment()
    known: dict[str, str] = order["known"]
    names: set[str] = set()
    for text in _texts(template):
        names |= docx_variables.names_in(env.parse(text))
    unknown = docx_variables.unknown_in(names, known)
    _filled(template, order["data"], LARGEST_UNPACKED)
    return {
        "variables": sorted(names),
        "unknown": [{"name": name, "nearest": docx_variables.nearest(name, known)} for name in unknown],
    }


def _texts(template: bytes) -> list[str]:
    """Every part that docxtpl renders: body, headers and footers, footnotes, properties."""
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    found = [document.patch_xml(document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        found += [document.patch_xml(document.get_part_xml(part)) for _, part in document.get_headers_footers(uri)]
    for part in document.docx.part.package.parts:
        if part.content_type.endswith(".footnotes+xml"):
            found.append(document.patch_xml(part.blob.decode("utf-8")))
    properties = document.docx.core_properties
    found += [getattr(properties, name) for name in ("author", "comments", "identifier", "subject", "title")]
    return found


def _filled(template: bytes, data: Mapping[str, Any], largest: int) -> bytes:
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template))
    values = _plain(data)
    if values.pop("qr", ""):
        values["qr"] = _Picture(document, data["qr_text"])
    document.render(values, _environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    if out.tell() > largest:
        raise MemoryError
    return out.getvalue()


class _Picture:
    """The payment code as a picture; a template sees nothing of it but how it is drawn."""

    def __init__(self, document: Any, text: str) -> None:
        self._document, self._text = document, text

    def __html__(self) -> str:
        from docx.shared import Mm
        from docxtpl import InlineImage

        from services.documents import payment_qr

        content = self._text.encode(payment_qr.ENCODINGS[self._text[:7]])
        return str(InlineImage(self._document, io.BytesIO(payment_qr.png(content)), width=Mm(QR_MILLIMETRES)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return UNPRINTABLE.sub("", value) if isinstance(value, str) else value


if __name__ == "__main__":
    main()
