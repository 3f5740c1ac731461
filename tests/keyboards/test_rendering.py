"""A screen becomes Telegram's HTML: nothing that somebody typed becomes markup (promise 7)."""

from __future__ import annotations

import re

from bot.delivery import telegram_render
from keyboards.screen import Button, Screen, Span, bold, line, quote
from sandbox.bot_api import html_parser

HOSTILE = '<b>жирно</b> <a href="https://evil.example">сюда</a> & &amp; "кавычки"'


def shown(screen: Screen) -> str:
    """What a person reads: the markup taken for what it is, by the rules of Telegram's parser."""
    return html_parser.parse(telegram_render.html(screen))[0]


def test_a_text_is_no_markup() -> None:
    html = telegram_render.html(Screen((line(HOSTILE),)))
    assert "<" not in html
    assert shown(Screen((line(HOSTILE),))) == HOSTILE


def test_a_styled_text_is_no_markup() -> None:
    for styled in (bold(HOSTILE), Span(HOSTILE, "code"), *quote(HOSTILE), *quote(HOSTILE, folded=True)):
        html = telegram_render.html(Screen((line(styled),)))
        assert len(re.findall("<", html)) == 2, "one tag of ours, opened and closed"
        assert shown(Screen((line(styled),))) == HOSTILE


def test_a_link_does_not_end_its_quotes() -> None:
    html = telegram_render.html(Screen((line(Span("сюда", "link", url='https://x.example/"><b>жирно</b>')),)))
    assert html.count('"') == 2 and "<b>" not in html


def test_a_message_is_never_longer_than_telegram_takes() -> None:
    html = telegram_render.html(Screen(tuple(line("строка " * 20) for _ in range(100))))
    assert len(html) <= telegram_render.LONGEST
    assert html.endswith("\n…"), "cut at the end of a line, and it says so"


def test_a_button_is_never_longer_than_telegram_takes() -> None:
    screen = Screen(rows=((Button("слово " * 40, "v1:home"), Button("", copy="x" * 300)),))
    made = telegram_render.keyboard(screen)
    assert made is not None
    first, second = made["inline_keyboard"][0]
    assert len(first["text"]) == 64
    assert (second["text"], len(second["copy_text"]["text"])) == ("…", 256)
