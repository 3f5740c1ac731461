"""Telegram's HTML: a text with tags becomes plain text and entities, or is refused with a reason.

The tags and the sentences are those of Telegram's own parser; offsets in the sentences count bytes.
"""

import re
from dataclasses import dataclass

from sandbox.bot_api.text_entities import Entity, units

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_SPECIAL = re.compile(r"[<&]")
_SPACES = re.compile(r"\s*")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,8})|#([0-9]{1,10})|([A-Za-z]+));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_USER_LINK = re.compile(r"tg://(?:user|openmessage)\?(?:user_)?id=(\d+)")
_LINK = re.compile(r"(?i)(https?|tg|ton|tonsite|mailto|tel)://?\S+|(?:mailto|tel):\S+|[^\s:/]+\.[^\s:/]{2,}\S*")


class MarkupError(ValueError):
    """The text cannot be parsed; the sentence is what stands after "can't parse entities: "."""


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int


def parse(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of `source`, in order of closing. MarkupError if Telegram would refuse it."""
    return _Parser(source).run()


def reference(source: str, at: int) -> tuple[str, int] | None:
    """The character written as a reference at `at` and where it ends; None if it is just an ampersand."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return (_NAMED[name], match.end()) if name in _NAMED else None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code), match.end()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []
        self.language = ""

    def run(self) -> tuple[str, list[Entity]]:
        at, source = 0, self.source
        while (special := _SPECIAL.search(source, at)) is not None:
            self._add(source[at : special.start()])
            at = special.start()
            if source[at] == "&":
                character, at = reference(source, at) or ("&", at + 1)
                self._add(character)
            elif source.startswith("</", at):
                at = self._end_tag(at)
            else:
                at = self._start_tag(at)
        self._add(source[at:])
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.pieces), self.entities

    def _add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.offset += units(text)

    def _error(self, message: str, at: int, after: str = "") -> MarkupError:
        offset = len(self.source[:at].encode("utf-8", "replace"))
        return MarkupError(f"{message} at byte offset {offset}{after}")

    def _start_tag(self, begin: int) -> int:
        match = _NAME.match(self.source, begin + 1)
        assert match is not None  # an empty name matches too
        tag, at = match.group().lower(), match.end()
        if at == len(self.source):
            raise self._error("Unclosed start tag", begin)
        if tag not in TYPES:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        attributes, at = self._attributes(tag, begin, at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, attributes, self.offset, len(self.pieces)))
        return at + 1

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[dict[str, str], int]:
        source = self.source
        attributes: dict[str, str] = {}
        while True:
            at = self._skip(at)
            if at == len(source):
                raise self._error("Unclosed start tag", begin)
            if source[at] == ">":
                return attributes, at
            match = _ATTRIBUTE.match(source, at)
            assert match is not None
            name = match.group().lower()
            if not name:
                raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
            at = self._skip(match.end())
            if at == len(source):
                raise self._error(f'Unclosed start tag "{tag}"', begin)
            if source[at] != "=":
                attributes[name] = ""
                continue
            value, at = self._value(begin, self._skip(at + 1))
            attributes[name] = value

    def _value(self, begin: int, at: int) -> tuple[str, int]:
        source = self.source
        if at == len(source):
            raise self._error("Unclosed start tag", begin)
        quote = source[at]
        if quote not in "\"'":
            match = _TOKEN.match(source, at)
            assert match is not None
            end = match.end()
            if end < len(source) and not source[end].isspace() and source[end] != ">":
                raise self._error("Unexpected end of name token", at)
            return match.group().lower(), end
        pieces: list[str] = []
        at += 1
        while at < len(source) and source[at] != quote:
            found = reference(source, at) if source[at] == "&" else None
            character, at = found or (source[at], at + 1)
            pieces.append(character)
        if at == len(source):
            raise self._error("Unclosed start tag", begin)
        return "".join(pieces), at + 1

    def _skip(self, at: int) -> int:
        match = _SPACES.match(self.source, at)
        assert match is not None
        return match.end()

    def _end_tag(self, begin: int) -> int:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        match = _NAME.match(self.source, begin + 2)
        assert match is not None
        found, at = match.group().lower(), self._skip(match.end())
        if at == len(self.source) or self.source[at] != ">":
            raise self._error("Unclosed end tag", begin)
        opened = self.open.pop()
        if found and found != opened.tag:
            raise self._error("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{found}>"')
        if self.offset > opened.offset:
            self._close(opened)
        return at + 1

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        if opened.tag in ("a", "tg-emoji", "tg-time"):
            if not self._argument(opened, entity):
                return
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag in ("pre", "code"):
            self._block(opened, entity)
        self.entities.append(entity)

    def _argument(self, opened: _Open, entity: Entity) -> bool:
        """Fill in what the tag carries. False: the link leads nowhere and is dropped, as Telegram does."""
        if opened.tag == "tg-emoji":
            identifier = opened.attributes.get("emoji-id", "")
            if not identifier.isascii() or not identifier.isdigit() or not 0 < int(identifier) < 2**63:
                raise MarkupError("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = identifier
            return True
        if opened.tag == "tg-time":
            return _time(opened.attributes, entity)
        url = opened.attributes.get("href") or "".join(self.pieces[opened.piece :])
        if user := _USER_LINK.fullmatch(url):
            entity.update(type="text_mention", user={"id": int(user.group(1))})
            return True
        entity["url"] = url
        return _LINK.fullmatch(url) is not None

    def _block(self, opened: _Open, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one block of code in a language."""
        if opened.tag == "code":
            name = opened.attributes.get("class", "")
            self.language = name.removeprefix("language-") if name.startswith("language-") else ""
            return
        last = self.entities[-1] if self.entities else {}
        if last.get("type") == "code" and all(last[key] == entity[key] for key in ("offset", "length")):
            self.entities.pop()
            if self.language:
                entity["language"] = self.language


def _time(attributes: dict[str, str], entity: Entity) -> bool:
    unix, shape = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"-?\d{1,11}", unix, re.ASCII):
        raise MarkupError("Invalid unix time specified")
    if not _TIME_FORMAT.fullmatch(shape):
        raise MarkupError("Invalid date-time format specified")
    entity["unix_time"] = int(unix)
    if shape:
        entity["date_time_format"] = shape
    return True
