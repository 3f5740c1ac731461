"""One kind of refusal for everything a person may type."""


def N_(msgid: str) -> str:
    """Mark a message for extraction; it is translated later, where the reader's language is known."""
    return msgid


class InvalidValue(ValueError):
    """What was typed cannot be understood, and here is what to type instead.

    ``code`` names the case for programs ("money.range"), ``message`` is a msgid with {placeholders},
    ``example`` shows a right answer (a msgid as well), ``data`` fills the placeholders. The edge translates
    both and calls ``message.format(**data)``; ``data`` may quote the person, so it is text and never markup.
    """

    def __init__(self, code: str, message: str, /, example: str = "", **data: object) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.example = example
        self.data: dict[str, object] = data

    def __str__(self) -> str:
        return self.message.format(**self.data)
