"""Forms about changes that somebody above is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import DealId
from services.form_purposes import Purpose, purpose


@purpose("ask_above")
@dataclass(frozen=True, slots=True)
class ChangeReasonPurpose(Purpose):
    """Why fields should become these values: `values` as JSON."""

    deal: DealId
    values: str


@purpose("ask_field")
@dataclass(frozen=True, slots=True)
class AskFieldPurpose(Purpose):
    """What somebody above is asked to write into a field that only he fills in."""

    deal: DealId
    field: str
