"""A job is done by who has it in hand (promise 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.database import Database
from bot.jobs import job_runner
from bot.jobs.job_runner import JobContext, JobRunner
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.jobs import (
    AskSmsState,
    CorrectLeadNotices,
    CorrectNotices,
    FetchOldFiles,
    FinishErasure,
    ForgetBlob,
    ForgetMessages,
    GiveCertificate,
    LeaveGroup,
    RedrawPin,
)
from models.outbox import Scheduled
from services.outbox import jobs, queue
from services.unit_of_work import Company
from tests.conftest import MovableClock

ANNA, BORIS = 1, 2  # two running bots


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What has been carried out, by the rows' ids."""
    carried_out: list[int] = []

    async def carry_out(_: JobContext, row: Scheduled, __: ForgetBlob) -> None:
        carried_out.append(row.id)

    monkeypatch.setitem(job_runner.HANDLERS, ForgetBlob, job_runner.Registered(carry_out, None))
    return carried_out


async def test_a_job_that_was_taken_over_while_it_waited_is_not_done(
    database: Database, clock: MovableClock, company: Company, tmp_path: Path, done: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """This bot was taken for dead while its job waited for its turn: whoever has it now does it, once."""
    units = UnitOfWorkFactory(database, clock, company)
    nothing: Any = SimpleNamespace()
    runner = JobRunner(JobContext(units, nothing, tmp_path, nothing))
    monkeypatch.setattr(job_runner, "PATIENCE", -1.0)  # every wait is a long one
    await units.run(lambda work: jobs.ask(work, ForgetBlob("a" * 64)))
    [mine] = await units.run(lambda work: queue.claim(work, ANNA))
    await units.run(lambda work: queue.set_free(work, {BORIS}))
    [theirs] = await units.run(lambda work: queue.claim(work, BORIS))
    for row in (mine, theirs):
        runner.start(row)
        await runner.settle()
    assert done == [theirs.id]
    assert mine.id == theirs.id and mine.attempts < theirs.attempts
    await asyncio.wait_for(runner.close(), 5)


def test_only_jobs_that_nobody_waits_for_are_given_up_without_a_word() -> None:
    """Who asked for something hears that it will not come; a job of another kind says here why nobody is to."""
    alone = {kind for kind, how in job_runner.HANDLERS.items() if how.on_failure is None}
    assert alone == {
        FetchOldFiles,  # asked again the next day
        ForgetBlob,  # the bytes stay, that is all
        RedrawPin,  # asked again by the deal's next change
        LeaveGroup,  # asked again when somebody writes there on another day
        CorrectLeadNotices,  # who presses «✋ Беру» there hears whose it is
        CorrectNotices,  # who could act on it has a message of his own
        ForgetMessages,  # old words stay in a chat, and are told no more
        FinishErasure,  # asked again every night
        GiveCertificate,  # the owner asks again
        AskSmsState,  # the message stays «sent», as it is
    }
