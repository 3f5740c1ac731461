"""Drives the running bot as people do: through the phones of the sandbox, over HTTP, with the clock moved by hand.

A story reads like the requirement: `await anna.tap("✔ Предоплата")`, `await shop.later(days=1)`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from services import invitations
from services.unit_of_work import UnitOfWork


@dataclass
class Seen:
    """A message as it stands in a chat."""

    id: int
    text: str
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    out: bool = False
    media: dict[str, Any] | None = None
    pinned: bool = False

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]

    def button(self, label: str) -> dict[str, Any] | None:
        """The button of that label, or the first one that contains it; spaces of any kind are alike."""
        every = [button for row in self.rows for button in row]
        exact = [one for one in every if plain(one["text"]) == plain(label)]
        part = [one for one in every if plain(label) in plain(one["text"])]
        return exact[0] if exact else part[0] if part else None


@dataclass
class OfferedResult:
    """A line of what the bot offers to somebody who types its name; `text`: what would be posted."""

    id: str
    title: str
    description: str
    text: str


@dataclass
class Offered:
    """What the bot offers; `cached`: Telegram has shown what it kept, and asked nobody."""

    answered: bool
    results: list[OfferedResult]
    button: dict[str, str] | None
    next_offset: str
    cached: bool


class Phone:
    """One person's phone."""

    def __init__(self, shop: Shop, key: int, name: str) -> None:
        self.shop, self.key, self.name = shop, key, name
        self.toast: str | None = None
        self.alert = False
        self._heard = 0
        self.screen = Seen(0, "")  # the message pressed last, as it stands since

    async def messages(self) -> list[Seen]:
        """Everything in the chat, the newest last."""
        got = await self.shop.get(f"phones/{self.key}/messages")
        return [
            Seen(m["id"], m["text"] or "", m.get("rows") or [], m["out"], m.get("media"), m.get("pinned", False))
            for m in got["messages"]
        ]

    async def from_bot(self) -> list[Seen]:
        return [one for one in await self.messages() if not one.out]

    async def last(self) -> Seen:
        """The newest message of the bot."""
        return (await self.from_bot())[-1]

    async def sees_only(self, text: str) -> Seen:
        """The one message that contains the text: it came, and came once."""
        n = await self.count(text)
        assert n <= 1, f"{self.name} sees «{text}» {n} times:\n{await self.dump()}"
        return await self.sees(text)

    async def find(self, text: str) -> Seen | None:
        """The newest message of the bot that contains the text (spaces of any kind are alike)."""
        wanted = plain(text)
        return next((one for one in reversed(await self.from_bot()) if wanted in plain(one.text)), None)

    async def sees(self, text: str) -> Seen:
        """The message that contains the text; fails with all that is on the phone if there is none."""
        found = await self.find(text)
        assert found is not None, f"{self.name} does not see «{text}»; on the phone:\n{await self.dump()}"
        return found

    async def sees_no(self, text: str) -> None:
        found = await self.find(text)
        assert found is None, f"{self.name} sees «{text}»: {found and found.text}"

    async def count(self, text: str) -> int:
        """How many messages of the bot contain the text."""
        return sum(plain(text) in plain(one.text) for one in await self.from_bot())

    async def news(self) -> list[str]:
        """The first line of every message of the bot that has come since the last time this was asked."""
        fresh = [one for one in await self.from_bot() if one.id > self._heard]
        self._heard = max([self._heard, *(one.id for one in await self.messages())])
        return [plain(one.text.splitlines()[0]) for one in fresh]

    async def dump(self) -> str:
        parts = []
        for one in await self.messages():
            buttons = "\n".join("   " + " | ".join(f"[{b['text']}]" for b in row) for row in one.rows)
            parts.append(f"{'>' if one.out else '<'} {one.text}\n{buttons}")
        return "\n".join(parts)

    # --- doing

    async def text(self, text: str) -> Seen:
        """Type a message; gives the bot's newest message."""
        return await self._do("text", {"text": text})

    async def reply(self, to: Seen, text: str) -> Seen:
        """Answer one message of the chat, as Telegram's own «Reply» does."""
        return await self._do("text", {"text": text, "reply_to": to.id})

    async def pass_on(self, message: Seen, of: Phone) -> Seen:
        """Forward a message that another phone shows to the bot."""
        return await self._do("forward", {"from_chat": of.key, "message_id": message.id})

    async def edit(self, message: Seen, text: str) -> Seen:
        """Rewrite a message of one's own, as Telegram's own «Edit» does; gives the bot's newest message."""
        return await self._do("edit", {"message_id": message.id, "text": text})

    async def said(self) -> Seen:
        """The newest message of one's own."""
        return next(one for one in reversed(await self.messages()) if one.out)

    async def start(self, payload: str = "") -> Seen:
        return await self._do("start", {"payload": payload} if payload else {})

    async def contact(self, phone: str, name: str, user_id: int | None = None) -> Seen:
        return await self._do("contact", {"phone_number": phone, "first_name": name, "user_id": user_id})

    async def location(self, latitude: float, longitude: float, *, to: Seen | None = None) -> Seen:
        """Share a place, in answer to a message (`to`) or by itself."""
        answers = {"reply_to": to.id} if to is not None else {}
        return await self._do("location", {"latitude": latitude, "longitude": longitude, **answers})

    async def send_files(self, *files: tuple[str, bytes], kind: str = "photo", caption: str = "") -> Seen:
        form = aiohttp.FormData()
        for name, data in files:
            form.add_field("file", data, filename=name)
        form.add_field("as", kind)
        if caption:
            form.add_field("caption", caption)
        async with self.shop.http.post(self.shop.url(f"phones/{self.key}/files"), data=form) as answer:
            assert answer.status == 200, await answer.text()
        await self.shop.settle()
        return await self.last()

    async def _do(self, act: str, body: dict[str, Any]) -> Seen:
        await self.shop.post(f"phones/{self.key}/{act}", body)
        await self.shop.settle()
        return await self.last()

    async def tap(self, label: str, on: Seen | str | None = None, *, sure: bool = True) -> Seen:
        """Press a button: on the given message (or the newest that contains the text, or the newest that has it). Where
        no way leads back he is asked, and is `sure`."""
        message = await self._with_button(label, on)
        button = message.button(label)
        assert button is not None, f"no button «{label}»; on the phone:\n{await self.dump()}"
        seen = await self.press(message.id, button["data"])
        if sure and "Назад пути не будет" in self.screen.text and (yes := self.screen.button("Да, перевести")):
            return await self.press(message.id, yes["data"])
        return seen

    async def tap_old(self, label: str, on: Seen) -> Seen:
        """Press a button as it stood on that message when it was seen, though it may stand there no more."""
        button = on.button(label)
        assert button is not None, f"no button «{label}»"
        return await self.press(on.id, button["data"], forged=True)

    async def _with_button(self, label: str, on: Seen | str | None) -> Seen:
        if isinstance(on, Seen):
            fresh = {one.id: one for one in await self.messages()}
            return fresh[on.id]
        candidates = [one for one in reversed(await self.from_bot()) if one.button(label)]
        if isinstance(on, str):
            candidates = [one for one in candidates if plain(on) in plain(one.text)]
        assert candidates, f"{self.name} has no button «{label}»; on the phone:\n{await self.dump()}"
        return candidates[0]

    async def press(self, message_id: int, data: str, *, forged: bool = False) -> Seen:
        """Press by callback data; `forged` data need not be on the message."""
        body = {"message_id": message_id, "data": data, "forged": forged}
        answer = await self.shop.post(f"phones/{self.key}/tap", body)
        self.toast, self.alert = answer.get("text"), bool(answer.get("alert"))
        await self.shop.settle()
        shown = {one.id: one for one in await self.messages()}
        self.screen = shown.get(message_id, self.screen)
        newest = await self.last()
        return newest if newest.id > message_id else shown[message_id]

    async def post_tap(self, label: str, on: Seen) -> None:
        """Press a button of a message and look at nothing: what it answers may not arrive."""
        button = on.button(label)
        assert button is not None, f"no button «{label}»"
        await self.shop.post(f"phones/{self.key}/tap", {"message_id": on.id, "data": button["data"], "wait": False})
        await self.shop.settle()

    async def inline(self, query: str, *, offset: str = "", wait: float = 10.0) -> Offered:
        """Type the bot's name and a query in some chat, and look at what is offered."""
        body = {"query": query, "offset": offset, "timeout": wait}
        got = await self.shop.post(f"phones/{self.key}/inline", body)
        results = [OfferedResult(m["id"], m["title"], m["description"], m["text"]) for m in got["results"]]
        return Offered(got["answered"], results, got["button"], got["next_offset"], got["cached"])

    async def post_offered(self, one: OfferedResult, group: int | None = None) -> Seen:
        """Choose a line of what was offered last: it is posted into the group, or into the chat with the bot."""
        return await self._do("inline/choose", {"result_id": one.id, "group": group})

    async def as_it_is(self, message: Seen) -> Seen:
        """That message as it stands in the chat now."""
        return next(one for one in await self.messages() if one.id == message.id)

    async def open(self, deal: str) -> Seen:
        """Find a deal by its number or title and open its card."""
        seen = await self.text(deal)
        if seen.button("Этапы…") or seen.button("История"):
            return seen
        found = next(label for label in seen.labels if label.startswith(("📁", "✅", "✖️")))
        return await self.tap(found, seen)

    async def fill(self, *answers: str) -> Seen:
        """Answer the questions of a form, one after another."""
        seen = await self.last()
        for answer in answers:
            seen = await self.tap(answer[1:-1]) if answer.startswith("[") else await self.text(answer)
        return seen


