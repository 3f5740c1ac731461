"""What Telegram does to a text of its own accord: trims it and finds links, commands, numbers in it.

Offsets and lengths of entities count UTF-16 code units, as everywhere in the Bot API.
"""

import re
from typing import Any

Entity = dict[str, Any]

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>«»\"]+[^\s<>«»\".,;:!?)\]]|(?<![\w@.])(?:www\.|t\.me/)[^\s<>«»\"]*[\w/])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<![\w@/.])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#&/])#\w*[^\W\d]\w*)"
    r"|(?P<bot_command>(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@\w{4,32})?\b(?!/))"
    r"|(?P<phone_number>(?<![\w+])\+\d(?:[ \u00a0().-]{0,2}\d){9,13}\b)"
)
# Telegram looks for nothing inside these.
_CLOSED = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})
_ORDER = {"blockquote": 0, "expandable_blockquote": 0, "pre": 1, "code": 1}


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def finish(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Clean and trim a text as Telegram does, keep its entities in place and add the found ones."""
    if "\r" in text:
        text, entities = _without_returns(text, entities)
    trimmed = _CONTROLS.sub(" ", text).rstrip()
    lead = len(trimmed) - len(trimmed.lstrip())
    text = trimmed[lead:]
    kept = _moved(entities, -lead, units(text)) if entities else []
    return text, _sorted(_nested(kept) + _found(text, kept))


def _without_returns(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    raw = text.encode("utf-16-le", "surrogatepass")
    gone = [i for i in range(0, len(raw), 2) if raw[i : i + 2] == b"\r\x00"]

    def moved(offset: int) -> int:
        return offset - sum(1 for i in gone if i < offset * 2)

    result = []
    for entity in entities:
        start, end = moved(entity["offset"]), moved(entity["offset"] + entity["length"])
        result.append({**entity, "offset": start, "length": end - start})
    return text.replace("\r", ""), result


def _moved(entities: list[Entity], by: int, total: int) -> list[Entity]:
    result = []
    for entity in entities:
        start = max(entity["offset"] + by, 0)
        end = min(entity["offset"] + entity["length"] + by, total)
        if end > start:
            result.append({**entity, "offset": start, "length": end - start})
    return result


def _nested(entities: list[Entity]) -> list[Entity]:
    """Without what may not be nested: anything inside code, a quote inside a quote."""
    kept: list[Entity] = []
    for entity in _sorted(entities):
        inside = [outer for outer in kept if entity["offset"] < outer["offset"] + outer["length"]]
        if any(outer["type"] in ("code", "pre") for outer in inside):
            continue
        if "blockquote" in entity["type"] and any("blockquote" in outer["type"] for outer in inside):
            continue
        kept.append(entity)
    return kept


def _found(text: str, taken: list[Entity]) -> list[Entity]:
    closed = [e for e in taken if e["type"] in _CLOSED]
    wide = not text.isascii() and max(text) > "\uffff"
    result: list[Entity] = []
    for match in _FOUND.finditer(text):
        start, length = match.start(), match.end() - match.start()
        if wide:
            start, length = units(text[:start]), units(match.group())
        if not any(start < e["offset"] + e["length"] and e["offset"] < start + length for e in closed):
            result.append({"type": match.lastgroup, "offset": start, "length": length})
    return result


def _sorted(entities: list[Entity]) -> list[Entity]:
    if len(entities) < 2:
        return entities
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _ORDER.get(e["type"], 2)))
