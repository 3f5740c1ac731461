"""The net rings: who hears that nobody has done anything on a deal, and when it rings again."""

from __future__ import annotations

from models.engine import effects as e
from models.engine import silences
from models.engine.engine_run import EngineRun
from models.engine.silences import SILENCE, LastActs
from models.engine.trigger_rules import stamp

SEP = "/"  # in the timer's anchor: when the stage was entered, and after how many silent days it rang last


def ring(run: EngineRun, anchor: str, acts: LastActs) -> None:
    """Its responsible hears, ever again; from `after` on those above too. Nobody, while a day is agreed or somebody
    has done something meanwhile; and nothing at all if the deal has moved on."""
    entered, _, before = anchor.partition(SEP)
    stage = run.process.find_stage(run.deal.pipeline, run.deal.stage)
    if stage is None or stage.ending or entered != stamp(run.deal.entered_at):
        return
    silence, found = run.process.silence, silences.of_deal(run.deal, acts, run.moment)
    practice = run.process.direction(run.deal.pipeline) == "practice"
    told = int(before) if before.isdecimal() and int(before) <= found.days else 0
    if not (acts.task_ahead or silences.waits_for_a_day(run.process, run.deal, run.moment)):
        responsible, above = silences.is_told(silence, found.days, told)
        if (
            responsible and not (above and practice) and not acts.step_ahead
        ):  # a learner hears what those above would hear, not both
            run.add(e.SilenceTold("responsible", silence.text, found.since, found.days))
        if above:
            run.add(e.SilenceTold(silence.escalate, silence.text, found.since, found.days, escalated=True))
    due = silences.next_ring(silence, found.since, found.days, run.moment.calendar)
    run.add(e.TimerSet(SILENCE, f"{entered}{SEP}{found.days}", due))
