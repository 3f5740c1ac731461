"""Somebody we know has the phone that was given for a new deal: the question is whether the deal is his."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field as Setting

from models.ids import ClientId
from services.step_states import StepState, step_state


@step_state("known_client")
@dataclass(frozen=True, slots=True)
class KnownClient(StepState):
    """Whose phone it is."""

    client: Annotated[ClientId, Setting(alias="known")]

    @property
    def is_inside(self) -> bool:
        return True
