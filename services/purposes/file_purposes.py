"""Forms about files."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import DealId
from services.form_purposes import Purpose, purpose


@purpose("find_file")
@dataclass(frozen=True, slots=True)
class FileSearchPurpose(Purpose):
    """What to look for in the deal's folder."""

    deal: DealId
