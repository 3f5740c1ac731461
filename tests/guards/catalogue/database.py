"""What the database is told to keep, and whose clock and locks decide among several bots."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Guard, cut

DATABASE = "bot/database.py"
REPLICAS = "bot/replicas.py"
KEPT = "tests/bot/database/test_what_is_kept.py"
LOCKS = "tests/bot/database/test_clock_and_locks.py"

GUARDS = (
    Guard(
        "a transaction on SQLite begins IMMEDIATE: what it read cannot be outrun",
        PLAN,
        cut(DATABASE, 'self._raw.execute("BEGIN IMMEDIATE")', 'self._raw.execute("BEGIN")'),
        (f"{KEPT}::test_what_was_read_cannot_be_outrun",),
    ),
    Guard(
        "what is committed survives a power cut: synchronous=FULL",
        PLAN,
        cut(DATABASE, '"synchronous=FULL"', '"synchronous=NORMAL"'),
        (f"{KEPT}::test_sqlite_is_told_to_keep_what_was_committed",),
    ),
    Guard(
        "a reader does not stand in a writer's way: WAL",
        PLAN,
        cut(DATABASE, '"journal_mode=WAL", ', ""),
        (f"{KEPT}::test_sqlite_is_told_to_keep_what_was_committed",),
    ),
    Guard(
        "a row that points at nothing is refused: foreign keys are on",
        PLAN,
        cut(DATABASE, '"foreign_keys=ON", ', ""),
        (f"{KEPT}::test_a_row_that_points_at_nothing_is_refused[sqlite]",),
    ),
    Guard(
        "the bot does not start on a database that would lose what was committed",
        PLAN,
        cut("bot/selfcheck.py", "        if value not in allowed:", "        if not value:"),
        (f"{KEPT}::test_a_database_that_would_lose_what_was_committed_is_refused_at_start",),
    ),
    Guard(
        "the bot does not start on a PostgreSQL that would lose what was committed",
        PLAN,
        cut("bot/selfcheck.py", '.scalar_one() == "off"]', '.scalar_one() == ""]'),
        (f"{KEPT}::test_a_postgresql_that_would_lose_what_was_committed_is_refused_at_start",),
    ),
    Guard(
        "the bot does not start by a clock that was lost",
        PLAN,
        cut("bot/selfcheck.py", "    if now < EARLIEST:", "    if False:"),
        (f"{KEPT}::test_a_clock_that_was_lost_is_refused_at_start",),
    ),
    Guard(
        "a caller who is cancelled does not cut his transaction",
        PLAN,
        cut(DATABASE, "return await asyncio.shield(doing)", "return await doing"),
        (f"{KEPT}::test_who_is_cancelled_does_not_cut_his_transaction[postgres]",),
    ),
    Guard(
        "a naive datetime is refused",
        PLAN,
        cut(
            "models/tables/columns.py",
            '            raise ValueError(f"a moment without a time zone: {value!r}")\n',
            "            value = value.replace(tzinfo=UTC)\n",
        ),
        ("tests/models/test_columns.py::test_a_moment_without_a_time_zone_is_refused",),
    ),
    Guard(
        "who only looks cannot write",
        FAULTS,
        cut(DATABASE, '            tx.execute(text("SET TRANSACTION READ ONLY"))\n'),
        ("tests/bot/troubles/test_database_state.py::test_who_only_looks_cannot_write[postgres]",),
    ),
    Guard(
        "leases go by the database's own clock",
        FAULTS,
        cut(DATABASE, 'tx.execute(text("SELECT clock_timestamp()")).scalar_one()', "utc_now()"),
        (f"{LOCKS}::test_leases_go_by_the_databases_own_clock",),
    ),
    Guard(
        "a replica that was killed counts as dead at once: its advisory lock is gone",
        FAULTS,
        cut(
            REPLICAS, "return monotonic() - self._missing_since.setdefault(name, monotonic()) < MISSING", "return True"
        ),
        (f"{LOCKS}::test_a_replica_that_was_killed_is_dead_before_its_lease_is_over",),
    ),
    Guard(
        "a replica that runs holds its advisory lock",
        FAULTS,
        cut("bot/advisory_lock.py", "            await connection.execute(TAKE, {", "            dict({"),
        (f"{LOCKS}::test_a_replica_that_was_killed_is_dead_before_its_lease_is_over",),
    ),
    Guard(
        "a replica that stands still counts as dead after its lease",
        PLAN,
        cut(REPLICAS, 'LeaderRow.until > bindparam("now")', 'LeaderRow.until != bindparam("now")'),
        (f"{LOCKS}::test_a_replica_that_stands_still_is_dead_after_its_lease",),
    ),
    Guard(
        "replicas that start at once come in one after the other",
        PLAN,
        cut(REPLICAS, "        tx.execute(LOCK)\n", "        pass\n"),
        (f"{LOCKS}::test_who_enters_waits_for_who_enters_before_him",),
    ),
    Guard(
        "one asks Telegram for updates: a lease that runs is nobody else's",
        PLAN,
        cut(
            "bot/updates/leader.py",
            'or_(LeaderRow.holder == bindparam("me"), LeaderRow.until < bindparam("now")),',
            'or_(LeaderRow.holder == bindparam("me"), bindparam("now") > 0),',
        ),
        ("tests/bot/test_poller.py::test_one_replica_leads_and_another_takes_over_when_the_lease_ends[sqlite]",),
    ),
    Guard(
        "work ends when the lease is lost",
        PLAN,
        cut(
            "bot/updates/leader.py",
            "while not doing.done() and (await self._renewed() or self._goes_on):",
            "while not doing.done():",
        ),
        ("tests/bot/test_poller.py::test_work_ends_when_the_lease_is_lost[sqlite]",),
    ),
    Guard(
        "who is known to be dead is succeeded before his lease is over",
        FAULTS,
        cut("bot/updates/leader.py", "        if self._alive is not None:\n", "        if self._alive is None:\n"),
        ("tests/bot/test_poller.py::test_who_is_known_to_be_dead_is_succeeded_before_his_lease_is_over[sqlite]",),
    ),
    Guard(
        "a SQLite file has one bot: the lock of its file",
        PLAN,
        cut("bot/sqlite_lock.py", "fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass"),
        ("tests/bot/test_cli.py::test_restore_refuses_a_database_that_a_bot_uses",),
    ),
)
