"""A shop with everybody in it, run by the handlers and the bell, without a network; its clock is moved by hand."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot import app as root
from bot.app import App
from bot.cli.sandbox_command import sms_url
from bot.settings import Settings
from models.entities import Employee
from models.tables.people import EmployeeRow
from models.tables.settings import SettingRow
from sandbox.server import Sandbox
from services import drafts, invitations
from services.drafts import Draft
from services.outbox import schedule
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, MovableClock
from tests.stories.kitchen import REQUISITES
from tests.walk.phones import Message, Phones, Told
from tests.walk.witness import Witness

CREW = (
    ("Сергей Воронов", "owner"),
    ("Ирина Белова", "supervisor"),
    ("Анна Соколова", "manager"),
    ("Борис Кузнецов", "manager"),
    ("Олег Титов", "technologist"),
    ("Дарья Ким", "dispatcher"),
    ("Пётр Лин", "measurer"),
    ("Юрий Орлов", "measurer"),
    ("Николай Громов", "installer"),
    ("Игорь Панин", "installer"),
)
FIRST_CHAT = 5000
A_MOMENT = timedelta(seconds=2)  # that an act takes, and that the bell is late: no two things happen at one instant


@dataclass(frozen=True)
class Habits:
    """What kind of shop it is: its processes, week, zone; `database` is None for a SQLite file."""

    processes: tuple[str, ...] = ("kitchens",)
    week: str = "1-7"
    holidays: str | None = None
    zone: str = "Europe/Moscow"
    database: str | None = None


@dataclass
class WalkShop:
    """The running shop."""

    app: App
    phones: Phones
    clock: MovableClock
    folder: Path
    sms: Sandbox
    chats: dict[int, Employee] = field(default_factory=dict)
    witness: Witness = field(default_factory=Witness)
    said: dict[int, list[int]] = field(default_factory=dict)  # the numbers of what people typed, by chat
    _update: int = 0

    # --- people act

    async def press(self, chat_id: int, message: Message, data: str) -> list[Told]:
        """Press a button; gives what phones were shown because of it."""
        return await self.feed(chat_id, self._pressed(chat_id, message, data))

    async def press_at_once(self, presses: list[tuple[int, Message, str]]) -> list[Told]:
        """Several press at the same moment."""
        self.clock.at += A_MOMENT
        updates = []
        for chat_id, message, data in presses:
            self._update += 1
            updates.append({"update_id": self._update, **self._pressed(chat_id, message, data)})
        await asyncio.gather(*(self.app.intake.accept([one]) for one in updates))
        await self.app.settle()
        return await self.tick()

    def _pressed(self, chat_id: int, message: Message, data: str) -> dict[str, Any]:
        said = {"message_id": message.id, "date": int(self.clock().timestamp()), "text": message.text[:50] or "…"}
        chat = {"chat": {"id": chat_id, "type": "private"}}
        query = {"id": str(self._update), "from": self._user(chat_id), "chat_instance": "1", "data": data}
        return {"callback_query": {**query, "message": {**said, **chat}}}

    async def say(self, chat_id: int, text: str, reply_to: int | None = None, **more: Any) -> list[Told]:
        """Type a message, perhaps in answer to one; `more` of what Telegram says of it."""
        known = self._message(chat_id)
        self.said.setdefault(chat_id, []).append(known["message_id"])
        if reply_to is not None:
            answered = {"message_id": reply_to, "date": known["date"], "chat": known["chat"]}
            more["reply_to_message"] = {**answered, "text": "…"}
        return await self.feed(chat_id, {"message": known | {"text": text, **more}})

    async def edit(self, chat_id: int, message_id: int, text: str) -> list[Told]:
        """Give a message that was typed before other words."""
        changed = self._message(chat_id) | {"message_id": message_id, "text": text}
        return await self.feed(chat_id, {"edited_message": changed | {"edit_date": changed["date"]}})

    async def photo(self, chat_id: int) -> list[Told]:
        """Send a picture."""
        number = self._update
        size = {"file_id": f"p{number}", "file_unique_id": f"q{number}", "width": 9, "height": 9, "file_size": 300}
        return await self.feed(chat_id, {"message": self._message(chat_id) | {"photo": [size]}})

    async def feed(self, chat_id: int, what: dict[str, Any]) -> list[Told]:
        """An update comes in; it is carried out, and what it brings goes out."""
        self._update += 1
        self.clock.at += A_MOMENT
        self.phones.acting = chat_id
        await self.app.intake.accept([{"update_id": self._update, **what}])
        await self.app.settle()
        self.phones.acting = None
        return await self.tick()

    async def tick(self) -> list[Told]:
        """What is due happens; each message is judged at the moment at which it was told."""
        await self.app.tick_and_settle()
        told = list(self.phones.news)
        self.phones.news.clear()
        for one in told:
            if one.fresh and not one.message.is_answer:
                await self.work(lambda work, one=one: self.witness.read(work, one.message))
        await self.work(self.witness.read_sms)
        return told

    async def listen(self, chat_id: int) -> None:
        """Something is about to go to this chat."""
        await self.work(lambda work: self.witness.hear(work, chat_id))

    def _message(self, chat_id: int) -> dict[str, Any]:
        known = {"message_id": self.phones.next_number(), "date": int(self.clock().timestamp())}
        return {**known, "chat": {"id": chat_id, "type": "private"}, "from": self._user(chat_id)}

    def _user(self, chat_id: int) -> dict[str, Any]:
        person = self.chats.get(chat_id)
        return {"id": chat_id, "is_bot": False, "first_name": person.name if person else "?", "language_code": "ru"}

    # --- time passes

    async def until(self, at: datetime) -> None:
        """Move the clock on; what comes due in between happens at its own moment."""
        while True:
            due = await self.work(schedule.next_due)
            if due is None or due > at:
                break
            self.clock.at = max(self.clock.at, due + A_MOMENT)
            await self.tick()
        self.clock.at = max(self.clock.at, at)

    # --- looking

    async def work(self, job: Any, who: Employee | None = None) -> Any:
        """Something in a transaction of its own."""
        now, company = self.clock(), self.app.company
        return await self.app.db.run(lambda tx: job(UnitOfWork(tx, now, company, who)))

    async def staff(self) -> dict[int, Employee]:
        """Who works here now, by chat."""

        def read(work: UnitOfWork) -> dict[int, Employee]:
            rows = work.tx.execute(select(EmployeeRow).where(EmployeeRow.active, EmployeeRow.telegram_id.is_not(None)))
            return {row.telegram_id: Employee.of(row) for row in rows}

        self.chats = await self.work(read)
        return self.chats

    async def draft(self, chat_id: int) -> Draft | None:
        """The form that the person has open."""
        person = self.chats[chat_id]
        asked: Draft | None = await self.work(drafts.find, person)
        return asked

    async def hire(self, name: str, role: str) -> int:
        """Somebody joins; gives his chat."""
        chat_id = FIRST_CHAT + len(self.phones.chats) + self._update
        token = await self.work(lambda work: invitations.invite(work, role))
        await self.work(lambda work: invitations.join(work, token, chat_id, name, "ru"))
        await self.staff()
        await self.say(chat_id, "/start")
        return chat_id

    async def close(self) -> None:
        """Stop, and leave nothing behind."""
        await self.app.stop()
        await self.sms.close()
        shutil.rmtree(self.folder, ignore_errors=True)


async def open_shop(habits: Habits, template: Path | None = None) -> WalkShop:
    """Everybody is there, no deal yet. `template`: a SQLite file with the tables made, to begin from."""
    folder = Path(tempfile.mkdtemp(prefix="walk-"))
    if template is not None and habits.database is None:
        shutil.copy(template, folder / "verstak.db")
    clock = MovableClock(NOW)
    phones = Phones(clock)
    sms = Sandbox(web=False, journal=False)
    await sms.start()
    settings = Settings(
        _env_file=None, bot_token="1:walk", data_dir=folder, http_port=0, processes=habits.processes,
        work_week=habits.week, holidays=habits.holidays, timezone=habits.zone, sms_url=sms_url(sms.url),
        database_url=habits.database,
    )  # fmt: skip
    app = await root.build(settings, clock=clock, telegram=phones, poll=False)
    await app.start()
    await app.ticks.stop()  # the walk rings the bell itself
    shop = WalkShop(app, phones, clock, folder, sms)
    phones.listen = shop.listen
    for name, role in CREW:
        await shop.hire(name, role)
    await app.db.run(lambda tx: tx.execute(insert(SettingRow).values(name="requisites", value=REQUISITES)))
    return shop


def some(rnd: random.Random, found: list[Any]) -> Any:
    """One of them, or None of an empty list."""
    return found[rnd.randrange(len(found))] if found else None


def span(rnd: random.Random) -> timedelta:
    """How long nothing happens: minutes, hours, a night, days."""
    return timedelta(minutes=rnd.choice((5, 20, 60, 60, 180, 360, 720, 1440, 1440, 2880, 5760, 14400)))
