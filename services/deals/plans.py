"""Carrying out a plan: the deal, its history, its timers, tasks and messages, in one transaction (promise 2).

Here is what touches the deal alone; what else an effect means is carried out by the feature that it belongs to.
"""

from __future__ import annotations

from models.engine import effects as e
from models.engine import holds
from models.engine.silences import SILENCE
from models.entities import Deal
from models.fields import codec
from models.history.deal_lines import (
    DealMoved,
    FieldFilled,
    FieldPutAside,
    HoldWasBroken,
    HoldWasKept,
    MoveWasBlocked,
    ResponsibleChanged,
    RuleNoted,
)
from models.history.line import HistoryLine
from models.notices.deal_notices import (
    DealHoldBroken,
    DealHoldKept,
    DealSilent,
    DealSilentLong,
    Escalation,
    FieldsWanted,
    FormerValue,
    Reminder,
    RobotBlocked,
)
from models.process.process import Process
from models.values.product_text import NO_TEXT
from services.deals import before_press, effect_appliers, hooks
from services.deals import changes as deal_changes
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.unit_of_work import UnitOfWork

SALES = ("manager", "supervisor", "owner")


def apply(work: UnitOfWork, found: Deal, plan: e.Plan, first: HistoryLine | None = None) -> Deal:
    """Write everything that the plan says, after a `first` line of history; gives the deal as it has become.

    CardOutdated (nothing is written) if the deal has moved on meanwhile.
    """
    before_press.look(work, found)
    changes = deal_changes.begin(work, found)
    if first is not None:
        changes.note(first, to_stage=f"{found.pipeline}.{found.stage}")
    for effect in plan.effects:
        effect_appliers.apply(changes, effect)
    hooks.plan_applied(changes, plan)
    return deal_changes.write(changes) if changes.lines or plan.effects else found


def note(work: UnitOfWork, found: Deal, line: HistoryLine) -> None:
    """A line in the history that changes nothing else (a comment, a file)."""
    changes = deal_changes.begin(work, found)
    changes.note(line)
    deal_changes.write(changes)


def former(process: Process, change: e.Change | None) -> FormerValue | None:
    """A value before, for {was} in a text."""
    if change is None:
        return None
    return FormerValue(change.field, codec.encode_value(process.fields.get(change.field), change.value))


@applies(e.StageChanged)
def _change_stage(changes: DealChanges, effect: e.StageChanged) -> None:
    work, old, new = changes.work, f"{effect.pipeline}.{effect.from_stage}", f"{effect.to_pipeline}.{effect.to_stage}"
    changes.note(DealMoved(), effect.why, old, new)
    hooks.stage_left(changes, effect)
    changes.left = True
    changes.timers.clear()
    changes.came_from = effect.from_stage if effect.to_pipeline == effect.pipeline else None
    changes.pipeline, changes.stage, changes.status = effect.to_pipeline, effect.to_stage, effect.status
    changes.entered_at = work.now
    changes.closed_at = None if effect.status == "open" else work.now
    hooks.stage_entered(changes, effect)
    if changes.responsible_id is None and work.actor and work.actor.role in SALES:
        changes.responsible_id = work.actor.id
        changes.note(ResponsibleChanged(to=work.actor.name))


@applies(e.FieldsSet)
def _set_fields(changes: DealChanges, effect: e.FieldsSet) -> None:
    for name, value in effect.values.items():
        before, field = changes.fields.get(name), changes.process.fields.get(name)
        was = codec.encode_value(field, before) if before else None
        changes.note(FieldFilled(name, codec.encode_value(field, value), was), effect.why)
        if value is None:
            changes.fields.pop(name, None)
        else:
            changes.fields[name] = value
        hooks.field_set(changes, name, before, value)
    hooks.fields_set(changes, effect)


@applies(e.FieldsPutAside)
def _put_aside(changes: DealChanges, effect: e.FieldsPutAside) -> None:
    """The fields are empty as if somebody had emptied them; the history says that their time is over."""
    for name in effect.fields:
        before = changes.fields.pop(name, None)
        changes.note(FieldPutAside(name, codec.encode_value(changes.process.fields.get(name), before)))
        hooks.field_set(changes, name, before, None)
    changes.aside += effect.fields
    hooks.fields_set(changes, e.FieldsSet(dict.fromkeys(effect.fields)))


@applies(e.TimerSet)
def _set_timer(changes: DealChanges, effect: e.TimerSet) -> None:
    changes.timers[effect.rule] = effect


@applies(e.TimerVoided)
def _void_timer(changes: DealChanges, effect: e.TimerVoided) -> None:
    changes.timers.pop(effect.rule, None)
    changes.voided.append(effect.rule)


@applies(e.NoticePlanned)
def _say(changes: DealChanges, effect: e.NoticePlanned) -> None:
    kind = Escalation if effect.escalated else Reminder
    said = kind(effect.text, former(changes.process, effect.was), effect.card, effect.late)
    changes.say(effect.to, effect.rule, said, anchor=effect.anchor, before=effect.before)


@applies(e.SilenceTold)
def _tell_of_silence(changes: DealChanges, effect: e.SilenceTold) -> None:
    kind = DealSilentLong if effect.escalated else DealSilent
    changes.say(effect.to, SILENCE, kind(effect.since, effect.days, effect.text or NO_TEXT))


@applies(e.FieldsAsked)
def _ask(changes: DealChanges, effect: e.FieldsAsked) -> None:
    changes.say(effect.to, effect.rule, FieldsWanted(effect.text, effect.fields))


@applies(e.Commented)
def _comment(changes: DealChanges, effect: e.Commented) -> None:
    changes.note(RuleNoted(effect.text), effect.rule)


@applies(e.MoveBlocked)
def _blocked(changes: DealChanges, effect: e.MoveBlocked) -> None:
    changes.note(MoveWasBlocked(effect.to_stage), effect.rule)
    changes.say("responsible", effect.rule, RobotBlocked(effect.to_stage))


@applies(e.HoldsBroken)
def _broken(changes: DealChanges, effect: e.HoldsBroken) -> None:
    """Told at once, and once, to who has the deal and to who stands above."""
    changes.note(HoldWasBroken(effect.why), holds.HOLDS)
    for to in ("responsible", "supervisor"):
        changes.say(to, holds.HOLDS, DealHoldBroken(effect.why))


@applies(e.HoldsKept)
def _restored(changes: DealChanges, effect: e.HoldsKept) -> None:
    changes.note(HoldWasKept(effect.why), holds.HOLDS)
    for to in ("responsible", "supervisor"):
        changes.say(to, holds.HOLDS, DealHoldKept(effect.why, effect.still))


@applies(e.Pinned)
def _pin(changes: DealChanges, effect: e.Pinned) -> None:
    changes.pin = effect.text
