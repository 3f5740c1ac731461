"""A screen that may not be passed on is a message of its own: an edit protects nothing (proof 34)."""

from __future__ import annotations

from dataclasses import replace

from bot.updates import screen_calls
from handlers.request import Incoming
from keyboards.screen import Reply, Screen, line

TAP = Incoming("tap", 7, 7, "Анна", "ru", message_id=5, query_id="q", data="x")
PLAIN, KEPT = Screen((line("меню"),)), Screen((line("список"),), protect=True)


def shown(pressed: Incoming, screen: Screen) -> tuple[int | None, bool]:
    """(Which message is edited, whether the new one is protected)."""
    (call,) = screen_calls.calls_of(pressed, Reply(screen))
    return call.params.get("message_id"), call.params.get("protect_content", False)


def test_a_list_that_is_opened_from_an_open_message_comes_as_a_new_one() -> None:
    assert shown(TAP, KEPT) == (None, True)


def test_its_next_page_is_drawn_in_the_protected_message() -> None:
    protected = replace(TAP, protected=True)
    assert shown(protected, KEPT)[0] == 5
    assert shown(protected, PLAIN) == (5, False), "whatever follows stays in it"


def test_other_screens_are_edited_as_ever() -> None:
    assert shown(TAP, PLAIN) == (5, False)


async def test_what_protects_a_message_is_not_said_of_an_edit() -> None:
    calls = []

    class Api:
        async def call(self, method: str, params: dict[str, object], **_: object) -> dict[str, int]:
            calls.append((method, "protect_content" in params))
            return {"message_id": 6}

    for pressed in (TAP, replace(TAP, protected=True)):
        (call,) = screen_calls.calls_of(pressed, Reply(KEPT))
        await screen_calls.carry_out(Api(), call)  # type: ignore[arg-type]
    assert calls == [("sendMessage", True), ("editMessageText", False)]
