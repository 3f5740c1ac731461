"""Calls to the client that a person has made: they stand in the deal's history."""

from __future__ import annotations

from models.entities import Deal
from models.history.deal_lines import CallLogged
from models.states import CallResult
from services.deals import deal_queries, plans
from services.unit_of_work import UnitOfWork


def log(work: UnitOfWork, deal_id: int, result: CallResult) -> Deal:
    """Note how a call has ended: NotFound, NotAllowed for who may not change the deal."""
    found = deal_queries.get_editable(work, deal_id)
    plans.note(work, found, CallLogged(result))
    return found
