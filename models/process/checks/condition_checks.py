"""Conditions and `put`: does the value fit the field's type, is it one of its options."""

from __future__ import annotations

from typing import Any

from models.fields.base import Field
from models.fields.choice_field import ChoiceField
from models.process.actions import CreateClients
from models.process.annotations import FieldValue
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.conditions import Has, In
from models.process.process import Process


def check(process: Process, report: ProblemReport) -> None:
    """Report values that a field can never have. Unknown fields are `names`' business."""
    for found in walk.marked(process):
        if isinstance(found.marker, FieldValue) and (field := process.fields.get(found.key)):
            _check_value(found.path, found.key, field, found.value, report)
    for path, condition in walk.conditions(process):
        if isinstance(condition, In | Has):
            _check_choice(path, condition, process.fields.get(condition.field), report)
    for path, _, _, action in walk.actions(process):
        if isinstance(action, CreateClients):
            _check_clients((*path, "create_clients"), process.fields.get(action.create_clients), report)


def _check_value(path: Path, name: str, field: Field, value: Any, report: ProblemReport) -> None:
    several = bool(path) and isinstance(path[-1], int)  # one of a list: `put: {rooms: [hall, bath]}`
    if several and not (isinstance(field, ChoiceField) and field.many):
        report.add(path, f"`{name}` takes one value, not a list")
    elif not isinstance(field, ChoiceField):
        fault = field.written_fault(name, value)
        if fault is not None:
            report.add(path, fault)
    elif field.many and not several:
        report.add(path, f"`{name}` is a choice of many and is never one value; a condition says `has`")
    else:
        report.knows(path, str(value), f"option of `{name}`", field.options)


def _check_choice(path: Path, condition: In | Has, field: Field | None, report: ProblemReport) -> None:
    """`in` asks what a choice of one is, `has` what a choice of many holds."""
    if not isinstance(field, ChoiceField) or field.many == isinstance(condition, Has):
        return
    at: Path = (*path, condition.key, condition.field)
    if field.many:
        report.add(at, f"`{condition.field}` is a choice of many; say `has`")
    else:
        report.add(at, f"`{condition.field}` is a choice of one; say `is`, or give the field `many: true`")


def _check_clients(path: Path, field: Field | None, report: ProblemReport) -> None:
    if isinstance(field, ChoiceField) and not {"contact", "company"} & set(field.options):
        report.add(path, "the field needs the option contact or company, or nothing is ever created from it")
