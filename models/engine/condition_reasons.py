"""Why a condition does not hold, and what cures it: `@explains(Condition)` for every one.

The file's own sentence (`why`) goes first wherever it stands; the codes are put into words by `keyboards.refusals`.
Start refuses while one is `missing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from models.engine.effects import CloseTask, Cure, Fill, MakePaper, Reason, ReasonData
from models.process import conditions as c

Failed = TypeVar("Failed", bound=c.BaseCondition, contravariant=True)


class Explanation(Protocol[Failed]):
    """The reason that a failed condition gives."""

    def __call__(self, condition: Failed) -> Reason: ...


EXPLANATIONS: dict[type[c.BaseCondition], Explanation[Any]] = {}


def explains(*conditions: type[Failed]) -> Callable[[Explanation[Failed]], Explanation[Failed]]:
    """Register the reason that each of these conditions gives when it fails."""

    def register(explanation: Explanation[Failed]) -> Explanation[Failed]:
        EXPLANATIONS.update(dict.fromkeys(conditions, explanation))
        return explanation

    return register


def missing() -> list[str]:
    """Each condition of the language that could not say why it fails."""
    return [
        f"condition `{name}`: nothing says why it fails (models.engine.condition_reasons, @explains)"
        for name, condition in c.CONDITIONS.words.items()
        if condition not in EXPLANATIONS
    ]


def explain(condition: c.Condition) -> Reason:
    """Why it does not hold."""
    return EXPLANATIONS[type(condition)](condition)


def _cure(condition: c.BaseCondition) -> Cure | None:
    """Other values of the fields that it looks at."""
    fields = tuple(dict.fromkeys(c.fields_of(condition)))
    return Fill(fields) if fields else None


@explains(c.AllOf, c.AnyOf, c.Filled, c.Empty)
def _unmet(condition: c.BaseCondition) -> Reason:
    """Nothing better can be said than which fields it looks at."""
    fields = tuple(dict.fromkeys(c.fields_of(condition)))
    return Reason("condition", {"fields": fields}, condition.why, _cure(condition))


@explains(c.Not)
def _not(condition: c.Not) -> Reason:
    if isinstance(condition.not_, c.Known):
        return Reason("not_known", {"fact": condition.not_.known}, condition.why)
    return _unmet(condition)


@explains(c.Is)
def _is(condition: c.Is) -> Reason:
    return Reason("is", {"field": condition.field, "value": condition.value}, condition.why, _cure(condition))


@explains(c.In)
def _in(condition: c.In) -> Reason:
    data: ReasonData = {"field": condition.field, "values": condition.in_[condition.field]}
    return Reason("in", data, condition.why, _cure(condition))


@explains(c.Has)
def _has(condition: c.Has) -> Reason:
    data: ReasonData = {"field": condition.field, "value": condition.has[condition.field]}
    return Reason("has", data, condition.why, _cure(condition))


@explains(c.AtLeast)
def _at_least(condition: c.AtLeast) -> Reason:
    data: ReasonData = {"field": condition.field, "limit": condition.at_least[condition.field]}
    return Reason("at_least", data, condition.why, _cure(condition))


@explains(c.AtMost)
def _at_most(condition: c.AtMost) -> Reason:
    data: ReasonData = {"field": condition.field, "limit": condition.at_most[condition.field]}
    return Reason("at_most", data, condition.why, _cure(condition))


@explains(c.DaysUntil)
def _days_until(condition: c.DaysUntil) -> Reason:
    data: ReasonData = {"field": condition.days_until, "more_than": condition.more_than, "at_most": condition.at_most}
    return Reason("days", data, condition.why, _cure(condition))


@explains(c.Done)
def _done(condition: c.Done) -> Reason:
    return Reason("task_open", {"task": condition.done}, condition.why, CloseTask(condition.done))


@explains(c.Known)
def _known(condition: c.Known) -> Reason:
    return Reason("known", {"fact": condition.known}, condition.why)


@explains(c.Made)
def _made(condition: c.Made) -> Reason:
    return Reason("not_made", {"paper": condition.made}, condition.why, MakePaper(condition.made))


@explains(c.SentPaper)
def _sent(condition: c.SentPaper) -> Reason:
    return Reason("not_sent", {"paper": condition.sent}, condition.why, MakePaper(condition.sent))


@explains(c.VisitIs)
def _visit(condition: c.VisitIs) -> Reason:
    return Reason("visit", {"visit": condition.visit, "values": condition.in_}, condition.why)


@explains(c.Runs)
def _runs(condition: c.Runs) -> Reason:
    return Reason("not_running", {"process": condition.runs}, condition.why)
