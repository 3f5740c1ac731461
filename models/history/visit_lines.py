"""What whoever comes says of a deal's visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.history.line import HistoryLine, line


@line("visit_report")
@dataclass(frozen=True, slots=True)
class VisitReportLine(HistoryLine):
    """He cannot come, or comes late: `text` are his words."""

    what: Literal["cannot", "late"]
    text: str = ""
