"""A person with a phone, without Telegram: presses buttons by their labels, types, sees what the root would show."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

import handlers.routes as routes
from bot import database
from handlers.request import Incoming, Request, SharedContact
from keyboards.screen import Button, Reply, Screen
from keyboards.translator import translator
from models.entities import Deal, Employee
from models.process.process import Process
from models.values.work_calendar import WorkCalendar
from services import drafts, invitations, processes
from services.deals import deal_commands
from services.files import uploads
from services.files.incoming_files import IncomingFile
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a Tuesday, noon in Moscow
ROOT = Path(__file__).resolve().parents[2]
BUTTON_BYTES = 64


def furniture() -> Process:
    process, problems = processes.read(ROOT / "processes" / "furniture.yaml")
    assert process is not None, problems
    return process


def template() -> sqlite3.Connection:
    """A migrated database, to be copied."""
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    with create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool).connect() as tx:
        database.migrate(tx)
        tx.commit()
    return raw


def copy_of(one: sqlite3.Connection) -> Connection:
    """A fresh copy of it."""
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    one.backup(raw)
    raw.execute("PRAGMA foreign_keys=ON")
    return create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool).connect()


class Shop:
    """A company with one process."""

    def __init__(self, tx: Connection, process: Process) -> None:
        self.tx, self.now, self.process = tx, NOW, process
        self.company = Company({process.process: process}, WorkCalendar(MOSCOW))

    def work(self, actor: Employee | None = None) -> UnitOfWork:
        return UnitOfWork(self.tx, self.now, self.company, actor)

    def hire(self, role: str, name: str) -> Employee:
        token = invitations.invite(self.work(), role, name)
        count = len(employees.staff(self.work()))
        return invitations.join(self.work(), token, 1000 + count, name, "ru")

    def phone(self, person: Employee) -> "Phone":
        return Phone(self, person)

    def order(self, owner: Employee, **values: object) -> Deal:
        values = {"name": "Мария", "phone": "+79123456789", "comment": "Шкаф", **values}
        return deal_commands.begin(self.work(), self.process, "order", values, responsible_id=owner.id)

    def later(self, span: timedelta) -> None:
        self.now += span


class Phone:
    """What the person sees: messages by id, the last toast."""

    def __init__(self, shop: Shop, person: Employee) -> None:
        self.shop, self.person = shop, person
        self.messages: dict[int, Screen] = {}
        self.toast: str | None = None
        self._ids = 100

    # --- what one does

    def tap(self, label: str, message_id: int | None = None) -> "Phone":
        """Press the button of that label (or its beginning) on the last message, or on that one."""
        key = message_id or max(self.messages)
        found = self.find(label, self.messages[key])
        assert found.data is not None, f"{label} does nothing"
        return self.press(found.data, key)

    def press(self, data: str, message_id: int | None = None) -> "Phone":
        key = message_id or self._next()
        return self._do(Incoming("tap", 1, 1, "x", "ru", message_id=key, query_id="q", data=data))

    def type(self, text: str) -> "Phone":
        return self._send(text=text)

    def send_file(self, name: str = "plan.pdf", *, kind: str = "document", unique: str = "", **more: object) -> "Phone":
        mime, size, album = more.get("mime"), more.get("size", 1000), more.get("album")
        unique = unique or name
        sent = IncomingFile(kind, f"tg-{unique}", unique, name, size, mime)  # type: ignore[arg-type]
        return self._send(file=sent, album=album, sent_at=more.get("at", self.shop.now), reply_to=more.get("reply_to"))

    def send_contact(self, phone: str, name: str = "Пётр") -> "Phone":
        return self._send(contact=SharedContact(phone, name, None))

    def send_location(self, latitude: float, longitude: float) -> "Phone":
        return self._send(location=(latitude, longitude))

    def do(self, answer: Reply, message_id: int | None = None) -> "Phone":
        """Show an answer that a handler gave."""
        return self._show(answer, message_id)

    def as_request(self, incoming: Incoming | None = None) -> Request:
        me = employees.get(self.shop.work(), self.person.id)
        incoming = incoming or Incoming("message", 1, 1, "x", "ru", text="")
        return Request(self.shop.work(me), translator("ru", MOSCOW), incoming, me)

    # --- what one sees

    @property
    def last(self) -> Screen:
        return self.messages[max(self.messages)]

    @property
    def text(self) -> str:
        return self.last.plain.replace("\N{NO-BREAK SPACE}", " ")

    @property
    def labels(self) -> list[str]:
        return [one.text for row in self.last.rows for one in row]

    def find(self, label: str, screen: Screen | None = None) -> Button:
        found = [one for row in (screen or self.last).rows for one in row]
        same = [one for one in found if one.text == label] or [one for one in found if one.text.startswith(label)]
        assert same, f"no button «{label}» among {[one.text for one in found]}"
        return same[0]

    # --- the root

    def _next(self) -> int:
        self._ids += 1
        return self._ids

    def _send(self, **what: object) -> "Phone":
        key = self._next()
        return self._do(replace(Incoming("message", 1, 1, "x", "ru", message_id=key), **what))  # type: ignore[arg-type]

    def _do(self, incoming: Incoming) -> "Phone":
        save = self.shop.tx.begin_nested() if self.shop.tx.in_transaction() else self.shop.tx.begin()
        try:
            answer = routes.handle(self.as_request(incoming))
        except BaseException:
            save.rollback()
            raise
        save.commit()
        return self._show(answer, incoming.message_id if incoming.kind == "tap" else None)

    def _show(self, answer: Reply, pressed: int | None) -> "Phone":
        self.toast = answer.toast
        if answer.edit:
            self._put(answer.edit[0], answer.edit[1])
        if answer.screen is not None:
            key = pressed if pressed is not None and not answer.new else self._next()
            self._put(key, answer.screen)
            if answer.remember_form:
                drafts.remember_message(self.shop.work(self.person), key)
            if answer.remember_heap:
                uploads.remember_message(self.shop.work(self.person), answer.remember_heap, key)
        for screen in answer.also:
            self._put(self._next(), screen)
        return self

    def _put(self, key: int, screen: Screen) -> None:
        for one in (one for row in screen.rows for one in row):
            assert one.data is None or len(one.data.encode()) <= BUTTON_BYTES
            assert len(one.text) <= 40
        self.messages[key] = screen
