"""From a plain `Screen` to what Telegram takes: HTML in which everything is escaped, and an inline keyboard."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from keyboards.callbacks.forms.question_callbacks import NoAction
from keyboards.screen import Button, Line, Piece, Screen, Span

LONGEST = 4096
NO_ACTION = NoAction().pack()


def html(screen: Screen) -> str:
    """The screen's text as Telegram HTML, cut at a line's end to the platform's limit."""
    out, length = [], 0
    for one in screen.lines:
        plain = sum(_units(p if isinstance(p, str) else p.text) for p in one) + 1
        if length + plain > LONGEST - 16:
            out.append(_line(_folded(one, LONGEST - 18 - length)) or "…")
            break
        out.append(_line(one))
        length += plain
    return "\n".join(out) or "…"


def _units(text: str) -> int:
    """How long Telegram finds a text: it counts by UTF-16, in which most emoji are two."""
    return len(text.encode("utf-16-le")) // 2


def _folded(one: Line, room: int) -> Line:
    """As much of a folded quotation as there is room for: it holds many lines. Nothing of any other line."""
    if len(one) != 1 or isinstance(one[0], str) or one[0].style != "folded":
        return ()
    kept: list[str] = []
    for row in one[0].text.split("\n"):
        room -= _units(row) + 1
        if room < 0:
            break
        kept.append(row)
    return (replace(one[0], text="\n".join([*kept, "…"])),) if kept else ()


def _line(one: Line) -> str:
    return "".join(_piece(piece) for piece in one)


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return escape(piece, quote=False)
    text = escape(piece.text, quote=False)
    return _styled(piece, text) if text.strip() else text


def _styled(span: Span, text: str) -> str:
    match span.style:
        case "quote":
            return f"<blockquote>{text}</blockquote>"
        case "folded":
            return f"<blockquote expandable>{text}</blockquote>"
        case "link":
            return f'<a href="{escape(span.url or "")}">{text}</a>'
        case "time":
            unix = int(span.at.timestamp()) if span.at else 0
            return f'<tg-time unix="{unix}" format="wDt">{text}</tg-time>'
        case style:
            return f"<{style}>{text}</{style}>"


def keyboard(screen: Screen) -> dict[str, Any] | None:
    """The inline keyboard as Telegram's JSON, None without buttons."""
    rows = [[_button(button) for button in row] for row in screen.rows]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, Any]:
    out: dict[str, Any] = {"text": button.text[:64] or "…"}
    if button.colour:
        out["style"] = button.colour
    if button.url:
        out["url"] = button.url
    elif button.copy:
        out["copy_text"] = {"text": button.copy[:256]}
    else:
        out["callback_data"] = button.data or NO_ACTION
    return out
