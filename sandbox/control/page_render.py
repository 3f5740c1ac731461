"""Text and entities as safe HTML for the page: everything escaped, only known tags, only harmless links."""

import re
from html import escape
from itertools import pairwise

from sandbox.bot_api.text_entities import Entity

_SIMPLE = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "spoiler": ('<span class="tg-spoiler">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
    "text_mention": ('<span class="mention">', "</span>"),
    "custom_emoji": ('<span class="emoji">', "</span>"),
}
_HARMLESS = re.compile(r"(?i)(https?://|tg://|ton://|mailto:|tel:)")


def to_html(text: str, entities: list[Entity]) -> str:
    """`text` as HTML. Overlapping entities are closed and opened again, so that the tags nest."""
    if not entities:
        return escape(text)
    raw = text.encode("utf-16-le")
    edges = {0, len(raw) // 2}
    for entity in entities:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    stops = sorted(edge for edge in edges if 0 <= edge <= len(raw) // 2)
    pieces: list[str] = []
    open_now: list[Entity] = []
    for start, end in pairwise(stops):
        wanted = [e for e in entities if e["offset"] <= start and end <= e["offset"] + e["length"]]
        kept = _common(open_now, wanted)
        pieces += [_tags(e, raw)[1] for e in reversed(open_now[kept:])]
        pieces += [_tags(e, raw)[0] for e in wanted[kept:]]
        open_now = wanted
        pieces.append(escape(_cut(raw, start, end)))
    pieces += [_tags(e, raw)[1] for e in reversed(open_now)]
    return "".join(pieces)


def _common(before: list[Entity], after: list[Entity]) -> int:
    """How many entities at the start of both lists are the same and so may stay open."""
    same = 0
    for old, new in zip(before, after, strict=False):
        if old is not new:
            break
        same += 1
    return same


def _cut(raw: bytes, start: int, end: int) -> str:
    return raw[start * 2 : end * 2].decode("utf-16-le", "replace")


def _tags(entity: Entity, raw: bytes) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    inner = _cut(raw, entity["offset"], entity["offset"] + entity["length"])
    if kind == "pre":
        language = escape(entity.get("language", ""))
        return f'<pre data-language="{language}">', "</pre>"
    if kind == "date_time":
        shape = escape(entity.get("date_time_format", ""))
        return f'<time data-unix="{int(entity["unix_time"])}" data-format="{shape}">', "</time>"
    if kind == "bot_command":
        return f'<a class="command" href="#" data-command="{escape(inner)}">', "</a>"
    return _link(kind, entity, inner)


def _link(kind: str, entity: Entity, inner: str) -> tuple[str, str]:
    prefix = {"email": "mailto:", "phone_number": "tel:"}.get(kind, "")
    target = prefix + (entity.get("url") or inner)
    if kind == "phone_number":
        target = "tel:+" + "".join(c for c in inner if c.isdecimal())
    elif not prefix and ":" not in target.partition("/")[0]:
        target = "http://" + target
    if not _HARMLESS.match(target):
        return "<span>", "</span>"
    return f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer">', "</a>"
