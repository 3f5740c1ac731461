"""Words of somebody outside, passed on to the bot: whose they are, and into which deal they go."""

from __future__ import annotations

from models.entities import Deal
from models.history.deal_lines import CommentMade, WordsForwarded
from services.deals import deal_queries, plans
from services.files.uploads import UploadBatch
from services.search import finder, search_terms
from services.unit_of_work import UnitOfWork

MOST = 4  # deals that the words may be about


def note(work: UnitOfWork, deal_id: int, text: str, sender: str | None) -> None:
    """They stand in the deal's history; without a `sender` they are the actor's own."""
    found = deal_queries.get(work, deal_id)
    plans.note(work, found, CommentMade(text) if sender is None else WordsForwarded(text, sender))


def deals_of(work: UnitOfWork, heap: UploadBatch) -> list[Deal]:
    """The open deals that the actor may open of whoever the words name: by the number in them, else by the name of
    the account that they came from."""
    number = search_terms.find_phone(heap.text) if heap.text else None
    asked = number or heap.sender
    if not asked or (number is None and heap.sender is None):
        return []
    return finder.of_person(work, asked, MOST)
