"""Keeping a deal's files: once each, of the right kind, under a clean name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine

from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.tables import metadata
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar
from services import invitations, processes
from services.deals import deal_commands
from services.files import deal_files, incoming_files
from services.people import employees
from services.unit_of_work import Company, UnitOfWork
from services.visits import workload

FURNITURE = Path(__file__).resolve().parents[3] / "processes" / "furniture.yaml"


class Shop:
    """A company with one process, and three people."""

    def __init__(self, tx: Connection) -> None:
        process, problems = processes.read(FURNITURE)
        assert process is not None, problems
        self.tx, self.process = tx, process
        self.company = Company({process.process: process}, WorkCalendar(ZoneInfo("Europe/Moscow")))
        for key, (role, name) in enumerate([("owner", "Ольга"), ("manager", "Мария"), ("installer", "Игорь")]):
            invitations.join(self.work(), invitations.invite(self.work(), role, name), key, name, "ru")

    def work(self, name: str | None = None) -> UnitOfWork:
        bare = UnitOfWork(self.tx, datetime(2026, 3, 10, 9, 0, tzinfo=UTC), self.company)
        bare.actor = next((one for one in employees.staff(bare) if one.name == name), None)
        return bare

    def order(self, owner: int) -> Deal:
        return deal_commands.begin(self.work(), self.process, "order", {"name": "Мария"}, responsible_id=owner)


@dataclass(frozen=True)
class Sent:
    kind: str = "document"
    telegram_id: str = "tg"
    unique_id: str = "u"
    name: str = "plan.pdf"
    size: int | None = 1000
    mime: str | None = None
    caption: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with create_engine("sqlite://").begin() as tx:
        metadata.create_all(tx)
        yield Shop(tx)


def test_the_same_file_is_kept_once_per_place(shop: Shop) -> None:
    work = shop.work("Мария")
    assert work.actor is not None
    deal = shop.order(work.actor.id)
    first = deal_files.attach(work, deal.id, "design", Sent())
    assert deal_files.attach(work, deal.id, "design", Sent(telegram_id="new id of the same file")) == first
    assert deal_files.attach(work, deal.id, "project", Sent()) != first
    assert deal_files.attach(work, deal.id, None, Sent()) == first, "what lies in a folder already is not put beside it"
    beside = deal_files.attach(work, deal.id, None, Sent(unique_id="v", name="v.pdf"))
    assert deal_files.attach(work, deal.id, None, Sent(unique_id="v")) == beside
    assert [one.id for one in deal_files.of_deal(work, deal.id, "design")] == [first]
    assert len(deal_files.of_deal(work, deal.id)) == 3
    assert deal_files.names(work, [beside, first]) == ["v.pdf", "plan.pdf"]
    assert deal_files.attach(work, deal.id, "documents", Sent(unique_id="v")) == beside, (
        "an answer takes it under its field"
    )
    assert [one.id for one in deal_files.of_deal(work, deal.id, "documents")] == [beside]


def test_rights_are_asked(shop: Shop) -> None:
    work = shop.work("Мария")
    assert work.actor is not None
    deal = shop.order(work.actor.id)
    key = deal_files.attach(work, deal.id, None, Sent())
    with pytest.raises(NotAllowed):
        deal_files.attach(shop.work("Игорь"), deal.id, None, Sent(unique_id="v"))
    with pytest.raises(NotAllowed):
        deal_files.get(shop.work("Игорь"), key)
    with pytest.raises(NotFound):
        deal_files.get(work, 999)
    with pytest.raises(NotFound):
        deal_files.attach(work, deal.id, "budget", Sent())


def test_a_big_file_and_a_wrong_kind_are_refused(shop: Shop) -> None:
    work = shop.work("Мария")
    assert work.actor is not None
    deal = shop.order(work.actor.id)
    with pytest.raises(InvalidValue) as caught:
        deal_files.attach(work, deal.id, None, Sent(size=incoming_files.LARGEST + 1))
    assert "21 МБ" in str(caught.value)
    with pytest.raises(InvalidValue):
        deal_files.attach(work, deal.id, "act_photo", Sent(mime="application/pdf"))
    assert deal_files.attach(work, deal.id, "act_photo", Sent(mime="image/png"))
    assert deal_files.attach(work, deal.id, None, Sent(size=None, unique_id="w"))


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("../../etc/passwd", "_etc_passwd"),
        ("a\nb\x00c.pdf", "a bc.pdf"),
        ("", "file"),
        ("…", "…"),
        ("ы" * 300 + ".pdf", "ы" * 115 + "….pdf"),
    ],
)
def test_names_are_cleaned(raw: str, kept: str) -> None:
    found = incoming_files.clean_name(Sent(name=raw))
    assert found.strip("._") == kept.strip("._")
    assert len(found) <= incoming_files.LONGEST_NAME


def test_nobody_is_busy_on_a_free_day(shop: Shop) -> None:
    work = shop.work("Мария")
    assert workload.jobs_on(work, work.moment.today, [1, 2, 3]) == {}
    assert workload.jobs_on(work, work.moment.today, []) == {}
