"""Two replicas on one database work by the same process files; whoever comes with others is refused and told which."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import advisory_lock, process_files
from bot import app as root
from bot import replicas as running
from bot.app import App
from bot.database import Database
from bot.delivery.rate_limits import RateLimits
from bot.replicas import LEASE, Replica
from bot.selfcheck import StartRefused
from bot.settings import Settings
from bot.updates.leader import Leader
from models import shipped
from sandbox.server import Sandbox
from tests.conftest import MovableClock

END_LOCK = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND objsubid = 2"
)


class Replicas:
    """Replicas of one database, each with a data folder of its own."""

    def __init__(self, db: Database, clock: MovableClock, folder: Path) -> None:
        self.db, self.clock, self.folder = db, clock, folder
        self.running: list[Replica] = []
        self.made: list[Replica] = []

    def one(self, more: str = "") -> Replica:
        """A replica; with `more` at the end of its kitchens.yaml."""
        data = self.folder / str(len(list(self.folder.iterdir())))
        (data / "processes").mkdir(parents=True)
        text = (shipped.PROCESSES / "kitchens.yaml").read_text("utf-8")
        (data / "processes" / "kitchens.yaml").write_text(text + more, "utf-8")
        self.made.append(Replica(self.db, self.clock, process_files.find(data)))
        return self.made[-1]

    async def start(self, more: str = "") -> Replica:
        """Start one; the clock goes on while it waits, and those that run renew their leases."""
        replica = self.one(more)
        await replica.enter(self.second)
        self.running.append(replica)
        return replica

    async def second(self, _: float) -> None:
        """A second passes."""
        self.clock.forward(seconds=1)
        for one in self.running:
            await one.renew()


@pytest.fixture
async def replicas(database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Replicas]:
    folder = tmp_path / "replicas"
    folder.mkdir()
    found = Replicas(database, clock, folder)
    yield found
    for one in found.made:
        await one.die()


async def test_replicas_with_the_same_files_run_together(replicas: Replicas) -> None:
    first, second = await replicas.start(), await replicas.start()
    assert (await first.renew(), await second.renew()) == ([], [])


async def test_a_replica_with_another_file_is_refused_by_its_name_as_long_as_one_runs(replicas: Replicas) -> None:
    first, second = await replicas.start(), await replicas.start()
    with pytest.raises(StartRefused) as refused:
        await replicas.start("# another\n")
    (why,) = refused.value.problems
    assert "2/processes/kitchens.yaml: differs from the file by which the running replica" in why
    replicas.running.remove(first)
    await first.leave()
    with pytest.raises(StartRefused, match=r"kitchens\.yaml"):
        await replicas.start("# another\n")
    replicas.running.remove(second)
    await second.leave()
    third = await replicas.start("# another\n")
    assert await third.renew() == []
    with pytest.raises(StartRefused, match=r"kitchens\.yaml"):
        await replicas.start()


async def test_of_replicas_that_start_at_once_with_different_files_one_comes_in(replicas: Replicas) -> None:
    async def in_vain(_: float) -> None:
        raise StartRefused(["it has to wait"])

    several = [replicas.one(f"# {number}\n") for number in range(4)]
    ended = await asyncio.gather(*(one.enter(in_vain) for one in several), return_exceptions=True)
    assert [type(one) for one in ended if one is not None] == [StartRefused] * 3


async def test_a_restart_puts_changed_files_in_force_at_once(replicas: Replicas, clock: MovableClock) -> None:
    first = await replicas.start()
    began = clock()
    replicas.running.remove(first)
    await first.leave()
    await replicas.start("# another\n")
    assert clock() == began, "it has not waited for anything"


async def test_a_replica_that_was_killed_holds_up_nobody(
    replicas: Replicas, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock is gone with its process: whoever starts, its own successor too, waits for no lease."""
    moment, deaths = 100.0, list[int]()
    monkeypatch.setattr(running, "monotonic", lambda: moment)
    killed, other = await replicas.start(), await replicas.start()
    if replicas.db.name != "postgresql":
        return  # the file has one bot, and its lock says so
    other.on_death = lambda: deaths.append(killed.key)
    replicas.running.remove(killed)
    await killed.die()
    assert set(await replicas.db.run(other.alive_keys)) == {killed.key, other.key}, "it has a moment to come back"
    assert deaths == []
    moment += running.MISSING
    assert await replicas.db.run(other.alive_keys) == [other.key]
    assert await replicas.db.run(other.alive_keys) == [other.key]
    assert deaths == [killed.key], "told once"
    replicas.running.remove(other)
    await other.die()
    began = clock()
    await replicas.start("# another\n")
    assert clock() == began, "it has not waited for anything"


