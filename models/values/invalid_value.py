"""One kind of refusal for everything a person may type."""

from __future__ import annotations

from models.values.product_text import NO_TEXT, ProductText


def N_(msgid: str) -> ProductText:
    """Mark a message for extraction; it is translated later, where the reader's language is known. It is written out
    where it stands: mypy refuses anything else."""
    return ProductText(msgid)


class Titles(tuple[ProductText, ...]):
    """Titles that a refusal quotes: of its data they alone are translated, for all else may be a person's words."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


class InvalidValue(ValueError):
    """What was typed cannot be understood, and here is what to type instead.

    ``code`` names the case for programs ("money.range"), ``message`` is a msgid with {placeholders},
    ``example`` shows a right answer (a msgid as well), ``data`` fills the placeholders. The edge translates
    both and fills the message with ``data``, which may quote the person: it is text, never markup and never a template.
    """

    def __init__(self, code: str, message: ProductText, /, example: ProductText | None = None, **data: object) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.example = example or NO_TEXT
        self.data: dict[str, object] = data
        self.quotes: frozenset[str] = frozenset()

    def quoting(self, *fields: str | None) -> InvalidValue:
        """The same, which quotes what stands under these fields of the deal: who may not see one is told less."""
        self.quotes |= {one for one in fields if one}
        return self

    def __str__(self) -> str:
        return self.message.format(**self.data)
