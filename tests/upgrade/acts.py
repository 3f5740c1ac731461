"""What people do with what the version before left on their phones: press an old button, go on with an open form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.stories.driver import Phone, Shop, plain
from tests.upgrade.fixture import Button, Draft, Past

GONE = ("Эта кнопка больше не действует.", "This button no longer works.")
CLOSED = ("Этот вопрос уже закрыт", "This question is closed")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 120


@dataclass(frozen=True)
class Answer:
    """How a press was answered: the toast or window, and the first lines of the messages that came or changed."""

    is_answered: bool
    toast: str
    is_window: bool
    shown: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """«works», «refused», «dead», or «silent», which nobody may get."""
        if not self.is_answered:
            return "silent"
        if self.toast in GONE:
            return "dead"
        return "refused" if self.is_window else "works"


def phone_of(shop: Shop, who: int) -> Phone:
    """The phone of whoever has that Telegram id."""
    return shop.phones[str(who)]


def in_button(number: int) -> str:
    """A row's number as buttons carry it: in base 36."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else in_button(number // 36) + digits[number % 36]


async def press(shop: Shop, button: Button) -> Answer:
    """Its owner presses a button of long ago; what the bot says."""
    journal = shop.sandbox.journal
    calls = journal.since()
    before = calls[-1]["n"] if calls else 0
    journal.clear()
    body = {"message_id": button.message, "data": button.data, "forged": True}
    said = await shop.post(f"phones/{button.who}/tap", body)
    await shop.settle()
    return Answer(said["answered"], said.get("text") or "", bool(said.get("alert")), _shown(journal.since(before)))


def _shown(calls: list[dict[str, Any]]) -> tuple[str, ...]:
    unseen = ("answerCallbackQuery", "getUpdates")
    params = [one["params"] for one in calls if one["ok"] and one["method"] not in unseen]
    said = [str(one.get("text") or one.get("caption") or "") for one in params]
    return tuple(plain(one.splitlines()[0]) for one in said if one)


async def answer(shop: Shop, draft: Draft) -> None:
    """Go on with an open form, step by step, as its fixture says."""
    phone = phone_of(shop, draft.who)
    for kind, *given in draft.steps:
        match kind:
            case "text":
                await phone.text(given[0])
            case "press":
                await phone.press(given[0], given[1], forged=True)
            case "verb" | "verb?":
                await _verb(phone, given, optional=kind == "verb?")
            case "action":
                await _pressed(phone, lambda parts, name=given[0]: parts[1] == name)
            case "contact":
                await phone.contact(given[0], given[1], phone.key + 1)
            case "location":
                await phone.location(*given)
            case "file":
                await phone.send_files((given[0], b"a file of today"), kind="document")
            case other:
                raise ValueError(f"{draft.name}: no such step: {other}")


async def _verb(phone: Phone, wanted: list[str], *, optional: bool) -> None:
    """Press the button of the open form that means this, as it stands on the phone now."""
    found = await _pressed(phone, lambda parts: parts[1] == "form" and parts[3 : 3 + len(wanted)] == wanted)
    assert found or optional, f"{phone.name} has no button for {wanted}:\n{await phone.dump()}"


async def _pressed(phone: Phone, is_meant: Any) -> bool:
    """Press such a button of the newest message that has any; False without one."""
    newest = (await phone.from_bot())[-1:]
    for one in newest:
        for row in one.rows:
            for button in row:
                if is_meant((button.get("data") or "").split(":")):
                    await phone.press(one.id, button["data"])
                    return True
    return False


async def press_all(shop: Shop, past: Past) -> list[tuple[Button, Answer]]:
    """Every button of the fixture, by its owner."""
    return [(button, await press(shop, button)) for button in past.buttons]