async def test_who_loses_his_connection_and_takes_the_lock_again_has_not_died(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends connections, or is restarted: whoever runs notices that at once."""
    if replicas.db.name != "postgresql":
        return  # the file has one bot
    moment = 100.0
    monkeypatch.setattr(running, "monotonic", lambda: moment)
    one, other = await replicas.start(), await replicas.start()
    other.on_death = lambda: pytest.fail("nobody has died")
    both = {one.key, other.key}
    assert set(await replicas.db.run(other.alive_keys)) == both
    await end_lock_of(one)
    assert await replicas.db.run(advisory_lock.held) == {other.key}
    assert set(await replicas.db.run(other.alive_keys)) == both
    keeping = asyncio.ensure_future(one.keep())
    try:
        async with asyncio.timeout(running.RENEW / 2):
            while await replicas.db.run(advisory_lock.held) != both:
                continue
        assert set(await replicas.db.run(other.alive_keys)) == both
        moment += running.MISSING
        assert set(await replicas.db.run(other.alive_keys)) == both, "what was missing once does not count any more"
    finally:
        keeping.cancel()


async def test_after_a_restart_of_the_server_one_of_many_leads(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds his lock then: each could take all others for dead, and the poller's lease away from them."""
    moment = 100.0
    monkeypatch.setattr(running, "monotonic", lambda: moment)
    made = [await replicas.start() for _ in range(3)]
    leaders = [Leader(replicas.db, None, me=one.name, alive=one.alive, show_life=one.hold) for one in made]
    first = [await one.renew() for one in leaders]
    if replicas.db.name == "postgresql":
        for one in made:
            await end_lock_of(one)
        for one in made:
            await replicas.db.run(one.alive)
        moment += running.MISSING
    again = [await one.renew() for one in leaders]
    assert first == again == [True, False, False]


async def test_who_stands_still_in_a_transaction_lets_go_before_his_lease_is_over(database: Database) -> None:
    """Else others would know that they may take over, and wait for the rows that he has locked."""
    if database.name == "postgresql":
        setting = text("SELECT setting::int FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'")
        milliseconds = await database.run(lambda tx: tx.execute(setting).scalar_one())
        assert 0 < milliseconds < LEASE.total_seconds() * 1000


async def end_lock_of(replica: Replica) -> None:
    """The server ends the connection that holds its lock."""
    await replica._db.run(lambda tx: tx.execute(END_LOCK, {"key": replica.key}))


async def test_a_replica_that_stands_still_holds_up_changed_files_only_until_its_lease_is_over(
    replicas: Replicas, clock: MovableClock
) -> None:
    replicas.running.remove(await replicas.start())
    began = clock()
    await replicas.start("# another\n")
    assert clock() - began <= LEASE + timedelta(seconds=1)


async def test_a_replica_that_stood_still_learns_that_other_files_are_in_force(
    replicas: Replicas, clock: MovableClock
) -> None:
    stopped = await replicas.start()
    replicas.running.remove(stopped)
    clock.forward(seconds=20)
    await replicas.start("# another\n")
    (why,) = await stopped.renew()
    assert "kitchens.yaml" in why


async def test_a_file_that_one_replica_has_and_the_other_has_not_is_named_from_both_sides(replicas: Replicas) -> None:
    await replicas.start()
    less = Replica(replicas.db, replicas.clock, process_files.find(replicas.folder).chosen(["furniture"]))
    replicas.made.append(less)
    with pytest.raises(StartRefused) as refused:
        await less.enter(replicas.second)
    assert [why.partition(":")[0] for why in refused.value.problems] == ["kitchens.yaml", "measurement.yaml"]


# --- the whole bot ----------------------------------------------------------------------------------------------


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = Sandbox(web=False)
    await running.start()
    yield running
    await running.close()


async def started(sandbox: Sandbox, url: str, data: Path, lease: timedelta = LEASE) -> App:
    """A bot on PostgreSQL; one without a lease waits for nobody."""
    settings = Settings(
        _env_file=None, bot_token="1:replica", bot_api_url=sandbox.url, database_url=url, data_dir=data, http_port=0,
        processes="furniture",
    )  # fmt: skip
    app = await root.build(settings, limits=RateLimits.none(), lease=lease)
    await app.start()
    return app


async def test_a_second_bot_with_another_process_file_does_not_start(
    sandbox: Sandbox, empty_postgres: str, tmp_path: Path
) -> None:
    """The second one, with a changed furniture.yaml, is refused by that file's name, and leaves the first one alone;
    with the same files it starts; when the first ones have stopped, the changed file comes into force."""
    changed = tmp_path / "changed" / "processes" / "furniture.yaml"
    changed.parent.mkdir(parents=True)
    changed.write_bytes((shipped.PROCESSES / "furniture.yaml").read_bytes() + b"# another\n")
    first = await started(sandbox, empty_postgres, tmp_path / "first")
    try:
        with pytest.raises(StartRefused) as refused:
            await started(sandbox, empty_postgres, tmp_path / "changed", lease=timedelta(0))
        assert [why.partition(":")[0] for why in refused.value.problems] == [str(changed)]
        second = await started(sandbox, empty_postgres, tmp_path / "second")
        await second.stop()
    finally:
        await first.stop()
    third = await started(sandbox, empty_postgres, tmp_path / "changed", lease=timedelta(0))
    await third.stop()
