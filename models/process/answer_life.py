"""How long an answer counts: as long as the deal, while it stands on some stages, or until a day changes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field as Setting
from pydantic import model_validator

from models.process.annotations import DateFieldName, Name, NamesPart, OneOrMany, ShortForm

DEAL = "deal"  # the word for «as long as the deal»

LifeStage = Annotated[Name, NamesPart("`deal`, or name of a stage of any pipeline", "any_stage", besides=(DEAL,))]


class Life(ShortForm):
    """How long an answer counts; after that it is put aside: it stands in the history, and is asked for anew.

    `lasts: refused` or `lasts: [finish, lost]`: until the deal comes to another stage than these. `lasts: {with:
    visit_on}`: until that field says another day, or none (a day put right after both have passed is the same visit).
    `lasts: deal`: always.
    """

    short: ClassVar[str] = "stages"

    stages: OneOrMany[LifeStage] = ()
    """The stages, in whatever pipeline; or `deal`."""
    with_: DateFieldName | None = Setting(default=None, alias="with")
    """The field of the day."""

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return {cls.short: value} if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _one_end(self) -> Life:
        if bool(self.stages) == bool(self.with_) or (DEAL in self.stages and len(self.stages) > 1):
            raise ValueError("an answer lasts as long as the `deal`, on some stages, or `with` one date field")
        return self

    @property
    def of_deal(self) -> bool:
        """Whether it never ends."""
        return DEAL in self.stages

    def holds_on(self, stage: str) -> bool:
        """Whether it goes on when the deal comes to this stage."""
        return not self.stages or self.of_deal or stage in self.stages
