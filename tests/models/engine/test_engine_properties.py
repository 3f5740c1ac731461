"""What holds for every process that passes the checks, whatever people and time do to its deals.

`make properties` tries four times as many examples as `make test`.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from engine_processes import Node, processes
from engine_shop import MOSCOW, UTC_CALENDAR, furniture
from engine_walk import START, STEPS, Step, Walk, value_of
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from models.engine import effects as e
from models.engine import moves, transitions
from models.process import checks
from models.process.actions import CarryOver
from models.process.parse import Lines
from models.process.process import Process
from models.values.work_calendar import WorkCalendar
from tests.worlds import examples

BERLIN = WorkCalendar(ZoneInfo("Europe/Berlin"), weekdays=frozenset(range(5)))
NUMBERS = st.integers(0, 999)
WALKS = st.lists(st.tuples(st.sampled_from(STEPS), NUMBERS, NUMBERS), min_size=20, max_size=60)
CALENDARS = st.sampled_from([UTC_CALENDAR, MOSCOW, BERLIN])
SLOW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def sound(data: Node) -> Process:
    """The process, if it passes the checks; most do."""
    process = Process.model_validate(data)
    problems = checks.find_problems(process, "any.yaml", Lines(None))
    for problem in problems:
        event(problem.reason.split(";")[0][:40])
    assume(not problems)
    return process


@settings(SLOW, max_examples=examples.of(200))
@given(processes(), CALENDARS, NUMBERS, WALKS)
def test_whatever_happens_every_deal_is_guarded_watched_and_can_be_ended(
    data: Node, calendar: WorkCalendar, pick: int, steps: list[Step]
) -> None:
    process = sound(data)
    pipeline = list(process.pipelines)[pick % len(process.pipelines)]
    walk = Walk(process, pipeline, calendar, {"name": "Мария"})
    walk.go(steps)
    end(walk)


@settings(SLOW, max_examples=examples.of(150))
@given(CALENDARS, NUMBERS, WALKS)
def test_whatever_happens_every_deal_of_the_furniture_maker_is_guarded_watched_and_can_be_ended(
    calendar: WorkCalendar, pick: int, steps: list[Step]
) -> None:
    process = furniture()
    pipeline = list(process.pipelines)[pick % len(process.pipelines)]
    walk = Walk(process, pipeline, calendar, {"name": "Мария", "phone": "+79120000000"})
    walk.go(steps)
    for place in walk.standing.begun:
        other = Walk(process, place[0], calendar, dict(walk.deal.fields))
        assert (other.deal.pipeline, other.deal.stage) == place
        other.check_watched()
    end(walk)


@settings(SLOW, max_examples=examples.of(80))
@given(processes())
def test_from_every_open_stage_of_a_sound_process_an_ending_can_be_reached(data: Node) -> None:
    process = sound(data)
    for pipeline, name, stage in process.every_stage:
        if not stage.ending:
            assert any(process.stage(*place).ending for place in reached(process, (pipeline, name)))


@settings(SLOW, max_examples=examples.of(60))
@given(processes(), st.data())
def test_a_process_with_one_thing_torn_out_is_refused_or_still_sound_but_never_a_crash(data: Node, more: Any) -> None:
    tear(data, more)
    try:
        process = Process.model_validate(data)
    except ValueError:
        return
    problems = checks.find_problems(process, "any.yaml", Lines(None))
    if not problems:
        for pipeline, line in process.pipelines.items():
            if line.new:
                Walk(process, pipeline, UTC_CALENDAR, {}).go([(kind, 1, 1) for kind in STEPS])


@pytest.mark.parametrize("name", list(furniture().pipelines))
def test_an_untouched_deal_of_the_furniture_maker_is_heard_of_every_week_for_ever(name: str) -> None:
    walk = Walk(furniture(), name, MOSCOW, {})
    for _ in range(30):
        before = walk.now
        walk.go([("wait", 1, 0)])
        due = [at for _, at in walk.standing.timers.values()]
        assert min(due) <= max(before, walk.now) + furniture().silence.every


def end(walk: Walk) -> None:
    """Lose the deal, as anyone can at any time: whatever the ending asks for can be filled in."""
    for _ in range(12):
        if not walk.standing.open:
            return
        found = moves.plan_move(walk.process, walk.deal, lost_of(walk), walk.moment)
        if isinstance(found, e.Plan):
            walk.take(found)
            continue  # robots may have taken it elsewhere
        assert found.only_missing, found
        walk.fill({name: value_of(walk.process.fields[name], 1, START) for name in found.missing})
        walk.confirm()
    raise AssertionError("the deal cannot be ended")


def lost_of(walk: Walk) -> str:
    listed = [option.stage for option in transitions.options(walk.process, walk.deal, walk.moment)]
    stages = walk.process.pipelines[walk.deal.pipeline].stages
    return next(name for name in listed if stages[name].ending == "lost")


def reached(process: Process, start: tuple[str, str]) -> set[tuple[str, str]]:
    """Every place that ways and unconditional carries lead to."""
    found, queue = {start}, [start]
    for pipeline, name in queue:
        near = [(pipeline, way.to) for way in process.ways(pipeline, name)]
        for robot in process.stage(pipeline, name).robots:
            carried = [action.carry for action in robot.do if isinstance(action, CarryOver) and not robot.if_]
            near += [_place(process, target) for target in carried]
        queue += [place for place in near if place not in found]
        found.update(near)
    return found


def _place(process: Process, target: str) -> tuple[str, str]:
    pipeline, _, stage = target.partition(".")
    return pipeline, stage or process.pipelines[pipeline].first


def tear(node: Any, more: Any) -> None:
    """Remove one key or item somewhere, or put a wrong name in its place."""
    spots: list[tuple[Any, Any]] = []

    def look(part: Any) -> None:
        keys = list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        for key in keys:
            spots.append((part, key))
            look(part[key])

    look(node)
    part, key = spots[more.draw(st.integers(0, len(spots) - 1))]
    if isinstance(part[key], str) and more.draw(st.booleans()):
        part[key] = more.draw(st.sampled_from(["s1", "f0", "won", "p1", "nothing", "previous", "call"]))
    else:
        del part[key]
