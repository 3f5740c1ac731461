"""`verstak journal`: the owner sees that the journal is whole, or where it is not, and what it tells."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import app as root
from bot import settings as conf
from bot.cli import command_line
from bot.settings import Settings
from models.ids import ClientId
from services import invitations
from services.clients import client_cards
from services.oversight import journal
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own, nothing out of the environment; log and umask as they were afterwards."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    log = logging.getLogger()
    before, level, mask = log.handlers[:], log.level, os.umask(0o022)
    yield tmp_path
    log.handlers[:], log.level = before, level
    os.umask(mask)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*words: str) -> tuple[int, str, str]:
        status = command_line.run(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def write(*rows: Callable[[UnitOfWork], Any]) -> None:
    """Make these rows, each in a transaction of its own, as a bot that ran here before did."""

    async def make() -> None:
        settings = conf.load()
        company = root.read_company(settings)
        db = await root.open_ready(settings)

        def work(tx: Connection) -> UnitOfWork:
            return UnitOfWork(tx, NOW, company)

        for row in rows:
            await db.run(lambda tx, row=row: row(work(tx)))
        await db.close()

    asyncio.run(make())


def by_force(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "data" / "verstak.db")) as db, db:
        for one in statements:
            db.execute(one)


def backups(count: int) -> list[Callable[[UnitOfWork], Any]]:
    return [lambda work: journal.note(work, "backup_made")] * count


def test_a_whole_journal_is_told_with_its_last_row(say: Say) -> None:
    assert say("journal", "verify") == (0, "the journal is empty\n", "")
    write(*backups(3))
    status, out, _ = say("journal", "verify")
    assert (status, out.startswith("3 rows, all as they were written; keep elsewhere: 3:")) == (0, True)


def test_the_break_is_told_by_its_row(home: Path, say: Say) -> None:
    write(*backups(4))
    by_force(home, "DROP TRIGGER journal_no_update", "UPDATE journal SET actor_id = 1 WHERE id = 2")
    status, out, _ = say("journal", "verify")
    assert (status, out) == (1, "row 2 is not as it was written\nthe journal is broken: 4 rows\n")


def test_rows_taken_off_the_end_are_seen_by_who_kept_the_last_one(home: Path, say: Say) -> None:
    write(*backups(4))
    known = say("journal", "verify")[1].split()[-1]
    write(*backups(1))
    assert say("journal", "verify", "--known", known)[0] == 0
    by_force(home, "DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE id > 3")
    assert say("journal", "verify")[0] == 0
    assert say("journal", "verify", "--known", known)[:2] == (1, "row 4 is missing\nthe journal is broken: 3 rows\n")
    write(lambda work: journal.note(work, "restored"))
    wrong = "row 4 is not as it was written\nthe journal is broken: 4 rows\n"
    assert say("journal", "verify", "--known", known)[:2] == (1, wrong), "another row in its place"


@pytest.mark.parametrize("known", ["4", "x:y", "4:zz", ""])
def test_what_is_no_row_and_hash_is_refused(say: Say, known: str) -> None:
    refused = "verstak: --known takes what `verstak journal verify` has told: ROW:HASH\n"
    assert say("journal", "verify", "--known", known) == (1, "", refused)


# --- what it tells ----------------------------------------------------------------------------------------------


def people(work: UnitOfWork) -> None:
    """Two Annas and a Vera."""
    for key, name in enumerate(("Анна Соколова", "Анна Ким", "Вера Орлова")):
        invitations.join(work, invitations.invite(work, "manager"), 1000 + key, name, "ru")


def by(who: int, *clients: int) -> Callable[[UnitOfWork], Any]:
    """A list of these clients that somebody has looked at."""

    def look(work: UnitOfWork) -> None:
        work.actor = employees.get(work, who)
        seen = [ClientId(one) for one in clients]
        journal.note(work, "list_seen", about=("search", None), count=len(seen), clients=seen)

    return look


def test_who_looked_at_whom_is_listed_by_person_and_by_client(say: Say) -> None:
    write(people, by(1, 1, 5), by(3, 1, 6, 7), *backups(1))
    shown = say("journal", "show", "--since", "2026-11-23")[1].splitlines()
    assert shown == [
        "2026-11-23 10:00\t3\tserver or bot\tbackup_made",
        "2026-11-23 10:00\t2\tВера Орлова (3)\tlist_seen\tsearch\t3 rows\tclients 1 6 7",
        "2026-11-23 10:00\t1\tАнна Соколова (1)\tlist_seen\tsearch\t2 rows\tclients 1 5",
    ]
    for more, rows in (
        (("--person", "орлова"), shown[1:2]),
        (("--person", "1"), shown[2:]),
        (("--client", "5"), shown[2:]),
        (("--client", "1", "--person", "Вера"), shown[1:2]),
        (("--client", "9"), ["nothing was written down"]),
    ):
        assert say("journal", "show", "--since", "2026-11-23", *more)[1].splitlines() == rows, more
    assert say("journal", "show", "--since", "2126-11-24")[1] == "nothing was written down\n"


def test_what_cannot_be_understood_is_told(say: Say) -> None:
    write(people)
    since = "--since takes a day, 2026-11-23, or a number of days, 7d"
    for words, said in (
        (("--since", "вчера"), since),
        (("--since", "2026-13-01"), since),
        (("--person", "Борис"), "--person: nobody is called Борис"),
        (("--person", "анна"), "--person: анна may be Анна Соколова (1), Анна Ким (2)"),
    ):
        assert say("journal", "show", *words) == (1, "", f"verstak: {said}\n")


@pytest.mark.parametrize(("words", "table"), [(("all.zip",), "clients"), (("ledger", "l.csv"), "ledger")])
def test_an_export_on_the_command_line_is_written_down_and_told_to_the_owner(
    home: Path, say: Say, words: tuple[str, ...], table: str
) -> None:
    def owner(work: UnitOfWork) -> None:
        invitations.join(work, invitations.invite(work, "owner"), 1000, "Ольга", "ru")
        client_cards.create(work, "Мария Иванова", ["+79160000001"])

    write(owner)
    assert say("export", *words)[0] == 0
    assert f"server or bot\ttable_exported\t{table}" in say("journal", "show", "--since", "999d")[1]
    with closing(sqlite3.connect(home / "data" / "verstak.db")) as db:
        told = db.execute("SELECT employee_id, payload FROM scheduled WHERE rule = 'table_taken'").fetchall()
    assert [(who, json.loads(said)["table"]) for who, said in told] == [(1, table)]
    assert "Мария" not in str(told)
