"""Conditions and `put`: does the value fit the field's type, is it one of its options."""

from __future__ import annotations

from models.fields.base import Field
from models.fields.choice_field import ChoiceField
from models.process import conditions as c
from models.process import robots as r
from models.process.checks import walk
from models.process.checks.problem_report import Path, Report
from models.process.conditions import Value
from models.process.process import Process


def check(process: Process, report: Report) -> None:
    """Report values that a field can never have. Unknown fields are `names`' business."""
    for path, condition in walk.conditions(process):
        match condition:
            case c.Is() if field := process.fields.get(condition.field):
                _check_value((*path, "is", condition.field), condition.field, field, condition.value, report)
            case c.In() if isinstance(field := process.fields.get(condition.field), ChoiceField):
                _check_in((*path, "in", condition.field), condition, field, report)
            case c.Has() if isinstance(field := process.fields.get(condition.field), ChoiceField):
                at: Path = (*path, "has", condition.field)
                if not field.many:
                    report.add(at, f"`{condition.field}` is a choice of one; say `is`, or give the field `many: true`")
                report.knows(at, condition.has[condition.field], f"option of `{condition.field}`", field.options)
            case _:
                pass
    for path, _, _, action in walk.actions(process):
        if isinstance(action, r.PutValues):
            for name, value in action.put.items():
                if field := process.fields.get(name):
                    _check_value((*path, "put", name), name, field, value, report)
        elif isinstance(action, r.CreateClients):
            _check_clients((*path, "create_clients"), process.fields.get(action.create_clients), report)


def _check_value(path: Path, name: str, field: Field, value: Value, report: Report) -> None:
    if not isinstance(field, ChoiceField):
        fault = field.written_fault(name, value)
        if fault is not None:
            report.add(path, fault)
    elif field.many:
        report.add(path, f"`{name}` is a choice of many and is never one value; a condition says `has`")
    else:
        report.knows(path, str(value), f"option of `{name}`", field.options)


def _check_in(path: Path, condition: c.In, field: ChoiceField, report: Report) -> None:
    if field.many:
        report.add(path, f"`{condition.field}` is a choice of many; say `has`")
    for index, option in enumerate(condition.in_[condition.field]):
        report.knows((*path, index), option, f"option of `{condition.field}`", field.options)


def _check_clients(path: Path, field: Field | None, report: Report) -> None:
    if isinstance(field, ChoiceField) and not {"contact", "company"} & set(field.options):
        report.add(path, "the field needs the option contact or company, or nothing is ever created from it")