class Shop:
    """The running bot and its sandbox."""

    def __init__(self, app: Any, sandbox: Any, http: aiohttp.ClientSession) -> None:
        self.app, self.sandbox, self.http = app, sandbox, http
        self.phones: dict[str, Phone] = {}

    def url(self, path: str) -> str:
        return f"{self.sandbox.url}/sandbox/{path}"

    async def get(self, path: str) -> Any:
        async with self.http.get(self.url(path)) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.http.post(self.url(path), json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def settle(self) -> None:
        """Wait until the bot has fetched every update, handled it, and has nothing more to do now."""
        queue = self.sandbox.world.home.queue
        async with asyncio.timeout(30):
            while queue.entries or not queue.polled.is_set():
                # an update is confirmed by the next poll; a poll that hangs already is about to go home with it
                await (asyncio.sleep(0) if queue.polled.is_set() else queue.polled.wait())
            await self.app.settle()
            await self.app.tick_and_settle()

    async def later(self, **span: float) -> None:
        """Move the clock: `later(days=1)`; what comes due in between happens in its own hour."""
        await self.post("clock", {"advance": timedelta(**span).total_seconds()})
        await self.settle()

    async def until(self, local: str) -> None:
        """Move the clock to a local time: «2026-12-01T10:00»."""
        await self.post("clock", {"to": local})
        await self.settle()

    async def now(self) -> str:
        """The local time, «2026-11-23T10:00»."""
        return str((await self.get("clock"))["local"])

    async def hire(self, name: str, role: str, *, language: str = "ru") -> Phone:
        """Give somebody a phone and let him join by a one-time invitation."""
        first, _, last = name.partition(" ")
        made = await self.post("phones", {"first_name": first, "last_name": last, "language": language, "title": role})
        phone = Phone(self, made["id"], name)
        token = await self.invitation(role)
        await phone.start(token)
        self.phones[name] = phone
        return phone

    async def stranger(self, name: str, *, language: str = "ru") -> Phone:
        """Somebody who is not of the company."""
        made = await self.post("phones", {"first_name": name, "language": language})
        return Phone(self, made["id"], name)

    async def invitation(self, role: str) -> str:
        """A one-time invitation, as the command line makes it."""
        now, company = self.app.now(), self.app.company
        return str(await self.app.db.run(lambda tx: invitations.invite(UnitOfWork(tx, now, company), role)))

    async def lead(self, **fields: str) -> tuple[int, dict[str, Any]]:
        """A lead from the site's form, over HTTP."""
        return await self.intake(json=fields)

    async def intake(self, token: str | None = None, **request: Any) -> tuple[int, dict[str, Any]]:
        """A raw request to the intake of leads (`json=` or `data=`), with the right token unless another is given."""
        right = self.app.settings.intake_token.get_secret_value()
        headers = {"Authorization": f"Bearer {right if token is None else token}", **request.pop("headers", {})}
        url = f"http://127.0.0.1:{self.app.http.port}/intake/leads"
        async with self.http.post(url, headers=headers, **request) as answer:
            status, body = answer.status, await answer.json()
        await self.settle()
        return status, body

    async def rows(self, statement: Any) -> Sequence[Any]:
        """What stands in the database, read in a transaction of its own."""
        found: Sequence[Any] = await self.app.db.run(lambda tx: tx.execute(statement).all())
        return found


def plain(text: str) -> str:
    """Spaces of every kind as one plain space."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))
