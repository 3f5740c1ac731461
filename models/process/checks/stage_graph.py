"""The process as a graph: where a deal can come from a stage, where it must, and which tasks it can carry there.

Unknown names are passed over: `names` reports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from models.process.actions import Action, CarryOver, Convert, GiveTask, Move, PutValues
from models.process.checks.problem_report import Place
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import Stage
from models.process.triggers import Changed, Enter, FilledIn

Edges = Mapping[Place, frozenset[Place]]


class Graph:
    """Tables over (pipeline, stage) places, built once for all checks.

    `led`: where people and robots can bring a deal (or, by `convert`, begin one); `onward`: where it can go by ways and
    by robots that carry it over without a condition; `leaves`: the robot that takes every deal away as it enters.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self.stages: dict[Place, Stage] = {(line, name): stage for line, name, stage in process.every_stage}
        self.given = {place: frozenset(self._given(stage)) for place, stage in self.stages.items()}
        self.leaves = {place: at for place in self.stages if (at := self._leaving(place)) is not None}
        self.led: Edges = {place: frozenset(self._led(place)) for place in self.stages}
        self.onward: Edges = {place: frozenset(self._onward(place)) for place in self.stages}
        self.at_once: Edges = {place: frozenset(self._at_once(place)) for place in self.stages}

    def begins(self) -> set[Place]:
        """The stages where deals begin: by a button or by the intake."""
        intake = self.process.intake.pipeline if self.process.intake else None
        return {(name, line.first) for name, line in self.process.pipelines.items() if line.new or name == intake}

    def target(self, place: Place, action: Action) -> Place | None:
        """Where an action brings the deal, or begins one; None if it does not, or to no stage that exists."""
        match action:
            case Move():
                found = (place[0], action.move)
            case CarryOver(carry=target) | Convert(convert=target):
                pipeline, _, stage = target.partition(".")
                line = self.process.pipelines.get(pipeline)
                found = (pipeline, stage or (line.first if line else ""))
            case _:
                return None
        return found if found in self.stages else None

    def behind(self, place: Place) -> frozenset[Place]:
        """The open stages that a deal here can be taken back to; a lost one may have come from any of them."""
        pipeline, name = place
        if self.stages[place].ending == "won":
            return frozenset()
        order = list(self.process.order(pipeline))
        if self.stages[place].ending is None:
            order = order[: order.index(name) + 1]
            doors = [at for at, stage in enumerate(order) if self.stages[pipeline, stage].one_way]
            order = order[max(doors, default=0) : -1]
        return frozenset((pipeline, other) for other in order if not self.stages[pipeline, other].ending)

    def given_by(self, place: Place) -> frozenset[str]:
        """The tasks that a deal standing here may have been given, here or on its way, back from later stages too."""
        roads = {one: self.led[one] | self.behind(one) for one in self.stages}
        return frozenset(name for other in reaching(roads, place) for name in self.given[other])

    # --- building

    def _given(self, stage: Stage) -> set[str]:
        found = set(stage.tasks)
        actions = [action for robot in stage.robots for action in robot.do]
        found |= {action.give for action in actions if isinstance(action, GiveTask)}
        queue = list(found)
        while queue:
            for action in self._brought(stage, queue.pop()):
                if isinstance(action, GiveTask) and action.give not in found:
                    found.add(action.give)
                    queue.append(action.give)
        return found

    def _brought(self, stage: Stage, name: str) -> Iterator[Action]:
        """What closing the task can bring."""
        task = stage.tasks.get(name) or self.process.tasks.get(name)
        for outcome in task.outcomes.values() if task else ():
            yield from outcome.do

    def _ways(self, place: Place) -> set[Place]:
        return {to for way in self.process.ways(*place) if (to := (place[0], way.to)) in self.stages}

    def _led(self, place: Place) -> set[Place]:
        stage = self.stages[place]
        actions = [action for robot in stage.robots for action in robot.do]
        actions += [action for name in self.given[place] for action in self._brought(stage, name)]
        return self._ways(place) | {to for action in actions if (to := self.target(place, action))}

    def _onward(self, place: Place) -> set[Place]:
        carried = {
            to
            for robot in self.stages[place].robots
            for action in robot.do
            if not robot.if_ and isinstance(action, CarryOver) and (to := self.target(place, action))
        }
        return self._ways(place) | carried

    def _leaving(self, place: Place) -> int | None:
        for index, robot in enumerate(self.stages[place].robots):
            every = isinstance(robot.on, Enter) and robot.on.enter is None and not robot.if_
            if every and any(self._goes(place, action) for action in robot.do):
                return index
        return None

    def _goes(self, place: Place, action: Action) -> bool:
        """Whether the action takes every deal away: nothing on the way there can be shut."""
        to = self.target(place, action)
        if to is None or not isinstance(action, Move | CarryOver) or not _open(self.stages[to], "enter"):
            return False
        if isinstance(action, CarryOver):
            return True
        free = any(way.to == to[1] and not way.if_ for way in self.process.ways(*place))
        return free and (_open(self.stages[place], "leave") or self.stages[to].ending == "lost")

    def _at_once(self, place: Place) -> set[Place]:
        """Where robots may bring a deal in the very moment in which it enters."""
        found = set[Place]()
        for robot in _awake(self.stages[place]):
            for action in robot.do:
                if isinstance(action, Move) and action.move == "previous":
                    found |= {other for other in self.stages if place in self._ways(other)}
                elif isinstance(action, Move | CarryOver) and (to := self.target(place, action)):
                    found.add(to)
        return found


def _open(stage: Stage, gate: str) -> bool:
    door = stage.enter if gate == "enter" else stage.leave
    return not (door.requires or door.if_ or door.tasks)


def _awake(stage: Stage) -> list[Robot]:
    """The robots that may run on entering: those on `enter`, and those that wait for a field which one of them sets."""
    awake = [robot for robot in stage.robots if isinstance(robot.on, Enter)]
    for robot in awake:  # grows while it is walked
        fields = {name for action in robot.do if isinstance(action, PutValues) for name in action.put}
        awake += [other for other in stage.robots if waits_for(other) in fields and other not in awake]
    return awake


def waits_for(robot: Robot) -> str | None:
    """The field whose filling or change wakes the robot."""
    match robot.on:
        case Changed(changed=name) | FilledIn(filled=name):
            return name
        case _:
            return None


def closure(edges: Edges, starts: Iterable[Place]) -> set[Place]:
    """Every place that can be come to, the starts as well."""
    found, queue = set[Place](), list(starts)
    while queue:
        place = queue.pop()
        if place not in found:
            found.add(place)
            queue.extend(edges[place])
    return found


def reaching(edges: Edges, place: Place) -> set[Place]:
    """Every place that one can come from to this one, itself as well."""
    turned: dict[Place, frozenset[Place]] = {
        to: frozenset(one for one, targets in edges.items() if to in targets) for to in edges
    }
    return closure(turned, [place])
