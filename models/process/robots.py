"""Robots: trigger + condition + action. Every automatic thing of every process is one of these."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field as Setting
from pydantic import model_validator

from models.process.actions import Action, Escalate, Notify
from models.process.annotations import OneOrMany, ProcessModel, Sentence
from models.process.conditions import Condition
from models.process.triggers import OnDate, Trigger


class Robot(ProcessModel):
    """When `on` happens and `if` holds, do the actions.

    One action may stand beside `on` (`{on: enter, notify: responsible, text: …}`), several stand under `do`.
    """

    on: Trigger
    """When it acts."""
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """Only if this holds at that moment."""
    do: Annotated[tuple[Action, ...], Setting(min_length=1)]
    """What it does, in this order."""
    shuts: Sentence | None = None
    """Of a robot by a date, which calls off what the stage is for: where it would act in the moment in which the deal
    comes here, the way here is shut, and this is why. A day on which it would is not taken either."""

    @model_validator(mode="before")
    @classmethod
    def _inline_action(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "do" in value:
            return value
        own = {key: value[key] for key in value if key in ("on", "if", "if_", "shuts")}
        action = {key: value[key] for key in value if key not in own}
        return {**own, "do": [action]} if action else value

    @model_validator(mode="after")
    def _shuts_by_date(self) -> Robot:
        if self.shuts and not isinstance(self.on, OnDate):
            raise ValueError("`shuts` is of robots by a date (`before`, `at`, `after`): no other acts as a deal comes")
        return self

    @property
    def timed(self) -> bool:
        """Whether it fires by the clock, not by an act."""
        return self.on.fires_by == "clock"

    @property
    def only_tells(self) -> bool:
        """Whether it only speaks to people: what it says may be said earlier, later, or not at all."""
        return all(isinstance(action, Notify | Escalate) for action in self.do)

    @property
    def warns(self) -> bool:
        """Whether it only speaks to people, of a date that is to come."""
        return isinstance(self.on, OnDate) and self.on.before is not None and self.only_tells

    @property
    def alarms(self) -> bool:
        """Whether it tells those above."""
        return any(isinstance(action, Escalate) for action in self.do)

    @property
    def told(self) -> tuple[str, ...]:
        """Whom it tells: words of the process."""
        people = (
            a.escalate if isinstance(a, Escalate) else a.notify for a in self.do if isinstance(a, Notify | Escalate)
        )
        return tuple(dict.fromkeys(people))

    @property
    def rule_name(self) -> str:
        """`trigger.action`: what a rule is called on its stage. Timers in the database hang on these names."""
        return f"{self.on.rule_name}.{self.do[0].key}"
