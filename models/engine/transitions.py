"""Where a deal may go: the ways on, the ways back, and for each every reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.engine import guards, holds
from models.engine.deal_state import DealState, Moment
from models.engine.effects import Reason
from models.process.process import Process
from models.process.stages import Transition

STOOD = "stood:"  # the fact that a deal has stood on `pipeline.stage`
Direction = Literal["on", "back", "ending"]


@dataclass(frozen=True, slots=True)
class Option:
    """A stage that can be shown in the stage menu, with the reasons that block it now (none: it is open)."""

    stage: str
    direction: Direction
    reasons: tuple[Reason, ...]


def options(process: Process, deal: DealState, moment: Moment) -> tuple[Option, ...]:
    """The stage menu: ways on and endings in the order of the file, then the stages that one can go back to."""
    stages = process.pipelines[deal.pipeline].stages
    listed = [way.to for way in process.ways(deal.pipeline, deal.stage)]
    found = [
        Option(to, "ending" if stages[to].ending else "on", tuple(why_not(process, deal, to, moment))) for to in listed
    ]
    back = [to for to in reversed(_behind(process, deal)) if to not in listed]
    found += [Option(to, "back", tuple(why_not(process, deal, to, moment))) for to in back]
    return tuple(found)


def why_not(process: Process, deal: DealState, to: str, moment: Moment) -> list[Reason]:
    """Every reason why the deal cannot move to the stage `to` of its pipeline now; empty if it can (C-1)."""
    line = process.pipelines[deal.pipeline]
    if to not in line.stages:
        return [Reason("no_stage", {"stage": to})]
    if to == deal.stage:
        return [Reason("already_here", {"stage": to})]
    door = blocking_one_way(process, deal, deal.pipeline, to)
    if door is not None and not line.stages[to].ending:
        return [Reason("one_way", {"stage": to, "behind": door})]
    here, there = process.stage(deal.pipeline, deal.stage), line.stages[to]
    way = next((way for way in process.ways(deal.pipeline, deal.stage) if way.to == to), None)
    if way is None:
        return _why_not_back(process, deal, to) or guards.gate_reasons(there.enter, deal, moment)
    found = guards.reasons(way.if_, deal, moment)
    if there.ending != "lost" and _is_on(process, deal, to):
        found += guards.gate_reasons(here.leave, deal, moment)
    found += guards.gate_reasons(there.enter, deal, moment)
    if there.ending != "lost" and _is_on(process, deal, to):
        asked = [str(one.data["field"]) for one in found if "field" in one.data]
        found += holds.why_not_on(process, deal, to, moment, asked)
    return list({(r.code, str(r.data), r.why): r for r in found}.values())


def blocking_one_way(process: Process, deal: DealState, pipeline: str, to: str) -> str | None:
    """The one-way stage that the deal has ever come to or passed, if `to` lies before it: no way leads back (M-2).

    It holds for every road: buttons, robots, and coming back from another pipeline.
    """
    order = process.order(pipeline)
    if to not in order:
        return None
    later = order[order.index(to) + 1 :]
    return next((name for name in later if f"passed:{pipeline}.{name}" in deal.facts), None)


def passed(process: Process, pipeline: str, stage: str) -> frozenset[str]:
    """The facts that standing on a stage brings: one-way stages that lie here or before (M-2)."""
    order = process.order(pipeline)
    if stage not in order or process.stage(pipeline, stage).ending:
        return frozenset()
    here = order[: order.index(stage) + 1]
    return frozenset(f"passed:{pipeline}.{name}" for name in here if process.stage(pipeline, name).one_way)


def shuts(process: Process, deal: DealState, pipeline: str, to: str) -> tuple[str, ...]:
    """The stages that lie behind the deal for good once it stands on `to`: a one-way door falls shut, and has not
    before (M-2). Empty where no door lies on the way."""
    doors = {one.rpartition(".")[2] for one in passed(process, pipeline, to) - deal.facts}
    order = process.order(pipeline)
    last = max((order.index(door) for door in doors), default=0)
    line = process.pipelines[pipeline].stages
    shut = blocking_one_way(process, deal, pipeline, order[0]) if order else None
    first = order.index(shut) if shut is not None else 0
    return tuple(name for name in order[first:last] if not line[name].ending)


def comes_back(process: Process, deal: DealState, pipeline: str, to: str) -> bool:
    """Whether the deal comes back to that stage: it is known to have stood there, is reopened, or goes backwards."""
    if f"{STOOD}{pipeline}.{to}" in deal.facts:
        return True
    here, there = process.find_stage(deal.pipeline, deal.stage), process.find_stage(pipeline, to)
    if deal.pipeline != pipeline or here is None or there is None or there.ending:
        return False
    order = process.order(pipeline)
    stages = [process.described(pipeline, one) for one in (to, deal.stage)]
    return here.ending is not None or order.index(stages[0]) < order.index(stages[1])


def shut_behind(process: Process, deal: DealState, to: str) -> str | None:
    """The one-way stage that lies between `to` and where the deal stands, if any (M-2)."""
    order = process.order(deal.pipeline)
    position = order.index(process.described(deal.pipeline, _position(process, deal)))
    between = order[order.index(to) + 1 : position + 1]
    return next((name for name in between if process.stage(deal.pipeline, name).one_way), None)


def _position(process: Process, deal: DealState) -> str:
    """Where the deal stands in the order; a deal in an ending stands where it came from."""
    stage = process.stage(deal.pipeline, deal.stage)
    known = deal.came_from and process.find_stage(deal.pipeline, deal.came_from) is not None
    return deal.came_from if stage.ending and known and deal.came_from else deal.stage


def _behind(process: Process, deal: DealState) -> tuple[str, ...]:
    stage = process.stage(deal.pipeline, deal.stage)
    if stage.ending == "won":
        return ()
    order = process.order(deal.pipeline)
    place = order.index(process.described(deal.pipeline, _position(process, deal))) + (1 if stage.ending else 0)
    return tuple(name for name in order[:place] if not process.stage(deal.pipeline, name).ending)


def _why_not_back(process: Process, deal: DealState, to: str) -> list[Reason]:
    if to not in _behind(process, deal):
        ways: tuple[Transition, ...] = process.ways(deal.pipeline, deal.stage)
        return [Reason("no_way", {"stage": to, "ways": tuple(way.to for way in ways)})]
    shut = shut_behind(process, deal, to)
    return [Reason("one_way", {"stage": to, "behind": shut})] if shut else []


def held_against(process: Process, deal: DealState, to: str, moment: Moment) -> list[Reason]:
    """What must stay true and stands against the way on to that stage; nothing where the way leads back."""
    line = process.pipelines[deal.pipeline]
    if to not in line.stages or to == deal.stage or line.stages[to].ending == "lost" or not _is_on(process, deal, to):
        return []
    return [one for one in holds.why_not_on(process, deal, to, moment) if one.code == "held"]


def _is_on(process: Process, deal: DealState, to: str) -> bool:
    if process.stage(deal.pipeline, to).ending:
        return True  # wherever the ending stands in the file
    order = process.order(deal.pipeline)
    return order.index(to) > order.index(process.described(deal.pipeline, deal.stage))
