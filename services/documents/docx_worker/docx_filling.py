"""Checking and filling a foreign .docx, inside the worker that has set its limits (`docx_worker`) and nowhere else."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from docx.shared import Mm
from docxtpl import InlineImage
from jinja2 import TemplateError, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from services.documents import docx_variables, payment_qr
from services.documents.docx_worker import docx_document, docx_safety
from services.documents.docx_worker.docx_document import DocxDocument
from services.documents.docx_worker.docx_findings import N_, TemplateUnusable

BLANK = "____________"
QR_MILLIMETRES = 40
# What a value may not hold: letters that XML has no place for, and docxtpl's own signs for a new page or paragraph.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def carry_out(order: Mapping[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    """Check or fill the template as ordered: what is told of it, and the filled file. Raises TemplateUnusable."""
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


class _Environment(ImmutableSandboxedEnvironment):
    """Templates that reach nothing of the program, and cannot switch the escaping off."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        # client's text must stay text: nothing may switch the escaping off
        for one in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
            raise TemplateSyntaxError("autoescape", one.lineno)
        return tree


class _Silent(Undefined):
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


def _printed(value: Any) -> Any:
    """An empty value is a line to be filled in by hand, never «None» or a hole."""
    if isinstance(value, _Silent):
        value = value._or_fault()
    if value is None or value == "" or isinstance(value, Undefined):
        return BLANK
    if isinstance(value, str) and not isinstance(value, Markup):
        # docxtpl makes «{{» of «{_{» when all is filled in: what was typed so is to stay so
        return Markup(str(escape(value)).replace("_", "&#95;"))
    return value


def _environment() -> _Environment:
    made = _Environment(autoescape=True, finalize=_printed, undefined=_Silent)
    for name in ("safe", "xmlattr", "urlize", "tojson", "pprint"):
        del made.filters[name]
    del made.globals["lipsum"]  # its text is markup
    return made


def _check(order: Mapping[str, Any], template: bytes) -> dict[str, Any]:
    env = _environment()
    known: dict[str, str] = order["known"]
    names, printed = set[str](), set[str]()
    for text in _texts(template):
        tree = env.parse(text)
        names |= docx_variables.names_in(tree)
        printed |= docx_variables.printed_in(tree)
    unknown = docx_variables.unknown_in(names, known)
    _filled(template, order["data"], docx_safety.LARGEST_UNPACKED)
    return {
        "variables": sorted(names),
        "printed": sorted(printed & known.keys()),
        "unknown": [{"name": name, "nearest": docx_variables.nearest(name, known)} for name in unknown],
    }


def _texts(template: bytes) -> list[str]:
    """Every part that docxtpl renders: body, headers and footers, footnotes, properties."""
    document = DocxDocument(io.BytesIO(template))
    document.init_docx()
    found = [document.patch_xml(document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        found += [document.patch_xml(document.get_part_xml(part)) for _, part in document.get_headers_footers(uri)]
    for part in document.docx.part.package.parts:
        if part.content_type.endswith(".footnotes+xml"):
            found.append(document.patch_xml(part.blob.decode("utf-8")))
    properties = document.docx.core_properties
    found += [getattr(properties, name) for name in docx_document.PROPERTIES]
    return found


def _filled(template: bytes, data: Mapping[str, Any], largest: int) -> bytes:
    document = DocxDocument(io.BytesIO(template))
    values = _plain(data)
    if values.pop("qr", ""):
        values["qr"] = _Picture(document, data["qr_text"])
    document.render(values, _environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    if out.tell() > largest:
        raise MemoryError
    # a template may have put together what it did not hold: the paper is looked at as the template was
    docx_safety.check(out.getvalue())
    return out.getvalue()


class _Picture:
    """The payment code as a picture; a template sees nothing of it but how it is drawn."""

    def __init__(self, document: Any, text: str) -> None:
        self._document, self._text = document, text

    def __html__(self) -> str:
        content = self._text.encode(payment_qr.ENCODINGS[self._text[:7]])
        return str(InlineImage(self._document, io.BytesIO(payment_qr.png(content)), width=Mm(QR_MILLIMETRES)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return UNPRINTABLE.sub("", value) if isinstance(value, str) else value
