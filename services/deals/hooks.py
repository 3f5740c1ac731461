"""Moments in a deal's life at which features act: the core calls whoever has registered, and knows none of them.

Features act in the order in which they are imported: one that looks at what another has done imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec

from models.engine.effects import FieldsSet, Plan, StageChanged
from models.entities import Deal, Employee
from models.field_values import FieldValues
from models.process.process import Process
from models.undo import DealBefore
from services.deals.changes import DealChanges
from services.unit_of_work import UnitOfWork

P = ParamSpec("P")


class Hook(Generic[P]):
    """A moment; `hook.register` is the decorator of what happens then."""

    def __init__(self) -> None:
        self._acts: list[Callable[P, None]] = []

    def register(self, act: Callable[P, None]) -> Callable[P, None]:
        """Have it done at that moment."""
        self._acts.append(act)
        return act

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """The moment has come."""
        for act in self._acts:
            act(*args, **kwargs)


#: a deal has a row: (its id, its process, the values it begins with); what is kept elsewhere is kept now
begun: Hook[UnitOfWork, int, Process, FieldValues] = Hook()
#: the deal leaves its stage; its place is still the old one
stage_left: Hook[DealChanges, StageChanged] = Hook()
#: the deal stands on its new stage
stage_entered: Hook[DealChanges, StageChanged] = Hook()
#: one field has its new value: (changes, its name, the value before, the value now)
field_set: Hook[DealChanges, str, Any, Any] = Hook()
#: all fields of a step have their new values
fields_set: Hook[DealChanges, FieldsSet] = Hook()
#: every effect has been applied, nothing is written yet: what may not be is refused by an exception
plan_applied: Hook[DealChanges, Plan] = Hook()
#: the responsible has changed from an employee's id (None: nobody's) to a person
handed_over: Hook[DealChanges, int | None, Employee] = Hook()
#: what a press has changed is put back: the deal's own row and fields are as they were, nothing is written yet; what
#: stands in the way is refused by CannotPutBack
put_back: Hook[DealChanges, DealBefore] = Hook()
#: the deal is about to be taken out of sight
removed: Hook[UnitOfWork, Deal] = Hook()
#: a deal becomes another one of its process, which has a row and will begin: (what it was, the new one's id, the values
#: that go along)
becomes: Hook[UnitOfWork, Deal, int, FieldValues] = Hook()
#: a new deal was made from a lead or another deal: (what was converted, the new one, whether in another process)
converted: Hook[UnitOfWork, Deal, Deal, bool] = Hook()
