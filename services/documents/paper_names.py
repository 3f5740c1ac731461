"""Whose name a paper carries: the deal may have one, the client's card another (truth 37, door F1).

Two names of one person are one; of two people's the manager says which. His answer is a line of the deal's history, and
holds for the deal's further papers until one of the two names changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models.entities import Client, Deal
from models.history import line
from models.history.message_lines import PaperNameChosen
from models.process.process import Process
from models.tables.deals import HistoryRow
from models.values import person_name
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, InvalidValue
from services.clients import client_cards
from services.deals import plans
from services.unit_of_work import UnitOfWork

LONGEST = 150
CHOSEN = (
    select(HistoryRow.data)
    .where(HistoryRow.deal_id == bindparam("deal"), HistoryRow.kind == PaperNameChosen.kind)
    .order_by(HistoryRow.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class PaperNames:
    """The names of two people: as the deal says, and as the client's card says."""

    own: str
    card: str


def name_of(work: UnitOfWork, process: Process, deal: Deal, card: Client | None) -> str:
    """The name of a person that the deal's papers carry; empty if nobody has said any.

    Until the manager has chosen between two people it is the one that stands in the deal.
    """
    names = _names(process, deal, card)
    if not (names.own and names.card):
        return person_name.cleaned(names.own or names.card)
    if person_name.is_same(names.own, names.card):
        return person_name.cleaned(person_name.fuller(names.card, names.own))
    chosen = _chosen(work, deal, names)
    return person_name.cleaned(chosen or names.own)


def question(work: UnitOfWork, deal: Deal) -> PaperNames | None:
    """Between which names the manager is to choose; None where there is nothing to ask."""
    process = work.process(deal.process)
    card = client_cards.get(work, deal.client_id) if deal.client_id else None
    if card is None or card.kind == "company" or card.company_id:
        return None  # a company is a party under its own name
    names = _names(process, deal, card)
    if not (names.own and names.card) or person_name.is_same(names.own, names.card):
        return None
    return None if _chosen(work, deal, names) else names


def choose(work: UnitOfWork, deal: Deal, names: PaperNames, name: str) -> None:
    """The papers of the deal carry this name from now on. Raises InvalidValue for what is no name."""
    said = one_line(name, limit=LONGEST)
    if not is_meaningful_name(said):
        raise InvalidValue("paper.name", N_("Напишите имя буквами."), N_("Иванова Мария Петровна"))
    plans.note(work, deal, PaperNameChosen(said, names.own, names.card))


def _names(process: Process, deal: Deal, card: Client | None) -> PaperNames:
    return PaperNames(str(deal.fields.get(process.client.name) or ""), card.name if card else "")


def _chosen(work: UnitOfWork, deal: Deal, names: PaperNames) -> str:
    data = work.tx.execute(CHOSEN, {"deal": deal.id}).scalar_one_or_none()
    said = line.read(PaperNameChosen.kind, data) if data is not None else None
    is_of_these = isinstance(said, PaperNameChosen) and (said.own, said.card) == (names.own, names.card)
    return said.name if is_of_these and isinstance(said, PaperNameChosen) else ""
