"""How the engine performs each action of robots and of tasks' outcomes: `@performs(Action)` for every one.

A performer adds effects to the run, or sets going what the run knows to do (moving, filling in, giving a task). It is
pure like the whole engine: what an effect does to the database stands with its applier. Start refuses while one is
`missing`.
"""

from __future__ import annotations

from typing import Any

from models.engine import asked_runs, claim_runs, foresight, guards, transitions
from models.engine import effects as e
from models.engine.engine_run import PERFORMERS, EngineRun, performs
from models.process import actions as a


def missing() -> list[str]:
    """Each action of the language that nothing performs."""
    return [
        f"action `{name}`: nothing performs it (models.engine.performers, @performs)"
        for name, action in a.ACTIONS.words.items()
        if action not in PERFORMERS
    ]


# --- telling and asking ---------------------------------------------------------------------------------------


@performs(a.Notify)
def _notify(run: EngineRun, action: a.Notify, rule: str) -> None:
    run.say(e.NoticePlanned(action.notify, action.text, rule, was=run.was, card=action.card, late=action.late))


@performs(a.Escalate)
def _escalate(run: EngineRun, action: a.Escalate, rule: str) -> None:
    run.say(e.NoticePlanned(action.escalate, action.text, rule, escalated=True, was=run.was, late=action.late))


@performs(a.AskFields)
def _ask(run: EngineRun, action: a.AskFields, rule: str) -> None:
    asked_runs.ask(run, action, rule)


@performs(a.Comment)
def _comment(run: EngineRun, action: a.Comment, rule: str) -> None:
    run.add(e.Commented(action.comment, rule))


@performs(a.SendSms)
def _sms(run: EngineRun, action: a.SendSms, rule: str) -> None:
    run.text_client(e.SmsPlanned(action.sms, rule, run.was))


@performs(a.PinText)
def _pin(run: EngineRun, action: a.PinText, rule: str) -> None:
    run.add(e.Pinned(action.pin))


@performs(a.Make)
def _make(run: EngineRun, action: a.Make, rule: str) -> None:
    run.add(e.PaperMade(action.make, rule))


# --- tasks ----------------------------------------------------------------------------------------------------


@performs(a.GiveTask)
def _give(run: EngineRun, action: a.GiveTask, rule: str) -> None:
    if run.deal.tasks.get(action.give, "") is None:
        return  # it is open already: what is asked twice is done once
    run.give(action.give, run.process.task(run.deal.pipeline, run.deal.stage, action.give), rule)


@performs(a.Close)
def _close(run: EngineRun, action: a.Close, rule: str) -> None:
    """What the task waited for has come: it is closed as a person would close it, if it is open."""
    if run.deal.tasks.get(action.close, "") is None:
        task = run.process.task(run.deal.pipeline, run.deal.stage, action.close)
        run.close(action.close, action.outcome, task.outcomes[action.outcome])


# --- fields ---------------------------------------------------------------------------------------------------


@performs(a.PutValues)
def _put(run: EngineRun, action: a.PutValues, rule: str) -> None:
    run.fill(dict(action.put), rule)


@performs(a.CopyFields)
def _copy(run: EngineRun, action: a.CopyFields, rule: str) -> None:
    run.fill({name: run.deal.fields.get(source) for name, source in action.copy_.items()}, rule)


@performs(a.ClearField)
def _clear(run: EngineRun, action: a.ClearField, rule: str) -> None:
    run.fill({action.clear: None}, rule)


@performs(a.SetVisit)
def _set_visit(run: EngineRun, action: a.SetVisit, rule: str) -> None:
    run.set_visit(action, rule)


# --- where the deal goes --------------------------------------------------------------------------------------


@performs(a.Move)
def _move(run: EngineRun, action: a.Move, rule: str) -> None:
    """Through the same guard as a button."""
    target = (run.deal.came_from or "") if action.move == "previous" else action.move
    before = run.process.find_stage(run.deal.pipeline, target)
    if action.move == "previous" and before and before.ending:
        return  # someone took it back to work already: «back» never means back into an ending
    look = transitions if run.foresees else foresight
    reasons = look.why_not(run.process, run.deal, target, run.moment)
    if reasons:
        run.add(e.MoveBlocked(target, e.Refusal(tuple(reasons)), rule))
    else:
        run.move(target, why=rule)


@performs(a.CarryOver)
def _carry(run: EngineRun, action: a.CarryOver, rule: str) -> None:
    """No way leads from one pipeline to another, but the door of the stage there is guarded as ever.

    A learner's deal stays on the practice ground, whatever a task that both grounds share would do (K-2).
    """
    pipeline, to = run.place_meant(action.carry)
    if "practice" in (run.process.direction(run.deal.pipeline), run.process.direction(pipeline)):
        return
    reasons = guards.gate_reasons(run.process.stage(pipeline, to).enter, run.deal, run.moment)
    if (door := transitions.blocking_one_way(run.process, run.deal, pipeline, to)) is not None:
        reasons.insert(0, e.Reason("one_way", {"stage": to, "behind": door}))
    if not reasons and not run.foresees:
        reasons += foresight.undone(run.process, run.deal, to, run.moment, pipeline)
    if reasons:
        run.add(e.MoveBlocked(to, e.Refusal(tuple(reasons)), rule, pipeline))
    else:
        run.move(to, rule, pipeline)


@performs(a.Convert)
def _convert(run: EngineRun, action: a.Convert, rule: str) -> None:
    process, colon, rest = action.convert.rpartition(":")
    if run.process.direction(run.deal.pipeline) == "practice":
        return  # nothing real is begun by a learner (K-2)
    if not colon:
        run.add(e.Converted(*run.place_meant(action.convert), fill=action.fill))
    elif f"runs:{process}" in run.deal.facts:  # the stage it begins on is the other process's own affair
        pipeline, _, stage = rest.partition(".")
        run.add(e.Converted(pipeline, stage, process, action.fill))


# --- clients and claims ---------------------------------------------------------------------------------------


@performs(a.CreateClients)
def _create_clients(run: EngineRun, action: a.CreateClients, rule: str) -> None:
    wanted = action.create_clients
    chosen: Any = wanted if wanted in a.CLIENTS else run.deal.fields.get(wanted)
    options = {chosen} if isinstance(chosen, str) else set(chosen or ())
    if what := options & set(a.CLIENTS):
        run.add(e.ClientsCreated(frozenset(what)))


@performs(a.OpenClaim)
def _open_claim(run: EngineRun, action: a.OpenClaim, rule: str) -> None:
    photos = run.deal.fields.get(action.photos) if action.photos else None
    claim_runs.open_claim(run, str(run.deal.fields.get(action.open_claim) or ""), tuple(photos or ()))


@performs(a.SettleClaim)
def _settle_claim(run: EngineRun, action: a.SettleClaim, rule: str) -> None:
    claim_runs.settle_claim(run, str(run.deal.fields.get(action.settle_claim) or ""))
