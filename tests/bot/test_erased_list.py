"""The list for restores holds everybody who was erased: whatever writes at once, and whatever became of the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.personal import erased_list, erasing_again
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.personal.erasure import ErasedPerson
from services.clients import client_cards
from services.personal import erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.house.source import ROOT
from tests.worlds.office import Office, open_office

PROCESSES, EACH = 4, 25
ADDS = """
import sys
from pathlib import Path
from bot.personal import erased_list
from models.personal.erasure import ErasedPerson
folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sys.stdin.readline()
for key in range(first, first + count):
    erased_list.add(folder, [ErasedPerson(((key, 1),), ())])
"""


def test_of_processes_that_write_at_once_none_loses_what_another_one_has_written(tmp_path: Path) -> None:
    """A second bot on the folder, `verstak restore`, the backup of the night: each is a process of its own."""
    command = [sys.executable, "-c", ADDS, str(tmp_path)]
    running = [
        subprocess.Popen([*command, str(place * EACH), str(EACH)], cwd=ROOT, stdin=subprocess.PIPE)
        for place in range(PROCESSES)
    ]
    for one in running:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.close()
    assert [one.wait() for one in running] == [0] * PROCESSES
    keys = {clients[0][0] for clients in (one.clients for one in erased_list.read(tmp_path))}
    assert keys == set(range(PROCESSES * EACH))


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def erased(office: Office, name: str, phone: str) -> None:
    def act(work: UnitOfWork) -> None:
        card = client_cards.create(work, name, [phone])
        erasures.erase(work, person_keys.of_client(work, card.id), "asked")

    await office.run(act, "owner")


async def started(office: Office, folder: Path) -> list[dict[str, Any]]:
    """What a start does; what the log says of the list."""
    units = UnitOfWorkFactory(office.database, lambda: office.now, office.company)
    with capture_logs() as logged:
        await erasing_again.apply(units, folder)
    return [dict(one) for one in logged if "not whole" in one["event"]]


async def test_a_list_that_is_gone_or_cut_off_is_whole_after_the_next_start_and_it_is_told(
    office: Office, tmp_path: Path
) -> None:
    await erased(office, "Вера Ким", "+79161112233")
    await erased(office, "Анна Ли", "+79161112244")
    every = await office.run(erasures.listed)
    (missing,) = await started(office, tmp_path)
    assert (missing["put_back"], missing["unreadable"], missing["log_level"]) == (2, 0, "warning")
    assert erased_list.read(tmp_path) == every
    assert await started(office, tmp_path) == [], "nothing is wrong, so nothing is said"

    path = erased_list.path_in(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    (cut,) = await started(office, tmp_path)
    assert (cut["put_back"], cut["unreadable"]) == (1, 1)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("spoilt", [b"\0" * 40, b"\xd0", b"[]\n{}\n", b'{"clients":[[1'])
async def test_what_cannot_be_read_stops_no_start_and_hides_nobody_who_is_listed(
    office: Office, tmp_path: Path, spoilt: bytes
) -> None:
    """Those whom only the list knows stay on it: the database may be of before their erasure."""
    other = ErasedPerson(((4000, 1),), ())
    erased_list.add(tmp_path, [other])
    with erased_list.path_in(tmp_path).open("ab") as file:
        file.write(spoilt)
    assert erased_list.read(tmp_path) == [other]
    (told,) = await started(office, tmp_path)
    assert told["unreadable"] >= 1 and told["put_back"] == 0
    assert erased_list.read(tmp_path) == [other]
    assert await started(office, tmp_path) == []
