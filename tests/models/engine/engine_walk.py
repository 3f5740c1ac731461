"""A random walk over a process: a deal that people and time push about, watched at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine_shop import Standing

from models.engine import balances, engine_run, guards, moves, silence_runs, silences, transitions
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.fields.base import Field
from models.fields.choice_field import ChoiceField
from models.process.process import Process
from models.process.stages import StageGuard
from models.process.triggers import OnDate, Tapped
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar

Step = tuple[str, int, int]
STEPS = ("move", "back", "cure", "cure", "fill", "wait", "close", "tap", "fact")
START = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)  # a clock change of Europe lies ahead
FACTS = ("paid_in_full", "claim_open", "claim_settled")


def value_of(field: Field, pick: int, now: datetime) -> Any:
    """Some value that the field can have."""
    match field.type:
        case "money" | "number":
            return Decimal(pick * 40 % 300)
        case "payment":
            return Decimal(pick * 40 % 300 + 1)
        case "date":
            return date(now.year, now.month, now.day) + timedelta(days=pick % 40 - 5)
        case "datetime":
            return now + timedelta(hours=pick % 900 - 90)
        case "yes_no":
            return pick % 2 == 0
        case "choice":
            assert isinstance(field, ChoiceField)
            names = list(field.options)
            return tuple(names[: pick % len(names) + 1]) if field.many else names[pick % len(names)]
        case "file" | "photo":
            return (f"file{pick}",)
        case _:
            return f"слово {pick % 3}"


class Walk:
    """One deal on its way, and the moment."""

    def __init__(self, process: Process, pipeline: str, calendar: WorkCalendar, fields: dict[str, Any]) -> None:
        self.process, self.calendar, self.now = process, calendar, START
        self.dead: list[tuple[str, str]] = []
        place = (pipeline, process.pipelines[pipeline].first)
        self.standing = Standing(process, DealState(*place, entered_at=START, fields=fields))
        self.take(moves.plan_begin(process, self.deal, self.moment))

    @property
    def deal(self) -> DealState:
        return self.standing.deal

    @property
    def moment(self) -> Moment:
        return Moment(self.now, self.calendar)

    def go(self, steps: Sequence[Step]) -> None:
        """Walk the steps; whatever is promised at any time is checked after each."""
        for kind, pick, size in steps:
            self.now += timedelta(minutes=1)
            getattr(self, f"_{kind}")(pick, size)
            self.check_watched()
            self.check_dead_timers()

    # --- what people and time do

    def _move(self, pick: int, _: int) -> None:
        order = self.process.order(self.deal.pipeline)
        before, to = (self.deal.pipeline, self.deal.stage), order[pick % len(order)]
        allowed = isinstance(moves.plan_move(self.process, self.deal, to, self.moment), e.Plan)
        self.decide(lambda: moves.plan_move(self.process, self.deal, to, self.moment))
        if allowed:
            self._ring()
            assert (self.deal.pipeline, self.deal.stage) != before, f"the step to {to} has undone itself"

    def _back(self, pick: int, _: int) -> None:
        order = self.process.order(self.deal.pipeline)
        before = order[: order.index(self.deal.stage)]
        if before:
            to = before[pick % len(before)]
            self.decide(lambda: moves.plan_move(self.process, self.deal, to, self.moment))

    def _cure(self, pick: int, size: int) -> None:
        """Fill what a way on is missing, then try it."""
        menu = [
            option for option in transitions.options(self.process, self.deal, self.moment) if option.direction != "back"
        ]
        if menu:
            to = menu[pick % len(menu)].stage
            found = moves.plan_move(self.process, self.deal, to, self.moment)
            if isinstance(found, e.Refusal):
                self.fill({name: value_of(self.process.fields[name], size, self.now) for name in found.missing})
                self.confirm()
            self.decide(lambda: moves.plan_move(self.process, self.deal, to, self.moment))

    def _fill(self, pick: int, size: int) -> None:
        names = list(self.process.fields)
        name = names[pick % len(names)]
        self.fill({name: None if size % 7 == 0 else value_of(self.process.fields[name], size, self.now)})

    def _wait(self, pick: int, size: int) -> None:
        due = [at for _, at in self.standing.timers.values()]
        self.now = max([self.now, min(due)]) if due and pick % 3 else self.now + timedelta(hours=size % 200)
        self._ring()

    def _ring(self) -> None:
        """What has come due rings, in its order."""
        for rule, (anchor, at) in sorted(self.standing.timers.items(), key=lambda item: item[1][1]):
            if at <= self.now and self.standing.timers.get(rule) == (anchor, at):
                del self.standing.timers[rule]
                self.take(moves.plan_timer(self.process, self.deal, rule, anchor, self.moment))

    def _close(self, pick: int, size: int) -> None:
        tasks = list(self.standing.tasks)
        if tasks:
            name = tasks[pick % len(tasks)]
            task = self.process.find_task(name)
            assert task is not None
            outcome = list(task.outcomes)[size % len(task.outcomes)]
            items = ("Пункт",) if size % 5 == 0 else ()
            self.decide(lambda: moves.plan_close(self.process, self.deal, name, task, outcome, items, self.moment))

    def _tap(self, pick: int, _: int) -> None:
        here = self.process.rules_of(self.deal.pipeline, self.deal.stage)
        taps = [rule for rule, robot in here if isinstance(robot.on, Tapped)]
        if taps:
            rule = taps[pick % len(taps)]
            self.decide(lambda: moves.plan_tap(self.process, self.deal, rule, self.moment))

    def _fact(self, pick: int, size: int) -> None:
        fact = FACTS[pick % len(FACTS)]
        facts = self.deal.facts - {fact} if fact in self.deal.facts else self.deal.facts | {fact}
        deal = self.deal
        self.standing.deal = replace(deal, facts=facts)
        if fact in facts:
            self.take(moves.plan_fact(self.process, self.deal, fact, self.moment))

    def fill(self, values: dict[str, Any]) -> None:
        """Set fields, as a form would; money comes in as a line of the ledger, and is not emptied."""
        given = {name: self._entered(name, value) for name, value in values.items()}
        given = {name: value for name, value in given.items() if value is not None or name not in self.paid_fields}
        found = moves.plan_fields(self.process, self.deal, given, self.moment, decides=True)
        if isinstance(found, e.Plan):
            self.take(found)
        else:
            assert {one.code for one in found.reasons} == {"held"}, "what must stay true, and nothing else"

    @property
    def paid_fields(self) -> tuple[str, ...]:
        return self.process.payment_fields

    def _entered(self, name: str, value: Any) -> Any:
        if name not in self.paid_fields or value is None:
            return value
        return ReceivedPayment(value, self.moment.today, "card")

    def confirm(self) -> None:
        """Say of every answer that is there that it agrees with the others, as a form would ask."""
        self.standing.deal = replace(self.deal, confirmed=frozenset(self.deal.fields))

    # --- what must hold

    def decide(self, plan: Any) -> None:
        """Take a plan; a refusal must have reasons, and filling what it misses, or confirming it, must remove those."""
        found = plan()
        if isinstance(found, e.Plan):
            self.take(found)
            return
        assert found.reasons
        asked = {*found.missing, *found.unconfirmed}
        codes = {one.code for one in found.reasons}
        assert found.only_missing == (asked != set() and codes <= {"missing", "unconfirmed"})
        before = self.standing.deal
        filled = {name: value_of(self.process.fields[name], 1, self.now) for name in found.missing}
        self.standing.deal = replace(before.with_fields(filled), confirmed=frozenset(found.unconfirmed))
        again = plan()
        if isinstance(again, e.Refusal):
            assert not set(again.missing) & set(found.missing), (found, again)
            assert not set(again.unconfirmed) & set(found.unconfirmed), (found, again)
            assert again.reasons
        self.standing.deal = before

    def take(self, plan: e.Plan) -> None:
        """Carry out a plan effect by effect, and look at each move while the deal stands before it."""
        places = [(x.to_pipeline, x.to_stage) for x in plan.effects if isinstance(x, e.StageChanged)]
        assert len(places) == len(set(places)), f"a plan goes round: {places}"
        assert len(plan.effects) < 150
        for effect in plan.effects:
            if isinstance(effect, e.StageChanged):
                self.check_door(effect)
                self.dead += [(rule, anchor) for rule, (anchor, _) in self.standing.timers.items()]
            if isinstance(effect, e.TimerSet) and effect.rule in self.standing.timers:
                self.dead.append((effect.rule, self.standing.timers[effect.rule][0]))
            if isinstance(effect, e.MoveBlocked):
                assert effect.refusal.reasons
            self.standing.take(e.Plan((effect,)), self.moment)
            self._recount()

    def _recount(self) -> None:
        """The facts of the money are read from the fields, as the service reads them."""
        deal = self.standing.deal
        known = deal.facts - {balances.PAID_IN_FULL, balances.DEBT} | balances.facts(self.process, deal)
        if self.process.payments:
            self.standing.deal = replace(deal, facts=known)

    def check_door(self, change: e.StageChanged) -> None:
        """No move without its guard: told here once more, in other words than the engine's."""
        deal, here = self.deal, self.process.stage(change.pipeline, change.from_stage)
        there = self.process.stage(change.to_pipeline, change.to_stage)
        assert self.is_open(there.enter), change
        if there.ending == "won" and self.process.payments and change.pipeline == change.to_pipeline:
            assert balances.DEBT not in deal.facts or deal.filled("debt_reason"), "no success with a debt"
        if change.to_pipeline != change.pipeline:
            return
        way = [way for way in self.process.ways(change.pipeline, change.from_stage) if way.to == change.to_stage]
        order = self.process.order(change.pipeline)
        position = deal.came_from if here.ending == "lost" and deal.came_from else change.from_stage
        if way:
            assert guards.all_hold(way[0].if_, deal, self.moment), change
            if there.ending == "won" or (
                not there.ending and order.index(change.to_stage) > order.index(change.from_stage)
            ):
                assert self.is_open(here.leave), change
        else:
            assert here.ending != "won" and not there.ending, change
            between = order[order.index(change.to_stage) + 1 : order.index(position) + 1]
            assert order.index(change.to_stage) <= order.index(position), change
            assert not any(self.process.stage(change.pipeline, name).one_way for name in between), change

    def is_open(self, gate: StageGuard) -> bool:
        """Whether all that a gate asks for is there."""
        deal, moment = self.deal, self.moment
        needed = {need.field for need in gate.requires if guards.all_hold(need.if_, deal, moment)}
        there = {name for name, value in deal.fields.items() if value not in (None, "", ())}
        return (
            needed <= there
            and all(deal.tasks.get(name) for name in gate.tasks)
            and guards.all_hold(gate.if_, deal, moment)
        )

    def check_watched(self) -> None:
        """No open deal is ever silent: something will ring, and it lies ahead."""
        if not self.standing.open:
            return
        assert self.standing.timers or self.standing.tasks
        assert silences.SILENCE in self.standing.timers, "the last net is gone"
        anchor, _ = self.standing.timers[silences.SILENCE]
        assert anchor.partition(silence_runs.SEP)[0] == self.deal.entered_at.isoformat()

    def check_dead_timers(self) -> None:
        """A timer of a stage that was left, or of a date that was changed, does nothing when it rings after all."""
        for rule, anchor in self.dead:
            robot = self.process.rules.get(rule)
            if robot and isinstance(robot.on, OnDate) and engine_run.anchor_of(robot, self.deal) == anchor:
                continue  # the deal came back to the stage, or the date to what it was
            plan = moves.plan_timer(self.process, self.deal, rule, anchor, self.moment)
            if anchor != self.deal.entered_at.isoformat():
                assert plan.effects == (), (rule, anchor)
        self.dead = self.dead[-8:]
