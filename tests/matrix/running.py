"""Presses one button after another, rolls each one back, and says which cells of the matrix are wrong."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot import features
from handlers import refusals, routes
from handlers.people import start
from handlers.request import CALLBACKS, COMMANDS, Incoming, Request
from keyboards import base36, callback_data
from keyboards.screen import InlineFile, Reply, Screen
from keyboards.translator import translator
from models import rights
from models.errors import CrmError
from models.ids import DealId
from models.rights import Right
from models.values.invalid_value import InvalidValue
from services import drafts, form_purposes
from services.drafts import Draft
from services.people import employees
from tests.matrix.answers import FormMaker
from tests.matrix.judge import FREE, Judge
from tests.matrix.presses import MatrixPress, PressMaker
from tests.matrix.shop import MOSCOW, OWNER, TABLES, MatrixShop, actors

Snapshot = dict[str, dict[int, tuple[Any, ...]]]
WATCHED = tuple(name for name in TABLES if name not in FREE - {"draft"})
# rows that hang on a deal are its own to ask for
# M-14: a status is asked for of whoever leads the deal now, by who sees the ledger
STANDS_FOR = {
    "ledger_ask": {"register"},
    "ledger_st": {"register"},
    "payment": {"deal"},
    "sms": {"deal"},
    "person": {"hours", "deal", "task"},
    "paper": {"deal"},
    # the task is only the card to come back to: whoever may not see it comes back to the paper
    "papergo": {"deal"},
    "paperfill": {"deal"},
    "papername": {"deal"},
    "papernamed": {"deal"},
}


@dataclass
class MatrixResult:
    """What was pressed and answered, and each wrong cell in words."""

    presses: int = 0
    answered: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)


class MatrixRun:
    """One shop, everybody's judge, and what came of it."""

    def __init__(self, seed: int = 1) -> None:
        features.load()
        self.shop, self.rng = MatrixShop(), random.Random(seed)
        self.maker, self.forms = PressMaker(self.shop, self.rng), FormMaker(self.shop, self.rng)
        self.result = MatrixResult()
        self.people = dict(actors(self.shop))
        self.judges = {telegram: Judge(self.shop, telegram) for telegram in self.people.values()}
        self.secrets = {key: list(judge.secrets()) for key, judge in self.judges.items()}
        self._asked: set[rights.Thing] = set()
        self._first = _snapshot(self.shop)

    # --- what is pressed ------------------------------------------------------------------------------------------

    def press_everything(self, most: int | None = None) -> None:
        """Every press about every thing (or so many of each kind), as everybody."""
        for form in callback_data.FORMATS.values():
            for press in self.maker.about_each(form, most):
                for who in self.people.values():
                    self.press(who, press)

    def press_all_of(self, *words: str) -> None:
        """Every press of these words about every thing that it can name, as everybody."""
        for form in (callback_data.FORMATS[word] for word in words):
            for press in self.maker.about_each(form):
                for who in self.people.values():
                    self.press(who, press)

    def press_by_chance(self, most: int) -> None:
        """So many forged presses: things that do not belong together, by whoever."""
        forms, people = list(callback_data.FORMATS.values()), list(self.people.values())
        for _ in range(most):
            form, who = self.rng.choice(forms), self.rng.choice(people)
            self.press(who, self.maker.by_chance(form))

    def press(self, who: int, press: MatrixPress) -> None:
        """One press, judged and rolled back."""
        incoming = Incoming("tap", who, who, "Имя", "ru", message_id=5, query_id="q", data=press.data)
        self._judged(who, incoming, f"{press.word} [{press.data}]", press)

    def answer_everything(self, most: int) -> None:
        """Every kind of form, about so many deals, as everybody: as it stood before something changed."""
        for form in form_purposes.FORMATS.values():
            for draft, said in self.forms.forms(form, most):
                for who in self.people.values():
                    self.answer(who, form.word, draft, said)

    def answer(self, who: int, word: str, draft: Draft, said: str) -> None:
        """An answer to a form that is open, judged and rolled back."""
        incoming = Incoming("message", who, who, "Имя", "ru", message_id=6, text=said)
        with self.shop.undone("form"):
            person = employees.find_by_telegram(self.shop.work(), who)
            if person is not None:
                drafts.save(self.shop.work(person), replace(draft))
            self._judged(who, incoming, f"form {word} {draft.queue} {draft.deal_id} [{said}]", None)

    def open_links(self) -> None:
        """Every command, the link of every deal, and words that are looked for, as everybody."""
        links = [f"/start d{base36.to36(key)}" for key in self.judges[OWNER].deals]
        texts = [
            *(f"/{name}" for name in COMMANDS),
            *links,
            "/find Кухня",
            "Кухня",
            "Иван",
            "+79161234501",
            "2026-0005",
        ]
        for text in texts:
            for who in self.people.values():
                self.write(who, text)

    def write(self, who: int, text: str) -> None:
        """A text, or a command, judged and rolled back."""
        self._judged(who, Incoming("message", who, who, "Имя", "ru", message_id=6, text=text), f"text [{text}]", None)

    # --- one of them ----------------------------------------------------------------------------------------------

    def _judged(self, who: int, incoming: Incoming, name: str, press: MatrixPress | None) -> None:
        self.result.presses += 1
        name = f"{self._named(who)}: {name}"
        changes = self.shop.raw.total_changes
        with self.shop.undone("press"):
            try:
                with self._listening():
                    reply, refused = self._served(who, incoming)
            except Exception as error:  # noqa: BLE001  # whatever comes out of a press beside a refusal is told
                self.result.wrong.append(f"{name}: {type(error).__name__}: {error}"[:300])
                return
            self._look_at(who, name, reply)
            if refused is not None:
                self.result.refused += 1
                return
            self.result.answered += 1
            if self.shop.raw.total_changes != changes:
                self._compare(who, name)
            if press is not None:
                self._look_who_asked(who, name, press, reply)

    def _named(self, who: int) -> str:
        return next(name for name, key in self.people.items() if key == who)

    def _served(self, who: int, incoming: Incoming) -> tuple[Reply, CrmError | InvalidValue | None]:
        """As the bot serves it: strangers apart, a refusal in words after everything was rolled back."""
        work = self.shop.work()
        person = employees.find_by_telegram(work, who)
        t = translator("ru", MOSCOW)
        if person is None:
            return start.stranger(work, t, incoming), None
        request = Request(self.shop.work(person), t, incoming, person, "verstak_bot")
        self.shop.raw.execute("SAVEPOINT served")
        try:
            return routes.handle(request), None
        except (CrmError, InvalidValue) as error:
            self.shop.raw.execute("ROLLBACK TO served")
            return refusals.answer(replace(request, work=self.shop.work(person)), error), error

    # --- what came of it ------------------------------------------------------------------------------------------

    def _look_at(self, who: int, name: str, reply: Reply) -> None:
        said = _text_of(reply)
        for mark in self.secrets[who]:
            if mark in said:
                self.result.wrong.append(f"{name}: reads {mark}")
                return

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Note which rights are asked."""
        self._asked = set()
        allows = Right.allows_role

        def heard(right: Right, role: Any, /, **ties: Any) -> bool:
            self._asked.add(right.thing)
            self.result.asked[right.thing.key, right.act] += 1
            return allows(right, role, **ties)

        Right.allows_role = heard  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            Right.allows_role = allows  # type: ignore[method-assign]

    def _look_who_asked(self, who: int, name: str, press: MatrixPress, reply: Reply) -> None:
        """What was answered about a row was asked for by its right."""
        form = callback_data.FORMATS[press.word]
        if not self.judges[who].is_somebody or not _tells(reply):
            return
        asked = {one.key for one in self._asked}
        for of, _ in press.names:
            thing = rights.of_id(of)
            assert thing is not None, of
            one_role = len(CALLBACKS[form.made].roles) == 1  # the owner's own: his role is the right
            if (
                not asked & (STANDS_FOR.get(thing.key, set()) | STANDS_FOR.get(press.word, set()) | {thing.key})
                and not one_role
            ):
                self.result.wrong.append(f"{name}: answered without asking the right to a {thing.key}")

    def _compare(self, who: int, name: str) -> None:
        after, before = _snapshot(self.shop), self._first
        for table, rows in after.items():
            if rows == before[table]:
                continue
            for key in rows.keys() | before[table].keys():
                old, new = before[table].get(key), rows.get(key)
                if old == new:
                    continue
                why = self.judges[who].forbidden(table, _columns(table, old), _columns(table, new))
                if why is not None:
                    self.result.wrong.append(f"{name}: changed {table} {key}: {why}")
                    return

    # --- asking about it ------------------------------------------------------------------------------------------

    def never_asked(self) -> list[tuple[str, str]]:
        """The rows of the table that no press has asked: (thing, act)."""
        rows = (right for thing in rights.THINGS.values() for right in thing.rights)
        return [(one.thing.key, one.act) for one in rows if not self.result.asked[one.thing.key, one.act]]

    def telegram_of(self, name: str) -> int:
        """The account of that person."""
        return next(key for known, key in self.people.items() if known.endswith(name))

    def foreign_deal(self, name: str) -> DealId:
        """A deal that this person does not know."""
        judge = self.judges[self.telegram_of(name)]
        return DealId(next(key for key, one in judge.deals.items() if key not in judge.knows and not one["deleted_at"]))


def _tells(reply: Reply) -> bool:
    return reply.screen is not None or bool(reply.also)


def _text_of(reply: Reply) -> str:
    """Everything that the person gets to read, without the spaces that sums are written with."""
    shown = [reply.screen, *reply.also, reply.edit[1] if reply.edit else None]
    parts = [reply.toast or "", *(_screen(one) for one in shown if one is not None)]
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")


def _screen(one: Screen) -> str:
    buttons = [part for row in one.rows for button in row for part in (button.text, button.url, button.copy) if part]
    links = [span.url for line in one.lines for span in line if getattr(span, "url", None)]
    made = one.document
    files = [f"{made.name}\n{_readable(made.data)}"] if isinstance(made, InlineFile) else []
    named = [getattr(one.document, "name", ""), getattr(one.photo, "name", "")] if made or one.photo else []
    return "\n".join([one.plain, *buttons, *(str(link) for link in links), *files, *named])


def _readable(data: bytes) -> str:
    """A table as its cells; any other file as text."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return "\n".join(opened.read(name).decode("utf-8", "replace") for name in opened.namelist())
    return data.decode("utf-8", "replace")


def _snapshot(shop: MatrixShop) -> Snapshot:
    """Every row as the file holds it: read beside SQLAlchemy, some hundred times a second."""
    found: Snapshot = {}
    for name in WATCHED:
        table = TABLES[name]
        columns = ", ".join(f'"{one.name}"' for one in table.columns)
        # a table of words has no number of its rows: a row is itself
        key = (
            "rowid" if table.dialect_options["sqlite"]["with_rowid"] else " || '/' || ".join(table.primary_key.c.keys())
        )
        rows = shop.raw.execute(f"SELECT {key}, {columns} FROM {name}")
        found[name] = {row[0]: row[1:] for row in rows}
    return found


def _columns(name: str, row: tuple[Any, ...] | None) -> dict[str, Any] | None:
    return None if row is None else dict(zip((one.name for one in TABLES[name].columns), row, strict=True))
