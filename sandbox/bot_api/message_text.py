"""A text or caption of a call: parsed, trimmed and measured."""

from typing import Any

from sandbox.bot_api import html_parser
from sandbox.bot_api import text_entities as found
from sandbox.bot_api.api_error import bad
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.text_entities import Entity

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
# What a bot may say about its text itself; Telegram finds the other kinds (links, commands) on its own.
_KINDS = frozenset(html_parser.TYPES.values()) | {"expandable_blockquote", "text_mention"}
_FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})


def read_text(params: Params) -> tuple[str, list[Entity]]:
    """The `text` of a call with its entities. Refused if it is empty, too long or cannot be parsed."""
    source = params.text("text")
    if not source:
        raise bad("message text is empty")
    text, entities = _parse(source, params, "entities")
    if not text:
        raise bad("text must be non-empty")
    if found.units(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return text, entities


def read_caption(params: Params) -> dict[str, Any]:
    """The caption fields of a message; nothing if there is no caption."""
    source = params.text("caption")
    text, entities = _parse(source, params, "caption_entities") if source else ("", [])
    if found.units(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _parse(source: str, params: Params, field: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode").lower()
    if mode in ("", "none"):
        entities = _given(source, params.json(field, "can't parse entities JSON object"))
    elif mode == "html":
        try:
            source, entities = html_parser.parse(source)
        except html_parser.MarkupError as error:
            raise bad(f"can't parse entities: {error}") from None
    elif mode in ("markdown", "markdownv2"):
        raise bad("the sandbox does not play Markdown; use HTML")
    else:
        raise bad("unsupported parse_mode")
    return found.finish(source, entities)


def _given(source: str, value: Any) -> list[Entity]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    total = found.units(source)
    result = []
    for entity in value:
        if not isinstance(entity, dict) or not all(isinstance(entity.get(k), int) for k in ("offset", "length")):
            raise bad("can't parse MessageEntity: offset and length must be of type Number")
        kind = entity.get("type")
        if kind in _FOUND:
            continue
        if kind not in _KINDS:
            raise bad(f'can\'t parse MessageEntity: unsupported type "{kind}"')
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > total:
            raise bad("ENTITY_BOUNDS_INVALID")
        result.append(entity)
    return result
