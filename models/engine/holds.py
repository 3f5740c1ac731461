"""Guards that hold: what a stage says must stay true, behind it as well. Read from the deal as it stands, never stored.

Those that `mark` or `tell` are true of the deal or not; those that `refuse` or `ask` stand against a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from models.engine import balances, guards
from models.engine.deal_state import DealState, Moment
from models.engine.effects import Fill, HoldsBroken, HoldsKept, Reason, ReasonData
from models.process import conditions as c
from models.process.hold import Hold
from models.process.process import Process

HOLDS = "holds"  # the rule by which it is told that a deal does not add up, or does again
MONEY_FACTS = (balances.PAID_IN_FULL, balances.DEBT)


def broken(process: Process, deal: DealState, moment: Moment) -> tuple[Hold, ...]:
    """What should be true of the deal where it stands and is not: it «does not add up»."""
    bound = process.holds_at(deal.pipeline, deal.stage)
    return tuple(one for one in bound if not one.guards_change and not _is_kept(one, deal, moment))


def _is_kept(one: Hold, deal: DealState, moment: Moment) -> bool:
    return not guards.all_hold(one.once, deal, moment) or guards.all_hold(one.if_, deal, moment)


# --- ways -----------------------------------------------------------------------------------------------------


def why_not_on(process: Process, deal: DealState, to: str, moment: Moment, asked: Collection[str] = ()) -> list[Reason]:
    """What of it shuts the way on to the stage `to`: all that is broken here, and what would be broken there.

    A field that is only empty there is asked for on the way; so is money, where a payment is `asked` for. What other
    reasons tell of the same fields is not told twice.
    """
    shut = [one for one in broken(process, deal, moment) if one.shuts]
    there = [one for one in broken(process, deal.at(to, moment.now), moment) if one.shuts]
    pays = not set(asked).isdisjoint(process.payment_fields)
    found = [reason for one in _without(there, shut) for reason in _ahead(one, deal, moment)]
    ahead = [one for one in found if not (pays if "fact" in one.data else _is_told(one, asked))]
    return [*(reason(one) for one in shut), *ahead]


def _is_told(one: Reason, asked: Collection[str]) -> bool:
    return bool(one.data.get("fields")) and set(one.data["fields"]) <= set(asked)


def _ahead(one: Hold, deal: DealState, moment: Moment) -> list[Reason]:
    against = reason(one)
    if "fact" in against.data:
        return [against]
    found = guards.reasons(one.if_, deal, moment)
    return found if all(other.code == "missing" for other in found) else [against]


def reason(one: Hold) -> Reason:
    """Why nothing goes on, and what cures it: other values of the fields that it looks at, or the rest of the money."""
    fields = tuple(dict.fromkeys(name for test in one.if_ for name in c.fields_of(test)))
    data: ReasonData = {"fields": fields}
    tests = [part for test in one.if_ for part in c.walk(test)]
    if any(isinstance(part, c.Known) and part.known in MONEY_FACTS for part in tests):
        data["fact"] = balances.PAID_IN_FULL
    return Reason("held", data, one.why, Fill(fields) if fields else None)


# --- changes --------------------------------------------------------------------------------------------------


def why_not_change(process: Process, before: DealState, after: DealState, moment: Moment) -> list[Reason]:
    """What stands against a change that makes the deal such as it is `after`: code `held` where it is refused, `asked`
    where it needs the word of somebody above."""
    bound = process.holds_at(before.pipeline, before.stage)
    found = [one for one in bound if one.guards_change and _is_bound(one, before, moment)]
    return [_against(one) for one in found if not _survives(one, before, after, moment)]


def _is_bound(one: Hold, deal: DealState, moment: Moment) -> bool:
    return guards.all_hold(one.once, deal, moment) and guards.all_hold(one.if_, deal, moment)


def _survives(one: Hold, before: DealState, after: DealState, moment: Moment) -> bool:
    if one.not_lowered is None:
        return guards.all_hold(one.if_, after, moment)
    was, now = (state.fields.get(one.not_lowered) for state in (before, after))
    return not isinstance(was, Decimal) or (isinstance(now, Decimal) and now >= was)


def _against(one: Hold) -> Reason:
    tests = [*([one.not_lowered] if one.not_lowered else []), *(name for t in one.if_ for name in c.fields_of(t))]
    data: ReasonData = {"fields": tuple(dict.fromkeys(tests))}
    return Reason("asked" if one.else_ == "ask" else "held", data, one.why)


def told(process: Process, before: DealState, after: DealState, moment: Moment) -> Iterable[HoldsBroken | HoldsKept]:
    """What is to be told of a step: what it has broken, once, and what adds up again.

    What ceases to bind (the deal is lost, or has gone back) is neither.
    """
    was, now = broken(process, before, moment), broken(process, after, moment)
    if new := _without(now, was):
        yield HoldsBroken(tuple(one.why for one in new))
    bound = process.holds_at(after.pipeline, after.stage)
    if cured := [one for one in _without(was, now) if any(one is other for other in bound)]:
        yield HoldsKept(tuple(one.why for one in cured), still=bool(now))


def _without(some: Sequence[Hold], others: Sequence[Hold]) -> list[Hold]:
    return [one for one in some if not any(one is other for other in others)]
