"""Guards: do conditions hold for a deal (`@tests(Condition)` for every one), and if not, why, and what cures it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import condition_reasons
from models.engine.deal_state import DealState, Moment
from models.engine.effects import CloseTask, Confirm, Fill, Reason
from models.process import conditions as c
from models.process.stages import StageGuard

Tested = TypeVar("Tested", bound=c.BaseCondition, contravariant=True)


class ConditionTest(Protocol[Tested]):
    """Whether a condition of that kind holds for a deal at a moment."""

    def __call__(self, condition: Tested, deal: DealState, moment: Moment) -> bool: ...


TESTS: dict[type[c.BaseCondition], ConditionTest[Any]] = {}


def tests(condition: type[Tested]) -> Callable[[ConditionTest[Tested]], ConditionTest[Tested]]:
    """Register how a condition is tested."""

    def register(test: ConditionTest[Tested]) -> ConditionTest[Tested]:
        TESTS[condition] = test
        return test

    return register


def missing() -> list[str]:
    """Each condition of the language that nothing tests, or that could not say why it fails."""
    untested = [
        f"condition `{name}`: nothing tests it (models.engine.guards, @tests)"
        for name, condition in c.CONDITIONS.words.items()
        if condition not in TESTS
    ]
    return untested + condition_reasons.missing()


def holds(condition: c.Condition, deal: DealState, moment: Moment) -> bool:
    """Whether the condition holds. A test on an empty field does not hold (except `empty`)."""
    return TESTS[type(condition)](condition, deal, moment)


def all_hold(conditions: Iterable[c.Condition], deal: DealState, moment: Moment) -> bool:
    """Whether every condition holds."""
    return all(holds(condition, deal, moment) for condition in conditions)


def is_offered(conditions: Iterable[c.Condition], running: Collection[str]) -> bool:
    """Whether a button has a place at all, by the processes that are switched on: where one is missing that it needs,
    it is not shown blocked but not shown (K-24). Other conditions are not looked at."""
    for condition in conditions:
        if isinstance(condition, c.AllOf):
            if not is_offered(condition.all_, running):
                return False
        elif not _may_run(condition, running):
            return False
    return True


def _may_run(condition: c.Condition, running: Collection[str]) -> bool:
    match condition:
        case c.Runs():
            return condition.runs in running
        case c.Not(not_=c.Runs() as inner):
            return inner.runs not in running
        case c.AnyOf():
            return any(is_offered((part,), running) for part in condition.any_)
        case _:
            return True


# --- the tests ------------------------------------------------------------------------------------------------


@tests(c.AllOf)
def _all(condition: c.AllOf, deal: DealState, moment: Moment) -> bool:
    return all_hold(condition.all_, deal, moment)


@tests(c.AnyOf)
def _any(condition: c.AnyOf, deal: DealState, moment: Moment) -> bool:
    return any(holds(part, deal, moment) for part in condition.any_)


@tests(c.Not)
def _not(condition: c.Not, deal: DealState, moment: Moment) -> bool:
    return not holds(condition.not_, deal, moment)


@tests(c.Is)
def _is(condition: c.Is, deal: DealState, moment: Moment) -> bool:
    value, wanted = deal.fields.get(condition.field), condition.value
    if isinstance(value, Decimal) and not isinstance(wanted, bool):
        return value == Decimal(str(wanted))
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)


@tests(c.In)
def _in(condition: c.In, deal: DealState, moment: Moment) -> bool:
    return deal.fields.get(condition.field) in condition.in_[condition.field]


@tests(c.Has)
def _has(condition: c.Has, deal: DealState, moment: Moment) -> bool:
    return condition.has[condition.field] in (deal.fields.get(condition.field) or ())


@tests(c.Filled)
def _filled(condition: c.Filled, deal: DealState, moment: Moment) -> bool:
    return deal.filled(condition.filled)


@tests(c.Empty)
def _empty(condition: c.Empty, deal: DealState, moment: Moment) -> bool:
    return not deal.filled(condition.empty)


@tests(c.AtLeast)
def _at_least(condition: c.AtLeast, deal: DealState, moment: Moment) -> bool:
    value, bound = _compared(deal, condition.field, condition.at_least[condition.field])
    return value is not None and bound is not None and bool(value >= bound)


@tests(c.AtMost)
def _at_most(condition: c.AtMost, deal: DealState, moment: Moment) -> bool:
    value, bound = _compared(deal, condition.field, condition.at_most[condition.field])
    return value is not None and bound is not None and bool(value <= bound)


def _compared(deal: DealState, name: str, limit: Decimal | str) -> tuple[Any, Any]:
    """The field's value, and the limit's where it is a field too."""
    return deal.fields.get(name), deal.fields.get(limit) if isinstance(limit, str) else limit


@tests(c.DaysUntil)
def _days_until(condition: c.DaysUntil, deal: DealState, moment: Moment) -> bool:
    value = deal.fields.get(condition.days_until)
    if value is None:
        return False
    days = (moment.day_of(value) - moment.today).days
    if condition.more_than is not None and days <= condition.more_than:
        return False
    return condition.at_most is None or days <= condition.at_most


@tests(c.Done)
def _done(condition: c.Done, deal: DealState, moment: Moment) -> bool:
    outcome = deal.tasks.get(condition.done)
    return outcome is not None and condition.outcome in (None, outcome)


@tests(c.Known)
def _known(condition: c.Known, deal: DealState, moment: Moment) -> bool:
    return condition.known in deal.facts


@tests(c.Made)
def _made(condition: c.Made, deal: DealState, moment: Moment) -> bool:
    return f"made:{condition.made}" in deal.facts


@tests(c.SentPaper)
def _sent(condition: c.SentPaper, deal: DealState, moment: Moment) -> bool:
    return f"sent:{condition.sent}" in deal.facts


@tests(c.VisitIs)
def _visit_is(condition: c.VisitIs, deal: DealState, moment: Moment) -> bool:
    found = deal.visits.get(condition.visit, ()) if condition.ever else (deal.visit(condition.visit),)
    return any(one is not None and one.state_at(moment.now) in condition.in_ for one in found)


@tests(c.Runs)
def _runs(condition: c.Runs, deal: DealState, moment: Moment) -> bool:
    return f"runs:{condition.runs}" in deal.facts


# --- why not --------------------------------------------------------------------------------------------------


def reasons(conditions: Iterable[c.Condition], deal: DealState, moment: Moment) -> list[Reason]:
    """A reason for each condition that does not hold, with what cures it."""
    return [reason for condition in conditions for reason in _reasons(condition, deal, moment)]


def gate_reasons(gate: StageGuard, deal: DealState, moment: Moment) -> list[Reason]:
    """Every reason why the gate is shut: missing fields, answers not confirmed, open tasks, failed conditions."""
    needed = [need.field for need in gate.requires if all_hold(need.if_, deal, moment)]
    missing = [Reason("missing", {"field": name}, cure=Fill((name,))) for name in needed if not deal.filled(name)]
    open_ = [
        Reason("task_open", {"task": name}, cure=CloseTask(name)) for name in gate.tasks if deal.tasks.get(name) is None
    ]
    return missing + ([] if missing else _unconfirmed(gate, deal)) + open_ + reasons(gate.if_, deal, moment)


def _unconfirmed(gate: StageGuard, deal: DealState) -> list[Reason]:
    """Two answers or more that must agree, and nobody has said so in this step. One alone agrees with itself."""
    said = tuple(name for name in gate.confirms if deal.filled(name))
    if len(said) < 2 or deal.confirmed.issuperset(said):
        return []
    return [Reason("unconfirmed", {"fields": said}, cure=Confirm(said))]


def _reasons(condition: c.Condition, deal: DealState, moment: Moment) -> list[Reason]:
    if holds(condition, deal, moment):
        return []
    if isinstance(condition, c.AllOf) and condition.why is None:
        return reasons(condition.all_, deal, moment)  # each part that fails speaks for itself
    unknown = _unknown(condition, deal, moment, wanted=True)
    if unknown:
        # nothing is known yet: asking is enough, and the condition is tried again with the answers
        return [Reason("missing", {"field": name}, cure=Fill((name,))) for name in unknown]
    return [condition_reasons.explain(condition)]


def _unknown(condition: c.Condition, deal: DealState, moment: Moment, *, wanted: bool) -> tuple[str, ...]:
    """The empty fields whose answers could make the condition come out as `wanted`; none if it does already.

    Where one part would do (an `any`), only the first that can still be answered is asked for.
    """
    if holds(condition, deal, moment) == wanted:
        return ()
    match condition:
        case c.Not():
            return _unknown(condition.not_, deal, moment, wanted=not wanted)
        case c.AllOf() | c.AnyOf():
            inner = condition.all_ if isinstance(condition, c.AllOf) else condition.any_
            parts = [found for part in inner if (found := _unknown(part, deal, moment, wanted=wanted))]
            every = isinstance(condition, c.AllOf) == wanted
            return tuple(dict.fromkeys(name for part in (parts if every else parts[:1]) for name in part))
        case c.Empty():
            return () if wanted else (condition.empty,)
        case _:
            fields = dict.fromkeys(c.fields_of(condition))
            return tuple(name for name in fields if not deal.filled(name)) if wanted else ()
