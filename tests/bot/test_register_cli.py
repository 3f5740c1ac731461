"""`verstak export ledger` and `verstak compare`: files for people, clear lines, exit statuses (M-5)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot import app as root
from bot import settings as conf
from bot.cli import command_line
from bot.settings import Settings
from scheduler.clock import utc_now
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork

DAY = date(2026, 12, 5)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """The command line sets the log up; afterwards it is as it was."""
    top = logging.getLogger()
    before, level = top.handlers[:], top.level
    yield
    top.handlers[:], top.level = before, level


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own and nothing out of the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PROCESSES", "measurement")
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


@pytest.fixture
def numbers(home: Path) -> list[str]:
    """Two deals with a measurement, by their numbers."""
    return asyncio.run(_two_deals())


async def _two_deals() -> list[str]:
    settings = conf.load()
    company = root.read_company(settings)
    db = await root.open_ready(settings)
    told = (
        {"name": "Мария Иванова", "phone": "+79123456789", "calc_total": Decimal(115_973)},
        {"name": "=Пётр", "phone": "+79161112233", "calc_total": Decimal(90_000)},
    )
    try:
        process = company.processes["measurement"]
        return [
            await db.run(
                lambda tx, one=one: (
                    deal_commands.begin(
                        UnitOfWork(tx, utc_now(), company),
                        process,
                        "sales",
                        {**one, "comment": "Кухня", "measure_on": DAY},
                        responsible_id=None,
                    ).number
                )
            )
            for one in told
        ]
    finally:
        await db.close()


@pytest.mark.parametrize("name", ["ledger.xlsx", "ledger.csv"])
def test_m_5_an_exported_ledger_is_equal_to_the_deals(home: Path, say: Line, numbers: list[str], name: str) -> None:
    status, out, err = say("export", "ledger", home / name)
    assert (status, err) == (0, "")
    assert "2 entries" in out
    assert (home / name).stat().st_mode & 0o077 == 0
    status, out, err = say("compare", home / name)
    assert (status, err) == (0, "")
    assert out.endswith("2 rows, 2 entries, 0 differences\n")


def test_m_5_differences_with_another_programs_file_are_listed_and_make_the_status_1(
    home: Path, say: Line, numbers: list[str]
) -> None:
    first, second = numbers
    (home / "old.csv").write_bytes(
        (
            "Учёт клиентов;;\n"
            "№ Сделки;Тел.;Предполагаемая дата замера;Сумма просчёта\n"
            f"{first};8 912 345-67-89;14.12.2026;115 973.00 руб.\n"
            ";+7 999 000-00-00;5 декабря 2026;1\n"
            ";8 912 345-67-89;05.12.2026;115973,00\n"
        ).encode("cp1251")
    )
    status, out, err = say("compare", home / "old.csv")
    assert (status, err) == (1, "")
    lines = out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert lines[:-1] == [
        f"строка 3: сделка {first}: дата замера 14.12.2026, в сделке 05.12.2026",
        "строка 4: сделки нет (+7 999 000-00-00, дата замера 05.12.2026)",
        f"строка 5: сделка {first} уже есть в строке 3",
        f"в файле нет сделки {second} (=Пётр, замер 05.12.2026)",
    ]
    assert lines[-1].endswith("3 rows, 2 entries, 4 differences")


def test_the_export_of_clients_and_deals_stays_as_it_was(home: Path, say: Line) -> None:
    assert say("export", home / "out.zip")[0] == 0
    assert (home / "out.zip").exists()
    assert say("export")[0] == 0
    assert (home / "verstak-export.zip").exists()
    assert say("export", "ledger")[0] == 0
    assert (home / "verstak-ledger.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare", "missing.xlsx"], "missing.xlsx cannot be read: No such file"),
        (["compare", "names.csv"], "no known columns"),
        (["compare", "junk.xlsx"], "no .xlsx or .csv file"),
        (["compare", "."], "cannot be read"),
        (["export", "ledger", "a.ods"], ".xlsx or .csv"),
        (["export", "ledger", "no/such/folder.csv"], "cannot be written"),
        (["export", "a.zip", "b.zip"], "one file at a time"),
        (["export", "ledgr"], "there is no report `ledgr`; there are: ledger"),
        (["export", "ledgr", "a.xlsx"], "there is no report `ledgr`; there are: ledger"),
        (["export", "ledger", "a.xlsx", "b.xlsx"], "one file at a time"),
    ],
)
def test_what_cannot_be_read_or_written_is_told_in_a_line(home: Path, say: Line, words: list[str], told: str) -> None:
    (home / "names.csv").write_text("Имя;Возраст\nАнна;5\n", "utf-8")
    (home / "junk.xlsx").write_bytes(b"PK nonsense")
    status, _, err = say(*words)
    assert status == 1
    assert told in err
    assert "Traceback" not in err and len(err.splitlines()) == 1


def test_without_a_process_that_keeps_a_ledger_it_says_so(say: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCESSES", "furniture")
    status, _, err = say("export", "ledger")
    assert status == 1
    assert "keeps a client ledger" in err
