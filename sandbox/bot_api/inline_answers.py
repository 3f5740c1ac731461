"""Bot API: answering what somebody types behind the bot's name, with Telegram's limits."""

import re
from datetime import timedelta
from typing import Any

from sandbox.bot_api import message_text
from sandbox.bot_api import reply_markup as markups
from sandbox.bot_api.api_error import bad
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import method
from sandbox.world import inline
from sandbox.world.world import Json, SandboxBot, World

ANSWERABLE_FOR = timedelta(seconds=10)
MOST_RESULTS, ID_BYTES, OFFSET_BYTES, START_PARAMETER = 50, 64, 64, re.compile(r"[A-Za-z0-9_-]{1,64}")
CACHE_TIME = 300
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_FAILURE = "can't parse inline query result: "
_ARTICLE = frozenset(
    {"type", "id", "title", "input_message_content", "reply_markup", "url", "description"}
    | {"thumbnail_url", "thumbnail_width", "thumbnail_height"}
)
_CONTENT = frozenset({"message_text", "parse_mode", "entities", "link_preview_options"})


@method("answerInlineQuery", "inline_query_id results cache_time is_personal next_offset button")
def answer_inline_query(world: World, bot: SandboxBot, params: Params) -> bool:
    """Offer what can be sent, once and in time."""
    held = inline.book(bot)
    asked = held.asked.get(params.text("inline_query_id"))
    if asked is None or world.clock.now() - asked.at > ANSWERABLE_FOR:
        raise bad(_TOO_OLD)
    offset, seconds = params.text("next_offset"), params.integer("cache_time", CACHE_TIME)
    if len(offset.encode()) > OFFSET_BYTES:
        raise bad("NEXT_OFFSET_INVALID")
    if seconds < 0:
        raise bad("CACHE_TIME_INVALID")
    answer: Json = {**inline.NOTHING, "answered": True, "results": _results(params), "button": _button(params)}
    del held.asked[asked.id]
    inline.settle(world, bot, asked, {**answer, "next_offset": offset}, seconds, params.flag("is_personal"))
    return True


def _results(params: Params) -> list[Json]:
    given = params.json("results", "can't parse inline query results JSON object")
    if not isinstance(given, list):
        raise bad("expected an Array of InlineQueryResult")
    if len(given) > MOST_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    found = [_result(one) for one in given]
    if len({one["id"] for one in found}) < len(found):
        raise bad("RESULT_ID_DUPLICATE")
    return found


def _result(given: Any) -> Json:
    """One article, as it is shown and as it will be sent."""
    if not isinstance(given, dict):
        raise bad(_FAILURE + "expected an Object")
    if given.get("type") != "article":
        raise bad(f'the sandbox does not play inline results of type "{given.get("type")}"')
    _only(given, _ARTICLE)
    number, title = given.get("id"), given.get("title")
    if not isinstance(number, str) or not 1 <= len(number.encode()) <= ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    if not isinstance(title, str) or not title.strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    shown: Json = {"id": number, "title": title, "description": str(given.get("description") or "")}
    shown["content"] = _content(given.get("input_message_content"))
    if (markup := markups.check(given.get("reply_markup"), inline_only=True)) is not None:
        shown["reply_markup"] = markup
    return shown


def _content(given: Any) -> Json:
    if not isinstance(given, dict) or "message_text" not in given:
        raise bad(_FAILURE + "input_message_content must have a message_text: the sandbox plays no other")
    _only(given, _CONTENT)
    text, entities = message_text.read_text(Params({**given, "text": given["message_text"]}))
    return {"text": text, "entities": entities} if entities else {"text": text}


def _button(params: Params) -> Json | None:
    """What stands above the results: it opens the bot with a word."""
    given = params.json("button", "can't parse InlineQueryResultsButton")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or not given["text"].strip():
        raise bad("can't parse InlineQueryResultsButton: Can't find field \"text\"")
    if "web_app" in given:
        raise bad("the sandbox does not play web apps")
    word = given.get("start_parameter")
    if not isinstance(word, str) or not START_PARAMETER.fullmatch(word):
        raise bad("START_PARAM_INVALID")
    return {"text": given["text"], "start_parameter": word}


def _only(given: Json, known: frozenset[str]) -> None:
    if unknown := given.keys() - known:
        raise bad(f'unknown field "{min(unknown)}" of an inline query result')
