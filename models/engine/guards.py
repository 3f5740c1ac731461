"""Guards: do conditions hold for a deal, and if not, why, and what cures it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, assert_never

from models.engine.deal_state import DealState, Moment
from models.engine.effects import CloseTask, Fill, MakePaper, Reason
from models.process import conditions as c
from models.process.stages import StageGuard


def holds(condition: c.Condition, deal: DealState, moment: Moment) -> bool:
    """Whether the condition holds. A test on an empty field does not hold (except `empty`)."""
    match condition:
        case c.AllOf():
            return all(holds(part, deal, moment) for part in condition.all_)
        case c.AnyOf():
            return any(holds(part, deal, moment) for part in condition.any_)
        case c.Not():
            return not holds(condition.not_, deal, moment)
        case c.Is():
            return _same(deal.fields.get(condition.field), condition.value)
        case c.In():
            return deal.fields.get(condition.field) in condition.in_[condition.field]
        case c.Has():
            return condition.has[condition.field] in (deal.fields.get(condition.field) or ())
        case c.Filled():
            return deal.filled(condition.filled)
        case c.Empty():
            return not deal.filled(condition.empty)
        case c.AtLeast():
            return _compared(deal, condition.field, condition.at_least[condition.field], at_least=True)
        case c.AtMost():
            return _compared(deal, condition.field, condition.at_most[condition.field], at_least=False)
        case c.DaysUntil():
            return _days(condition, deal, moment)
        case c.Done():
            outcome = deal.tasks.get(condition.done)
            return outcome is not None and condition.outcome in (None, outcome)
        case c.Known():
            return condition.known in deal.facts
        case c.Made():
            return f"made:{condition.made}" in deal.facts
        case c.SentPaper():
            return f"sent:{condition.sent}" in deal.facts
        case c.Runs():
            return f"runs:{condition.runs}" in deal.facts
        case _:
            assert_never(condition)


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


def reasons(conditions: Iterable[c.Condition], deal: DealState, moment: Moment) -> list[Reason]:
    """A reason for each condition that does not hold, with what cures it."""
    return [reason for condition in conditions for reason in _reasons(condition, deal, moment)]


def gate_reasons(gate: StageGuard, deal: DealState, moment: Moment) -> list[Reason]:
    """Every reason why the gate is shut: missing fields, open tasks, failed conditions."""
    needed = [need.field for need in gate.requires if all_hold(need.if_, deal, moment)]
    missing = [Reason("missing", {"field": name}, cure=Fill((name,))) for name in needed if not deal.filled(name)]
    open_ = [
        Reason("task_open", {"task": name}, cure=CloseTask(name)) for name in gate.tasks if deal.tasks.get(name) is None
    ]
    return missing + open_ + reasons(gate.if_, deal, moment)


def _same(value: Any, wanted: c.Value) -> bool:
    if isinstance(value, Decimal) and not isinstance(wanted, bool):
        return value == Decimal(str(wanted))
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)


def _compared(deal: DealState, name: str, limit: Decimal | str, *, at_least: bool) -> bool:
    value = deal.fields.get(name)
    bound = deal.fields.get(limit) if isinstance(limit, str) else limit
    if value is None or bound is None:
        return False
    return bool(value >= bound) if at_least else bool(value <= bound)


def _days(condition: c.DaysUntil, deal: DealState, moment: Moment) -> bool:
    value = deal.fields.get(condition.days_until)
    if value is None:
        return False
    days = (moment.day_of(value) - moment.today).days
    if condition.more_than is not None and days <= condition.more_than:
        return False
    return condition.at_most is None or days <= condition.at_most


def _reasons(condition: c.Condition, deal: DealState, moment: Moment) -> list[Reason]:
    if holds(condition, deal, moment):
        return []
    if isinstance(condition, c.AllOf) and condition.why is None:
        return reasons(condition.all_, deal, moment)  # each part that fails speaks for itself
    unknown = _unknown(condition, deal, moment, wanted=True)
    if unknown:
        # nothing is known yet: asking is enough, and the condition is tried again with the answers
        return [Reason("missing", {"field": name}, cure=Fill((name,))) for name in unknown]
    return [_reason(condition)]


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


def _reason(condition: c.Condition) -> Reason:
    fields = tuple(dict.fromkeys(c.fields_of(condition)))
    cure = Fill(fields) if fields else None
    match condition:
        case c.Is():
            return Reason("is", {"field": condition.field, "value": condition.value}, condition.why, cure)
        case c.In():
            return Reason(
                "in", {"field": condition.field, "values": condition.in_[condition.field]}, condition.why, cure
            )
        case c.Has():
            return Reason(
                "has", {"field": condition.field, "value": condition.has[condition.field]}, condition.why, cure
            )
        case c.AtLeast():
            limit = condition.at_least[condition.field]
            return Reason("at_least", {"field": condition.field, "limit": limit}, condition.why, cure)
        case c.AtMost():
            limit = condition.at_most[condition.field]
            return Reason("at_most", {"field": condition.field, "limit": limit}, condition.why, cure)
        case c.DaysUntil():
            data = {"field": condition.days_until, "more_than": condition.more_than, "at_most": condition.at_most}
            return Reason("days", data, condition.why, cure)
        case c.Done():
            return Reason("task_open", {"task": condition.done}, condition.why, CloseTask(condition.done))
        case c.Known():
            return Reason("known", {"fact": condition.known}, condition.why)
        case c.Not(not_=c.Known(known=fact)):
            return Reason("not_known", {"fact": fact}, condition.why)
        case c.Made():
            return Reason("not_made", {"paper": condition.made}, condition.why, MakePaper(condition.made))
        case c.SentPaper():
            return Reason("not_sent", {"paper": condition.sent}, condition.why, MakePaper(condition.sent))
        case c.Runs():
            return Reason("not_running", {"process": condition.runs}, condition.why)
        case _:
            return Reason("condition", {"fields": fields}, condition.why, cure)
