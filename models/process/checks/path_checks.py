"""Paths: every stage can be come to, from every open stage an ending can, and no robot sends a deal in a circle."""

from __future__ import annotations

from models.process.actions import GiveTask, Move
from models.process.checks import walk
from models.process.checks.problem_report import Path, Place, ProblemReport
from models.process.checks.stage_graph import Graph, closure
from models.process.process import Process
from models.process.triggers import Enter


def check(process: Process, graph: Graph, report: ProblemReport) -> None:
    """Report stages nobody comes to or leaves, pipelines without endings, silent stages, circles."""
    _check_reach(process, graph, report)
    for path, place, stage in walk.stages(process):
        if stage.ending:
            continue
        if not any(graph.stages[end].ending for end in closure(graph.onward, [place])):
            report.add(path, f"a dead end: no way leads from `{place[1]}` to an ending; name one in `next`")
        _check_silence(path, place, graph, report)
    for name, line in process.pipelines.items():
        endings = {stage.ending for stage in line.stages.values()}
        for ending in ("won", "lost"):
            if line.kind != "deferred" and ending not in endings:
                report.add(("pipelines", name), f"`{name}` has no stage with `ending: {ending}`")
    _check_moves(process, graph, report)
    _check_circles(graph, report)


def _check_reach(process: Process, graph: Graph, report: ProblemReport) -> None:
    reached = closure(graph.led, graph.begins())
    for name, line in process.pipelines.items():
        if not any(place[0] == name for place in reached):
            reason = (
                f"no deal can come to `{name}`: it has no `new` button, is not the intake, and nothing that deals "
                "reach carries or converts to it"
            )
            report.add(("pipelines", name), reason)
            continue
        for stage in line.stages:
            if (name, stage) not in reached:
                others = ", ".join(key for key in line.stages if key != stage)
                reason = f"nobody can reach `{stage}`: name it in `next` of one of {others}, or say `from_any: true`"
                report.add(("pipelines", name, "stages", stage), reason)


def _check_silence(path: Path, place: Place, graph: Graph, report: ProblemReport) -> None:
    stage = graph.stages[place]
    timed = any(robot.timed for robot in stage.robots)
    entering = [robot for robot in stage.robots if isinstance(robot.on, Enter) and robot.on.enter is None]
    given = any(isinstance(action, GiveTask) for robot in entering for action in robot.do)
    if not (timed or given or stage.tasks or place in graph.leaves):
        reason = (
            f"a deal on `{place[1]}` would be silent: give the stage a timer (`on: {{stuck: 1d}}`, or before, "
            "at, after a date field) or a task"
        )
        report.add(path, reason)


def _check_moves(process: Process, graph: Graph, report: ProblemReport) -> None:
    """A robot's move goes through the same guard as a button: without a way it is refused every time."""
    for path, place, robot in walk.robots(process):
        for index, action in enumerate(robot.do):
            if isinstance(action, Move):
                _check_move(
                    (*path, "do", index, "move"), place, action, graph, report, back=not isinstance(robot.on, Enter)
                )
    for path, at, _, action in walk.actions(process):
        if at and "outcomes" in path and isinstance(action, Move):
            _check_move((*path, "move"), at, action, graph, report, back=True)


def _check_move(path: Path, place: Place, action: Move, graph: Graph, report: ProblemReport, *, back: bool) -> None:
    to = graph.target(place, action)
    if to is None or action.move == "previous":
        return
    ways = [way.to for way in graph.process.ways(*place)]
    if to[1] not in ways and not (back and to in graph.behind(place)):
        report.add(path, f"no way leads from `{place[1]}` to `{to[1]}`; the ways are: {', '.join(ways) or 'none'}")


def _check_circles(graph: Graph, report: ProblemReport) -> None:
    told = set[Place]()
    for place in graph.stages:
        if place in told or place not in closure(graph.at_once, graph.at_once[place]):
            continue
        circle = _circle(graph, place)
        told.update(circle)
        shown = " → ".join(".".join(one) for one in [*circle, place])
        report.add(
            ("pipelines", place[0], "stages", place[1], "robots"), f"robots send a deal round in a circle: {shown}"
        )


def _circle(graph: Graph, start: Place) -> list[Place]:
    """The shortest way from a place back to itself along robots' moves."""
    queue = [[start]]
    seen = {start}
    for road in queue:  # grows while it is walked
        for to in sorted(graph.at_once[road[-1]]):
            if to == start:
                return road
            if to not in seen:
                seen.add(to)
                queue.append([*road, to])
    return [start]
