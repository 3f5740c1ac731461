"""The owner's .docx while it is filled: docxtpl, without its ways to fill a thing twice or to spoil what was typed."""

from __future__ import annotations

from typing import Any

from docx.opc.part import XmlPart
from docxtpl import DocxTemplate
from jinja2 import Environment
from markupsafe import Markup

FOOTNOTES = ".footnotes+xml"
TEMPLATE = "attachedTemplate"
LONGEST_PROPERTY = 255  # what python-docx writes
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


class DocxDocument(DocxTemplate):  # type: ignore[misc]
    """One document, from its template to the filled file."""

    def render_init(self) -> None:
        """Begin anew: without the links to a template, and with the footnotes as their author wrote them."""
        super().render_init()
        self._drop_templates()
        parts = self.docx.part.package.parts
        self._footnotes = {part: part.blob for part in parts if part.content_type.endswith(FOOTNOTES)}

    def _drop_templates(self) -> None:
        package = self.docx.part.package
        for owner in (package, *package.parts):
            for key in [key for key, one in owner.rels.items() if one.reltype.endswith(f"/{TEMPLATE}")]:
                del owner.rels[key]
        for part in package.parts:
            if isinstance(part, XmlPart):
                for one in list(part.element.iter(f"{{*}}{TEMPLATE}")):
                    one.getparent().remove(one)

    def render_footnotes(self, context: dict[str, Any], jinja_env: Environment | None = None) -> None:
        """Each part once. docxtpl fills it once for every section: what was typed would be a template the next time."""
        for part, written in self._footnotes.items():
            xml = self.patch_xml(written.decode("utf-8"))
            part._blob = self.render_xml_part(xml, part, context, jinja_env).encode("utf-8")

    def render_properties(self, context: dict[str, Any], jinja_env: Environment | None = None) -> None:
        """Title, author and the like, which are plain text: nothing in them is escaped, and what is long is cut."""
        assert jinja_env is not None
        properties = self.docx.core_properties
        for name in PROPERTIES:
            rendered = jinja_env.from_string(getattr(properties, name)).render(context)
            setattr(properties, name, Markup(rendered).unescape()[:LONGEST_PROPERTY])
