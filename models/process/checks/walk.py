"""Everything of a kind in a process, each with its path in the file (for its line) and the stage where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.fields.base import Field
from models.fields.choice_field import ChoiceField
from models.fields.groups import Amount, DateLike, FileLike
from models.fields.money_field import MoneyField
from models.fields.photo_field import PhotoField
from models.fields.text_field import TextField
from models.process import conditions as c
from models.process import robots as r
from models.process.checks.problem_report import Path, Place
from models.process.conditions import Condition
from models.process.process import Process
from models.process.robots import Action, Robot
from models.process.stages import DueOn, Stage, StageGuard, TaskDefinition


def stages(process: Process) -> Iterator[tuple[Path, Place, Stage]]:
    """Every stage."""
    for pipeline, name, stage in process.every_stage:
        yield ("pipelines", pipeline, "stages", name), (pipeline, name), stage


def tasks(process: Process) -> Iterator[tuple[Path, Place | None, str, TaskDefinition]]:
    """Every task; those of the process itself stand on no stage."""
    for name, task in process.tasks.items():
        yield ("tasks", name), None, name, task
    for path, place, stage in stages(process):
        for name, task in stage.tasks.items():
            yield (*path, "tasks", name), place, name, task


def robots(process: Process) -> Iterator[tuple[Path, Place, Robot]]:
    """Every robot."""
    for path, place, stage in stages(process):
        for index, robot in enumerate(stage.robots):
            yield (*path, "robots", index), place, robot


def actions(process: Process) -> Iterator[tuple[Path, Place | None, str | None, Action]]:
    """Every action of robots and of tasks' outcomes, with the stage and the task it belongs to."""
    for path, at, robot in robots(process):
        for index, action in enumerate(robot.do):
            yield (*path, "do", index), at, None, action
    for path, place, task_name, task in tasks(process):
        for name, outcome in task.outcomes.items():
            for index, action in enumerate(outcome.do):
                yield (*path, "outcomes", name, "do", index), place, task_name, action


def gates(process: Process) -> Iterator[tuple[Path, Place, StageGuard]]:
    """Every enter and leave gate."""
    for path, place, stage in stages(process):
        yield (*path, "enter"), place, stage.enter
        yield (*path, "leave"), place, stage.leave


def conditions(process: Process) -> Iterator[tuple[Path, Condition]]:
    """Every condition, those inside other conditions as well."""
    for path, _, robot in robots(process):
        yield from _under(path, robot.if_)
    for path, _, gate in gates(process):
        yield from _under(path, gate.if_)
        for index, need in enumerate(gate.requires):
            yield from _under((*path, "requires", index), need.if_)
    for path, _, stage in stages(process):
        for index, way in enumerate(stage.next or ()):
            yield from _under((*path, "next", index), way.if_)
    for path, _, _, task in tasks(process):
        for name, outcome in task.outcomes.items():
            yield from _under((*path, "outcomes", name), outcome.if_)


def _under(path: Path, found: tuple[Condition, ...]) -> Iterator[tuple[Path, Condition]]:
    for index, condition in enumerate(found):
        yield from _inside((*path, "if", index), condition)


def _inside(path: Path, condition: Condition) -> Iterator[tuple[Path, Condition]]:
    yield path, condition
    match condition:
        case c.AllOf():
            for index, part in enumerate(condition.all_):
                yield from _inside((*path, "all", index), part)
        case c.AnyOf():
            for index, part in enumerate(condition.any_):
                yield from _inside((*path, "any", index), part)
        case c.Not():
            yield from _inside((*path, "not"), condition.not_)
        case _:
            pass


# --- fields ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names a field. `fills`: the field can get a value there. `kinds`: what it may be (any, if empty)."""

    path: Path
    field: str
    fills: bool = False
    kinds: tuple[type[Field], ...] = ()


def mentions(process: Process) -> Iterator[Mention]:
    """Every place in the file that names a field."""
    yield from _mentions_of_process(process)
    for path, _, gate in gates(process):
        for index, need in enumerate(gate.requires):
            yield Mention((*path, "requires", index), need.field, fills=True)
    for path, _, stage in stages(process):
        yield from _many((*path, "fields"), stage.fields, fills=True)
    for path, _, _, task in tasks(process):
        yield from _mentions_of_task(path, task)
    for path, _, robot in robots(process):
        yield from _mentions_of_trigger((*path, "on"), robot.on)
    for path, _, _, action in actions(process):
        yield from _mentions_of_action(path, action)
    for path, condition in conditions(process):
        yield from _mentions_of_condition(path, condition)


def _many(path: Path, names: tuple[str, ...], *, fills: bool) -> Iterator[Mention]:
    for index, name in enumerate(names):
        yield Mention((*path, index), name, fills=fills)


