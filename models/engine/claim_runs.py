"""What follows from a claim: it is told to somebody above, and somebody has the task to settle it (K-24)."""

from __future__ import annotations

from dataclasses import replace

from models.engine import effects as e
from models.engine.engine_run import EngineRun
from models.values.invalid_value import N_

CLAIM = "claim"  # the rule by which a claim is told and given to somebody where the file says nothing of it
CLAIM_TEXT = N_("Клиент предъявил претензию")


def open_claim(run: EngineRun, text: str, photos: tuple[int, ...] = ()) -> None:
    """Robots that wait for a claim run, for a second one as well. Whatever the file says of this stage, somebody
    above hears of it, and somebody has the task to settle it: no claim is ever silent (K-24)."""
    run.add(e.ClaimOpened(text, photos))
    before = len(run.effects)
    run.deal = replace(run.deal, facts=run.deal.facts | {"claim_open"})
    run.become("claim_open")
    told = [one for one in run.effects[before:] if isinstance(one, e.NoticePlanned)]
    if not any(one.escalated or one.to == "supervisor" for one in told):
        tell_of_claim(run)
    if all(run.deal.tasks.get(name, "") is not None for name in run.process.settling):
        own = next((name for name in run.process.tasks if name in run.process.settling), None)
        if own is not None:
            run.give(own, run.process.tasks[own], CLAIM)


def tell_of_claim(run: EngineRun) -> None:
    """Somebody above hears of it."""
    run.add(e.NoticePlanned("supervisor", CLAIM_TEXT, CLAIM, escalated=True))


def settle_claim(run: EngineRun, word: str) -> None:
    """The deal's open claims are settled by the client's word, and robots that wait for it run; nothing if none is.

    What was said of them is over: the next claim has a text and photos of its own.
    """
    if "claim_open" in run.deal.facts:
        run.add(e.ClaimSettled(word))
        run.deal = replace(run.deal, facts=run.deal.facts - {"claim_open"})
        run.put_aside(tuple(name for name in run.process.claim_fields if name is not None and name in run.deal.fields))
        run.become("claim_settled")
