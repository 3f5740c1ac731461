"""Fields that are hidden from roles: the file itself asks, tells and shows nobody what he may not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import Formatter

from models import access
from models.fields.base import Field
from models.fields.groups import PersonNaming
from models.process.actions import (
    AskFields,
    Comment,
    CopyFields,
    Escalate,
    Notify,
    OpenClaim,
    SendSms,
    SettleClaim,
)
from models.process.annotations import ProcessModel, ShownText
from models.process.checks import text_checks, time_checks, walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process, Silence
from models.process.stages import NewDeal, TaskDefinition
from models.process.triggers import Tapped
from models.roles import ROLES, Role, find_role

SELLS: tuple[Role, ...] = ("manager",)
CURE = "take that role out of `hidden_from`, or leave the field out here"


def check(process: Process, report: ProblemReport) -> None:
    """Report what would ask, tell or show a role a field that is hidden from it."""
    for name, field in process.fields.items():
        if field.hidden_from:
            _check_field(process, name, field, report)
    for path, roles, names in _asked(process):
        for role in roles:
            for name in names:
                if name in process.hidden_by_role[role]:
                    report.add(path, f"`{name}` is hidden from the role `{role}`, which is asked for it here: {CURE}")
    _check_texts(process, report)
    _check_copies(process, report)


def _check_field(process: Process, name: str, field: Field, report: ProblemReport) -> None:
    path: Path = ("fields", name, "hidden_from")
    hidden = set(field.hidden_from)
    if "owner" in hidden:
        report.add(path, "the owner sees everything: leave `owner` out")
    if name in (process.client.name, process.client.phone, process.client.company):
        report.add(path, f"`{name}` says who the client is, which everybody sees who sees the deal: hide another field")
    for role in sorted(hidden.intersection(field.filled_by)):
        report.add(path, f"`{name}` is filled by the role `{role}`, from which it is hidden")
    kind = process.faces.get(name)
    comes = kind.role if kind is not None else field.role if isinstance(field, PersonNaming) else None
    if comes in hidden:
        report.add(path, f"`{name}` tells the role `{comes}` where it is to be: it cannot be hidden from it")


# --- what is asked ----------------------------------------------------------------------------------------------


def _asked(process: Process) -> Iterator[tuple[Path, Sequence[Role], Sequence[str]]]:
    """Where fields are asked for or shown by name, of which roles."""
    for path, _, gate in walk.gates(process):
        yield (*path, "requires"), SELLS, [one.field for one in gate.requires]
        yield (*path, "confirms"), SELLS, gate.confirms
    for path, _, stage in walk.stages(process):
        yield (*path, "fields"), SELLS, stage.fields
    for key, line in process.pipelines.items():
        yield ("pipelines", key, "new", "ask"), SELLS, line.new.ask if line.new else ()
    for path, _, robot in walk.robots(process):
        yield (*path, "on"), SELLS, robot.on.ask if isinstance(robot.on, Tapped) else ()
    for path, _, _, action in walk.actions(process):
        if isinstance(action, AskFields):
            yield (*path, "ask"), _audience(process, action.of), action.ask
    for path, _, _, task in walk.tasks(process):
        yield from _of_task(path, _audience(process, task.to), task)
    for name, paper in process.papers.items():
        readers = [role for role in ROLES if access.reads_paper(role, paper)]
        yield ("papers", name, "needs"), sorted({*SELLS, *readers}), paper.needs


def _of_task(
    path: Path, roles: Sequence[Role], task: TaskDefinition
) -> Iterator[tuple[Path, Sequence[Role], Sequence[str]]]:
    yield (*path, "shows"), roles, task.shows
    for index, item in enumerate(task.checklist):
        yield (*path, "checklist", index), roles, (*item.fill, *item.offers)
    for name, outcome in task.outcomes.items():
        yield (*path, "outcomes", name), roles, outcome.ask


def _audience(process: Process, to: str) -> Sequence[Role]:
    """Which roles a word of the process means."""
    field = process.fields.get(to)
    role = field.role if isinstance(field, PersonNaming) else find_role(to)
    return SELLS if role is None else (role,)


# --- what is told -----------------------------------------------------------------------------------------------


def _check_texts(process: Process, report: ProblemReport) -> None:
    for found in walk.marked(process):
        marker = found.marker
        if not isinstance(marker, ShownText) or marker.holds == "nothing" or not isinstance(found.value, str):
            continue
        roles, by_all = _readers(process, found.owner), isinstance(found.owner, NewDeal | Comment)
        for word in dict.fromkeys(word for _, word, _, _ in Formatter().parse(found.value) if word):
            for role in roles:
                hidden = process.hidden_by_role[role] if by_all else access.hidden_fields(role, process)
                if not _told_by(process, word).isdisjoint(hidden):
                    said = f"`{{{word}}}` tells the role `{role}` what is hidden from it"
                    report.add(found.path, f"{said}: leave it out of the text, or do not hide it")


def _readers(process: Process, owner: ProcessModel) -> Sequence[Role]:
    """The roles that read a text. What everybody reads who sees a deal is not for a field that is hidden from some."""
    match owner:
        case Notify():
            return _audience(process, owner.notify)
        case Escalate():
            return (owner.escalate,)
        case AskFields():
            return _audience(process, owner.of)
        case TaskDefinition():
            return tuple(dict.fromkeys((*_audience(process, owner.to), owner.escalates.to or "supervisor")))
        case Silence():
            return (*SELLS, owner.escalate)
        case SendSms():
            return ("manager", "supervisor")
        case NewDeal() | Comment():
            return tuple(role for role in ROLES if process.hidden_by_role[role])
        case _:
            return SELLS


def _told_by(process: Process, word: str) -> frozenset[str]:
    """The fields that a placeholder tells of."""
    if word in ("paid", "balance"):
        return process.account_fields
    name, _, ending = word.rpartition("_")
    known = {*text_checks.people_words(process), *time_checks.words_of(process)}
    return frozenset((word, name) if word in known and ending else (word,))


# --- where it would come out --------------------------------------------------------------------------------------


def _check_copies(process: Process, report: ProblemReport) -> None:
    """A value that goes to another place is hidden there from the same people."""
    for path, _, _, action in walk.actions(process):
        if isinstance(action, CopyFields):
            for to, source in action.copy_.items():
                open_to = set(process.fields[source].hidden_from) - set(process.fields[to].hidden_from)
                if open_to:
                    names = ", ".join(sorted(open_to))
                    report.add(path, f"`{source}` is hidden from {names}: `{to}` would tell it; hide that as well")
        name = _claim_field(action)
        if name is not None and process.fields[name].hidden_from:
            report.add(path, f"a claim is read by all who see its deal: `{name}` cannot be hidden")


def _claim_field(action: ProcessModel) -> str | None:
    match action:
        case OpenClaim():
            return action.open_claim
        case SettleClaim():
            return action.settle_claim
        case _:
            return None
