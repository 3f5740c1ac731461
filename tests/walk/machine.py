"""The walk itself: hypothesis chooses who does what next; after each step every law is asked."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.database import Sqlite, migrate
from tests.walk import counts, promises, screens, truth
from tests.walk.acts import Step
from tests.walk.shop import Habits, WalkShop, open_shop, span
from tests.walk.taking_back import TakersBack

WEEKS = (("1-7", None), ("1-5", "RU"))
ZONES = ("Europe/Moscow", "Asia/Vladivostok", "Europe/Kaliningrad")
TOTALS: Counter[str] = Counter()  # over all walks: how often each thing was done
assert promises  # its laws are registered
_TEMPLATE: list[Path] = []


def template(loop: asyncio.AbstractEventLoop) -> Path:
    """A SQLite file with the tables made, once."""
    if not _TEMPLATE:
        path = Path(tempfile.mkdtemp(prefix="walk-template-")) / "verstak.db"

        async def make() -> None:
            db = await Sqlite.open(str(path))
            await db.run(migrate)
            await db.close()

        loop.run_until_complete(make())
        _TEMPLATE.append(path)
    return _TEMPLATE[0]


class Walk(RuleBasedStateMachine):
    """A shop that lives for a while. Subclasses say which processes it runs."""

    processes: tuple[str, ...] = ("kitchens",)
    database: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.shop: WalkShop | None = None

    def run(self, job: Coroutine[Any, Any, Any]) -> Any:
        """Wait for it on the walk's own loop."""
        return self.loop.run_until_complete(job)

    @initialize(week=st.sampled_from(WEEKS), zone=st.sampled_from(ZONES), rnd=st.randoms(use_true_random=True))
    def open(self, week: tuple[str, str | None], zone: str, rnd: random.Random) -> None:
        habits = Habits(self.processes, week[0], week[1], zone, self.database)
        self.shop = self.run(open_shop(habits, template(self.loop)))
        self.people = TakersBack(self.shop)
        self.run(self.people.lead_comes(rnd))
        for _ in range(4):
            self.run(self.people.has_begun(rnd))
        self.hold()

    def teardown(self) -> None:
        if self.shop is not None:
            TOTALS.update(self.people.counts)
            TOTALS.update(self.run(self.shop.work(counts.of_shop)))
            for one in counts.could_be(self.shop.app.company.processes.values()):
                TOTALS.setdefault(one, 0)
            self.run(self.shop.close())
        self.loop.close()

    # --- what may happen

    @rule(rnd=st.randoms(use_true_random=True))
    def lead(self, rnd: random.Random) -> None:
        self.act(self.people.lead_comes(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def begun(self, rnd: random.Random) -> None:
        self.act(self.people.has_begun(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def move(self, rnd: random.Random) -> None:
        self.judge(self.act(self.people.moves(rnd)))

    @rule(rnd=st.randoms(use_true_random=True))
    def move_again(self, rnd: random.Random) -> None:
        self.judge(self.act(self.people.moves(rnd)))

    @rule(rnd=st.randoms(use_true_random=True))
    def task(self, rnd: random.Random) -> None:
        self.act(self.people.works_on_task(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def task_again(self, rnd: random.Random) -> None:
        self.act(self.people.works_on_task(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def lead_on(self, rnd: random.Random) -> None:
        self.act(self.people.leads_on(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def field(self, rnd: random.Random) -> None:
        self.act(self.people.changes_a_field(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def money(self, rnd: random.Random) -> None:
        self.act(self.people.handles_money(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def anything(self, rnd: random.Random) -> None:
        self.act(self.people.presses_anything(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def picture(self, rnd: random.Random) -> None:
        self.act(self.people.asks_for_files(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def trouble(self, rnd: random.Random) -> None:
        one = rnd.choice((self.people.falls_ill, self.people.falls_ill, self.people.leaves, self.people.deletes))
        self.act(one(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def step(self, rnd: random.Random) -> None:
        self.act(rnd.choice((self.people.sets_a_step, self.people.logs_a_call))(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def words(self, rnd: random.Random) -> None:
        one = rnd.choice((self.people.replies, self.people.passes_on, self.people.corrects))
        self.act(one(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def left(self, rnd: random.Random) -> None:
        self.act(self.people.leaves_a_question(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def back(self, rnd: random.Random) -> None:
        """He did not mean it: right after a press, whatever it was."""
        one = rnd.choice((self.people.moves, self.people.changes_a_field, self.people.works_on_task))
        self.act(one(rnd))
        self.act(self.people.takes_back(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def back_again(self, rnd: random.Random) -> None:
        self.act(self.people.takes_back(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def visit(self, rnd: random.Random) -> None:
        self.act(self.people.changes_a_visit(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def report(self, rnd: random.Random) -> None:
        self.act(self.people.reports_a_visit(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def at_once(self, rnd: random.Random) -> None:
        self.act(self.people.two_at_once(rnd))

    @rule(rnd=st.randoms(use_true_random=True))
    def look(self, rnd: random.Random) -> None:
        """Somebody looks at a visit on each screen that shows it."""
        assert self.shop is not None
        if found := self.run(screens.untrue(self.shop, rnd)):
            self.fail(found)

    @rule(rnd=st.randoms(use_true_random=True))
    def night(self, rnd: random.Random) -> None:
        """It is deep in the night, or the weekend, and somebody goes on all the same."""
        shop = self.shop
        assert shop is not None
        local = shop.app.company.calendar.local(shop.clock())
        self.people.note("it is night")
        days = rnd.choice((0, 0, max(5 - local.weekday(), 0)))
        self.act(shop.until(local.replace(hour=23, minute=rnd.randrange(60)) + timedelta(days=days)))

    @rule(rnd=st.randoms(use_true_random=True))
    def time(self, rnd: random.Random) -> None:
        shop = self.shop
        assert shop is not None
        length = span(rnd)
        self.people.note(f"{length} pass")
        self.act(shop.until(shop.clock() + length))

    # --- what must hold

    def act(self, job: Coroutine[Any, Any, Any]) -> Any:
        """Something happens, and then every law is asked."""
        found = self.run(job)
        self.hold()
        return found

    def judge(self, step: Step | None) -> None:
        """A step that was drawn as open and asked nothing has been made, and has not undone itself at once."""
        if step is None or step.drawn_open is None or step.asked:
            return
        rows = {one.id: one for one in self.run(self.people.deals(closed=True))}
        after = rows.get(step.deal)
        if after is not None and (after.pipeline, after.stage) == (step.before.pipeline, step.before.stage):
            stands = f"№ {after.number} stands on {after.stage} as before"
            self.fail([f"«{step.drawn_open}» was drawn as open; {stands}: {step.shown}"])

    def hold(self) -> None:
        """Every law, and nothing that failed inside."""
        shop = self.shop
        assert shop is not None
        found = self.run(shop.work(truth.broken))
        found += shop.witness.untrue
        if shop.app.intake.failures:
            found.append(f"{shop.app.intake.failures} updates failed")
        if found:
            self.fail(found)

    def fail(self, found: list[str]) -> None:
        """Say what is untrue, and what led there."""
        diary = "\n".join(self.people.diary[-40:])
        raise AssertionError("\n".join(found) + f"\n--- what happened:\n{diary}")