def _mentions_of_process(process: Process) -> Iterator[Mention]:
    for key in ("name", "phone", "company"):
        if name := getattr(process.client, key):
            yield Mention(("client", key), name)
    if process.intake and process.intake.comment:
        yield Mention(("intake", "comment"), process.intake.comment, fills=True)
    for name, field in process.fields.items():
        for one in field.references():
            yield Mention(("fields", name, one.setting), one.field, kinds=one.kinds)
    if process.ledger:
        for key in ("date", "sum", "contract_sum", "contract_number", "result"):
            if name := getattr(process.ledger, key):
                yield Mention(("ledger", key), name, kinds=(DateLike,) if key == "date" else ())
    for name, line_ in process.pipelines.items():
        if line_.monthly:
            yield Mention(("pipelines", name, "monthly"), line_.monthly, kinds=(DateLike,))
    if process.payments:
        yield Mention(("payments", "total"), process.payments.total, kinds=(MoneyField,))
    if process.goods:
        yield from _many(("goods", "features"), process.goods.features, fills=False)
        if process.goods.items:
            yield Mention(("goods", "items"), process.goods.items, kinds=(TextField,))
    for name, paper in process.papers.items():
        yield from _many(("papers", name, "needs"), paper.needs, fills=True)
        if paper.amount:
            yield Mention(("papers", name, "amount"), paper.amount, kinds=(Amount,))
    for pipeline, line in process.pipelines.items():
        if line.new:
            yield from _many(("pipelines", pipeline, "new", "ask"), line.new.ask, fills=True)


def _mentions_of_task(path: Path, task: TaskDefinition) -> Iterator[Mention]:
    yield from _many((*path, "shows"), task.shows, fills=False)
    if isinstance(task.due, DueOn):
        yield Mention((*path, "due", "on"), task.due.on, kinds=(DateLike,))
    for index, item in enumerate(task.checklist):
        yield from _many((*path, "checklist", index, "fill"), item.fill, fills=True)
        yield from _many((*path, "checklist", index, "offers"), item.offers, fills=True)
    for name, outcome in task.outcomes.items():
        yield from _many((*path, "outcomes", name, "ask"), outcome.ask, fills=True)


def _mentions_of_trigger(path: Path, on: r.Trigger) -> Iterator[Mention]:
    match on:
        case r.OnDate():
            key = "before" if on.before else "at" if on.at else "after"
            yield Mention((*path, key), on.field, kinds=(DateLike,))
        case r.Changed():
            yield Mention((*path, "changed"), on.changed)
        case r.FilledIn():
            yield Mention((*path, "filled"), on.filled)
        case r.Tapped():
            yield from _many((*path, "ask"), on.ask, fills=True)
        case _:
            pass


def _mentions_of_action(path: Path, action: Action) -> Iterator[Mention]:
    match action:
        case r.AskFields():
            yield from _many((*path, "ask"), action.ask, fills=True)
        case r.PutValues():
            for name in action.put:
                yield Mention((*path, "put", name), name, fills=True)
        case r.CreateClients() if action.create_clients not in r.CLIENTS:
            yield Mention((*path, "create_clients"), action.create_clients, kinds=(ChoiceField,))
        case r.CopyFields():
            for name, source in action.copy_.items():
                yield Mention((*path, "copy", name), name, fills=True)
                yield Mention((*path, "copy", name), source)
        case r.ClearField():
            yield Mention((*path, "clear"), action.clear)
        case r.OpenClaim():
            yield Mention((*path, "open_claim"), action.open_claim, kinds=(TextField,))
            if action.photos:
                yield Mention((*path, "photos"), action.photos, kinds=(PhotoField, FileLike))
        case r.SettleClaim():
            yield Mention((*path, "settle_claim"), action.settle_claim, kinds=(TextField,))
        case r.Convert():
            for name, ours in action.fill.items():
                yield Mention((*path, "fill", name), ours)
        case _:
            pass


def _mentions_of_condition(path: Path, condition: Condition) -> Iterator[Mention]:
    match condition:
        case c.Is():
            yield Mention((*path, "is", condition.field), condition.field)
        case c.In():
            yield Mention((*path, "in", condition.field), condition.field, kinds=(ChoiceField,))
        case c.Has():
            yield Mention((*path, "has", condition.field), condition.field, kinds=(ChoiceField,))
        case c.Filled():
            yield Mention((*path, "filled"), condition.filled)
        case c.Empty():
            yield Mention((*path, "empty"), condition.empty)
        case c.AtLeast() | c.AtMost():
            key = "at_least" if isinstance(condition, c.AtLeast) else "at_most"
            for name in dict.fromkeys(c.fields_of(condition)):
                yield Mention((*path, key, condition.field), name, kinds=(Amount,))
        case c.DaysUntil():
            yield Mention((*path, "days_until"), condition.days_until, kinds=(DateLike,))
        case _:
            pass
