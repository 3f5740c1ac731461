"""Reply markup: what Telegram takes under a message, checked shape by shape."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.bot_api.api_error import bad

Json = dict[str, Any]
BUTTONS, PER_ROW = 100, 8
STYLES = frozenset({"primary", "success", "danger"})
_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
_ACTIONS = frozenset(
    {
        "callback_data",
        "url",
        "copy_text",
        "disabled",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
    }
)
_REQUESTS = frozenset(
    {"request_contact", "request_location", "request_users", "request_chat", "request_poll", "web_app"}
)
_KEYBOARD_FLAGS = frozenset(
    {
        "keyboard",
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
        "force_reply",
    }
)


def check(markup: Any, *, inline_only: bool = False) -> Json | None:
    """The markup as it will be kept; None if there is none. Refused if Telegram would refuse it."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if inline_only:
        raise bad("inline keyboard expected")
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    for kind, others in (
        ("remove_keyboard", {"selective"}),
        ("force_reply", {"selective", "input_field_placeholder"}),
    ):
        if kind in markup:
            _only(markup, {kind, *others}, "reply markup")
            _placeholder(markup)
            return markup if markup[kind] else None
    raise bad("can't parse reply keyboard markup JSON object")


def _inline(markup: Json) -> Json | None:
    _only(markup, {"inline_keyboard", "force_reply"}, "inline keyboard")
    rows = _rows(markup["inline_keyboard"], "Inline keyboard")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    return {**markup, "inline_keyboard": rows} if rows else None


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad(f'field "{what.lower().replace(" ", "_")}" of the reply markup must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad(f"field of the {what.lower()} must be an Array of Arrays")
    kept = [row for row in rows if row]
    if sum(map(len, kept)) > BUTTONS or any(len(row) > PER_ROW for row in kept):
        raise bad("REPLY_MARKUP_TOO_LONG")
    return kept


def _only(value: Json, known: "set[str] | frozenset[str]", what: str) -> None:
    unknown = value.keys() - known
    if unknown:
        raise bad(f'unknown field "{min(unknown)}" of {what}')


def _check_inline_button(button: Any) -> None:
    failure = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(failure + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad(failure + 'Can\'t find field "text"')
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    _only(button, _LOOKS | _ACTIONS, "inline keyboard button")
    _check_style(button)
    kinds = button.keys() & _ACTIONS
    if not kinds:
        raise bad(failure + "Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad(failure + f"exactly one action is allowed, got {', '.join(sorted(kinds))}")
    _check_action(button, kinds.pop(), failure)


def _check_action(button: Json, kind: str, failure: str) -> None:
    value = button[kind]
    if kind == "callback_data":
        if not isinstance(value, str):
            raise bad(failure + 'Field "callback_data" must be of type String')
        if not 1 <= len(value.encode("utf-8", "surrogatepass")) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    elif kind == "url":
        _check_url(value)
    elif kind == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    elif kind in ("disabled", "web_app", "login_url", "switch_inline_query_chosen_chat"):
        if not isinstance(value, dict):
            raise bad(failure + f'Field "{kind}" must be of type Object')
    elif not isinstance(value, str):
        raise bad(failure + f'Field "{kind}" must be of type String')


def _check_url(url: Any) -> None:
    if not isinstance(url, str) or not url:
        raise bad("BUTTON_URL_INVALID")
    scheme = urlsplit(url).scheme if ":" in url else "http"
    if scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    if scheme in ("http", "https") and "." not in host:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_style(button: Json) -> None:
    if "style" in button and str(button["style"]) not in STYLES:
        raise bad("BUTTON_STYLE_INVALID")


def _reply_keyboard(markup: Json) -> Json | None:
    _only(markup, _KEYBOARD_FLAGS, "reply keyboard")
    _placeholder(markup)
    rows = _rows(markup["keyboard"], "Keyboard")
    checked = [[_keyboard_button(button) for button in row] for row in rows]
    return {**markup, "keyboard": checked} if rows else None


def _keyboard_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad("can't parse keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad("keyboard button text must be non-empty")
    _only(button, _LOOKS | _REQUESTS, "keyboard button")
    _check_style(button)
    if len(button.keys() & _REQUESTS) > 1:
        raise bad("can't parse keyboard button: at most one request is allowed")
    return button


def _placeholder(markup: Json) -> None:
    text = markup.get("input_field_placeholder")
    if text is not None and (not isinstance(text, str) or not 1 <= len(text) <= 64):
        raise bad("input field placeholder must be 1-64 characters long")
