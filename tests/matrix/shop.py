"""A shop in memory with something of every kind on every deal, and a mark planted in all that could be told of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, create_engine, insert, select, update
from sqlalchemy.pool import StaticPool

from bot import database, features
from bot.demo import demo_shop
from models import shipped
from models.entities import Employee
from models.fields.base import Field
from models.fields.groups import FileLike, Priced
from models.fields.text_field import TextField
from models.history.deal_lines import CommentMade
from models.notices.chat_notices import QuestionAsked
from models.tables.table_row import TableRow
from models.values.work_calendar import WorkCalendar
from services import invitations, processes
from services.deals import deal_commands, handover
from services.outbox import notices, schedule
from services.people import employees, team
from services.unit_of_work import Company, UnitOfWork

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a Tuesday, noon in Moscow
OWNER, STRANGER = 1001, 9999
MERGE: dict[str, Any] = {
    "keep": 1, "drop": 2, "note": [None, None], "company": [None, None],
    **{name: [] for name in ("phones", "added", "contacts", "merged", "deals")},
}  # fmt: skip
TABLES: Mapping[str, Table] = TableRow.metadata.tables


@dataclass(frozen=True, slots=True)
class Marks:
    """What is planted in one deal: `told` in what whoever sees it may read, `hidden` in what the process hides,
    `money` in its sums, `client` in the card that several deals may share."""

    told: str
    hidden: str
    money: str
    client: str


def marks_of(deal_id: int) -> Marks:
    """The marks of a deal: nothing else in the shop looks like them."""
    return Marks(f"ВИДНО{deal_id:03}Я", f"ТАЙНА{deal_id:03}Я", f"8{deal_id:03}77", f"КЛИЕНТ{deal_id:03}Я")


class MatrixShop:
    """The shop. Each press happens in a transaction that is rolled back."""

    def __init__(self) -> None:
        features.load()
        raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.raw = raw
        self.tx: Connection = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool).connect()
        database.migrate(self.tx)
        self.tx.commit()
        found = processes.load(shipped.PROCESSES)
        self.company = Company(found, WorkCalendar(MOSCOW))
        self.tx.begin()
        demo_shop.open_in(self.work())
        self.people = {one.name.split()[0]: one for one in employees.staff(self.work())}
        self._fates()
        self._belongings()
        self._plant()
        self.people = {one.name.split()[0]: one for one in employees.staff(self.work())}

    def work(self, actor: Employee | None = None) -> UnitOfWork:
        """A unit of work of that person, now."""
        return UnitOfWork(self.tx, NOW, self.company, actor)

    @contextmanager
    def undone(self, name: str) -> Iterator[None]:
        """What happens inside leaves nothing behind."""
        self.raw.execute(f"SAVEPOINT {name}")
        try:
            yield
        finally:
            self.raw.execute(f"ROLLBACK TO {name}")
            self.raw.execute(f"RELEASE {name}")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table."""
        return [dict(row) for row in self.tx.execute(select(TABLES[table])).mappings()]

    # --- what becomes of deals and people -----------------------------------------------------------------------

    def _fates(self) -> None:
        """Deals that were closed, deleted, handed over; a manager who became an installer, one who was dismissed."""
        boss, owner = self.people["Ирина"], self.people["Сергей"]
        gone = {name: self._hired(key, name) for key, name in ((1101, "Юрий"), (1102, "Денис"))}
        paid = {one["deal_id"] for one in self.rows("payment")}
        anna = sorted(self._open_deals_of("Анна"), key=lambda one: one in paid)  # those with money cannot be deleted
        handover.assign(self.work(boss), anna[3], self.people["Павел"].id)
        handover.assign(self.work(boss), anna[1], gone["Юрий"].id)
        handover.assign(self.work(boss), anna[2], gone["Денис"].id)
        deal_commands.delete(self.work(boss), anna[0])
        for name in ("Анна", "Павел"):
            closed = self._open_deals_of(name)[0]
            deal = TABLES["deal"]
            self.tx.execute(update(deal).where(deal.c.id == closed).values(status="lost", closed_at=NOW))
        team.change_role(self.work(owner), gone["Юрий"].id, "installer")
        employees.dismiss(self.work(owner), gone["Денис"].id)

    def _hired(self, key: int, name: str) -> Employee:
        return invitations.join(self.work(), invitations.invite(self.work(), "manager", name), key, name, "ru")

    def _open_deals_of(self, name: str) -> list[int]:
        own = self.people[name].id
        return [one["id"] for one in self.rows("deal") if one["responsible_id"] == own and one["status"] == "open"]

    # --- what hangs on deals ------------------------------------------------------------------------------------

    def _belongings(self) -> None:
        """On each deal: a note, a file under each field that takes one, a payment, a claim, an SMS, a paper, a task of
        somebody who drives out, a message to whoever leads it; and what people have of their own."""
        for deal in self.rows("deal"):
            self._of_deal(deal)
        for key, person in enumerate(self.people.values()):
            self._add("absence", employee_id=person.id, kind="leave", first_on=NOW.date(), last_on=NOW.date(), at=NOW)
            self._add(
                "undo", kind="merge", about=1, data=MERGE, author_id=person.id, at=NOW, until=NOW + timedelta(days=7)
            )
            if person.role in ("owner", "supervisor"):
                invitations.invite(self.work(person), "manager", f"Гость{key}")
        self._add("backup_key", month=NOW.date(), recipient="age1x", secret="AGE-SECRET", made_at=NOW, told_at=NOW)

    def _of_deal(self, deal: dict[str, Any]) -> None:
        key, process, boss = deal["id"], self.company.processes[deal["process"]], self.people["Ирина"]
        leader = deal["responsible_id"] or self.people["Ирина"].id
        for name, field in process.fields.items():
            if isinstance(field, FileLike):
                self._file(key, name, leader)
        self._file(key, None, leader)
        gone, file = self._file(key, None, leader), TABLES["file"]
        self.tx.execute(update(file).where(file.c.id == gone).values(removed_at=NOW, removed_by_id=leader))
        paid = next(iter(process.payment_fields), None)
        if paid is not None:
            self._add(
                "payment",
                deal_id=key,
                field=paid,
                amount=100,
                paid_on=NOW.date(),
                method="cash",
                author_id=leader,
                at=NOW,
            )
        self._add(
            "claim",
            number=f"П-{key}",
            deal_id=key,
            text="",
            state="open",
            opened_by_id=leader,
            opened_at=NOW,
            photos=[],
        )
        self._add(
            "sms",
            deal_id=key,
            phone="+79990000000",
            text="",
            parts=1,
            rule="x",
            state="failed",
            author_id=leader,
            at=NOW,
        )
        for name in list(process.papers)[:2]:
            file_id = self._file(key, None, leader)
            self._add(
                "paper", deal_id=key, name=name, number=f"{key}", version=1, data={}, fingerprint="x", state="made",
                file_id=file_id, author_id=leader, at=NOW, made_at=NOW,
            )  # fmt: skip
        role, person = ("measurer", "Пётр") if key % 2 else ("installer", "Николай")
        if key % 3 == 0:
            self._task(key, self.people[person].id, None)
        if key % 5 == 0:
            self._task(key, None, role)
        self._task(key, leader, None)
        reader = employees.find_working(self.work(), leader)
        if reader is not None:
            said = QuestionAsked(f"Вопрос {marks_of(key).told}", boss.id)
            told = notices.to(self.work(), reader, said, rule="question", cause=f"q{key}", deal_id=key)
            schedule.put(self.work(), [told])
            sent = TABLES["scheduled"]  # what is pressed has been sent
            self.tx.execute(update(sent).where(sent.c.message_id.is_(None)).values(message_id=1000 + sent.c.id))

    def _task(self, deal_id: int, assignee: int | None, role: str | None) -> None:
        task = self._add(
            "task", deal_id=deal_id, name="call", origin="x.y", title="", description=None, assignee_id=assignee,
            role=role, state="open", due_at=NOW, given_at=NOW,
        )  # fmt: skip
        self._add("item", task_id=task, position=0, title="", fill=[], optional=False)

    def _file(self, deal_id: int, field: str | None, author: int) -> int:
        return self._add(
            "file", deal_id=deal_id, field=field, kind="document", name="", size=10, mime="application/pdf",
            telegram_id=f"tg{deal_id}", unique_id=f"u{deal_id}-{field}-{self._count('file')}", author_id=author, at=NOW,
        )  # fmt: skip

    def _count(self, table: str) -> int:
        return len(self.tx.execute(select(TABLES[table])).all())

    def _add(self, table: str, **values: Any) -> int:
        made = self.tx.execute(insert(TABLES[table]).values(**values))
        return int(made.inserted_primary_key[0])  # type: ignore[index]

    # --- the marks ----------------------------------------------------------------------------------------------

    def _plant(self) -> None:
        for deal in self.rows("deal"):
            self._plant_deal(deal, marks_of(deal["id"]))

    def _plant_deal(self, deal: dict[str, Any], marks: Marks) -> None:
        key, process = deal["id"], self.company.processes[deal["process"]]
        fields = dict(deal["fields"])
        for name, field in process.fields.items():
            fields |= {name: self._planted(field, marks)} if self._planted(field, marks) is not None else {}
        row = TABLES["deal"]
        self.tx.execute(
            update(row)
            .where(row.c.id == key)
            .values(title=f"Кухня {marks.told}", fields=fields, source=f"Сайт {marks.told}")
        )
        client = TABLES["client"]
        self.tx.execute(update(client).where(client.c.id == deal["client_id"]).values(name=f"Иван {marks.client}"))
        for table, column in (("claim", "text"), ("sms", "text"), ("task", "title")):
            of = TABLES[table]
            self.tx.execute(update(of).where(of.c.deal_id == key).values({column: f"Текст {marks.told}"}))
        pay = TABLES["payment"]
        self.tx.execute(update(pay).where(pay.c.deal_id == key).values(amount=int(marks.money) * 100, note=marks.told))
        for one in self.rows("file"):
            if one["deal_id"] == key:
                self._name_file(one, process.fields.get(one["field"] or ""), marks)
        self._note(key, marks)

    @staticmethod
    def _planted(field: Field, marks: Marks) -> Any:
        """The field's stored value with a mark in it; None where none can be hidden in it."""
        if isinstance(field, TextField):
            return f"Слова {marks.hidden if field.hidden_from else marks.told}"[: field.longest]
        if isinstance(field, Priced) and field.type == "money":
            return marks.money
        return None

    def _name_file(self, one: dict[str, Any], field: Field | None, marks: Marks) -> None:
        hidden = field is not None and bool(field.hidden_from)
        file = TABLES["file"]
        named = f"Файл {marks.hidden if hidden else marks.told}.pdf"
        self.tx.execute(update(file).where(file.c.id == one["id"]).values(name=named))

    def _note(self, deal_id: int, marks: Marks) -> None:
        self._add(
            "event", deal_id=deal_id, version=0, seq=0, at=NOW, actor_id=self.people["Ирина"].id, kind=CommentMade.kind,
            data={"text": f"Заметка {marks.told}"},
        )  # fmt: skip


def actors(shop: MatrixShop) -> Iterator[tuple[str, int]]:
    """Everybody who presses, by what he is, with his Telegram account."""
    for row in shop.rows("employee"):
        yield f"{row['role']} {row['name'].split()[0]}", row["telegram_id"]
    yield "stranger", STRANGER
