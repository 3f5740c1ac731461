"""What whoever comes has to do there, and the visit it is done at: it is reported when its day has come, not before."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from models.engine import visit_changes, visit_faces
from models.engine.deal_state import Moment
from models.process.process import Process
from models.process.stages import Outcome
from models.visits import Visit


class DealVisits(Protocol):
    """What is asked of a deal: the card, or the deal as the engine sees it."""

    @property
    def pipeline(self) -> str: ...

    def visit(self, name: str) -> Visit | None:
        """The visit of that name that the fields show, if any."""
        ...


def day_ahead(process: Process, deal: DealVisits, task: str, chosen: Outcome, moment: Moment) -> date | None:
    """The day of the agreed visit at which the task is to be done, if that outcome ends it and the day is ahead.

    A learner waits for no day: he goes through a whole deal in one sitting (K-2).
    """
    if chosen.puts_off or chosen.stays or process.direction(deal.pipeline) == "practice":
        return None
    for kind in process.visit_kinds.values():
        visit = deal.visit(kind.name)
        if visit is not None and visit.is_agreed() and visit_changes.is_job(process, kind, task):
            day = visit_faces.day_of(visit, moment.calendar)
            if day is not None and day > moment.today:
                return day
    return None
