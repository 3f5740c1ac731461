"""Finding a client or a deal by whatever a person has in the hand: any part of a phone, a name in any case, an address,
words of the order, the number of a deal or a paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from models import access
from models.entities import Client, Deal
from models.ids import ClientId, DealId, EmployeeId
from models.rights import Ties
from models.search import deal_words, search_words
from models.tables.deals import DealRow
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.search import narrowing, search_hits, search_terms
from services.search.narrowing import SearchFilter
from services.search.search_hits import Hidden, SearchHit, SearchTerms
from services.search.search_terms import Asked, Fault, SearchReading
from services.unit_of_work import UnitOfWork

PAGE = 8
LOOKED_AT = 200  # of colleagues' deals, the newest: whether the actor has a task or a visit there
MOST_OTHERS = 5
BY_IDS = select(DealRow).where(DealRow.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class OthersDeal:
    """A deal that the actor may not open: its number, and who leads it (None: somebody without a name any more)."""

    id: DealId
    number: str
    led_by: str | None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of what was found. `deals` may be opened; of `others` no more is known than whose they are. `phone` is the
    number (E.164) if one was asked for, so that an unknown one can begin a lead. `guessed`: nothing was called so, this
    is called nearly so. `fault`: why nothing was looked for. Counts past `search_hits.MOST` mean «more»."""

    asked: str
    clients: tuple[Client, ...] = ()
    deals: tuple[Deal, ...] = ()
    phone: str | None = None
    others: tuple[OthersDeal, ...] = ()
    clients_count: int = 0
    deals_count: int = 0
    others_count: int = 0
    page: int = 0
    guessed: bool = False
    digits: int = 0
    fault: Fault | None = None
    only: str | None = None

    @property
    def nothing(self) -> bool:
        return not self.clients and not self.deals and not self.others

    @property
    def pages(self) -> int:
        return max(1, -(-self.deals_count // PAGE))


@dataclass(frozen=True, slots=True)
class _Found:
    reading: SearchReading
    hits: list[SearchHit]
    clients: list[ClientId]


def look(work: UnitOfWork, text: str, page: int = 0, only: str | None = None) -> SearchResults:
    """What was typed, by the first of its readings that finds anything; deals that are open first, then the newest.
    `only`: the word of a filter (`services.search.narrowing`).

    Deals of colleagues are told by number and whose they are (C-8). Clients are on the first page: who shows them asks
    `client_looks` which of them the actor may see.
    """
    asked = search_terms.read(text, _paper_titles(work))
    if asked.fault is not None:
        return SearchResults(asked.text, fault=asked.fault, digits=asked.digits)
    found = _first(work, _readings(work, asked), asked)
    if found is None:
        return SearchResults(asked.text, phone=asked.phone, digits=asked.digits)
    only = only if len(found.hits) <= search_hits.MOST else None  # of a part of them it would tell an untruth
    every, others = _parted(work, found.hits)
    mine = narrowing.apply(work, every, only)
    if only is not None:  # of deals alone
        found, others = replace(found, clients=[]), []
    mine.sort(key=lambda one: (not _is_called(one, asked), one.status != "open", -one.id))
    page = min(max(page, 0), max(1, -(-len(mine) // PAGE)) - 1)
    return SearchResults(
        asked.text, tuple(_clients(work, found.clients, mine)) if page == 0 else (),
        tuple(_deals(work, [one.id for one in mine[page * PAGE : (page + 1) * PAGE]])),
        asked.phone,
        tuple(_told(work, others[:MOST_OTHERS])) if page == 0 else (),
        len(found.clients), len(mine), len(others), page,
        found.reading.how == "near", asked.digits, None, only,
    )  # fmt: skip


def filters(work: UnitOfWork, text: str) -> list[SearchFilter]:
    """By what these results can be narrowed; nothing where there are more than are counted."""
    asked = search_terms.read(text, _paper_titles(work))
    found = _first(work, _readings(work, asked), asked) if asked.fault is None else None
    if found is None or len(found.hits) > search_hits.MOST:
        return []
    return list(narrowing.filters(work, _parted(work, found.hits)[0]))


def named(work: UnitOfWork, text: str, words: Iterable[str]) -> list[Deal]:
    """The open deals that a sentence names: by a phone or a number that is all of it, or by words that are names,
    whatever their case; where several words name one, that one. Only what the actor may open."""
    asked = search_terms.read(text, _paper_titles(work))
    hits = Counter[DealId]()
    if asked.fault is None:
        numbers = (one for one in _readings(work, asked) if one.how in ("phone", "number"))
        whole = _first(work, numbers, asked)
        hits.update(one.id for one in whole.hits[:PAGE] if one.status == "open") if whole else None
    only = _who_fields(work)
    for word in words:
        found = _first(work, search_terms.in_names(word), None, only)
        hits.update(one.id for one in found.hits if one.status == "open") if found else None
    most = max(hits.values(), default=0)
    deals = _deals(work, [key for key, n in hits.items() if n == most][: PAGE * 4])
    return [one for one in deals if deal_queries.can_open(work, one)]


def of_person(work: UnitOfWork, said: str, most: int) -> list[Deal]:
    """The open deals of whoever is called so, or has this number, as far as the actor may open them: by who the client
    is alone, and nothing is guessed."""
    asked = search_terms.read(said)
    exact = (one for one in _readings(work, asked) if one.how != "near") if asked.fault is None else ()
    found = _first(work, exact, asked, _who_fields(work))
    keys = [one.id for one in found.hits if one.status == "open"] if found else []
    deals = _deals(work, sorted(keys, reverse=True)[: most * 8])
    return [one for one in deals if deal_queries.can_open(work, one)][:most]


def _who_fields(work: UnitOfWork) -> set[str]:
    return {deal_words.OWN, *(name for one in work.company.processes.values() for name in _who(one.client))}


def _who(client: object) -> Iterator[str]:
    names = ("name", "phone", "company")
    return (str(getattr(client, name)) for name in names if getattr(client, name) is not None)


# --- finding ----------------------------------------------------------------------------------------------------------


def _readings(work: UnitOfWork, asked: Asked) -> Iterator[SearchReading]:
    return search_terms.readings(asked, lambda stems: search_hits.known_stems(work, stems))


def _first(
    work: UnitOfWork, readings: Iterable[SearchReading], asked: Asked | None, only: Collection[str] | None = None
) -> _Found | None:
    """By the first reading that finds anything."""
    hidden = _hidden(work)
    for one in readings:
        sought = SearchTerms(one.terms, hidden, only)
        hits, clients = search_hits.deals(work, sought), search_hits.clients(work, sought)
        if hits or clients:
            return _Found(one, hits, clients)
    return None


def _hidden(work: UnitOfWork) -> Hidden:
    """Fields and papers by which the actor finds nothing, as he sees nothing of them."""
    me = work.actor
    if me is None:
        return {}
    found = {}
    for name, process in work.company.processes.items():
        papers = {
            f"{deal_words.PAPER}{key}" for key, one in process.papers.items() if not access.can_see_paper(me, one)
        }
        if away := access.hidden_fields(me.role, process) | papers:
            found[name] = away
    return found


def _paper_titles(work: UnitOfWork) -> list[str]:
    return [str(one.title) for process in work.company.processes.values() for one in process.papers.values()]


def _is_called(hit: SearchHit, asked: Asked) -> bool:
    """Whether it is the deal's own number that was typed."""
    return bool(asked.digits) and search_words.number_key(asked.words) in search_words.number_tokens(hit.number)


# --- what may be shown ------------------------------------------------------------------------------------------------


def _parted(work: UnitOfWork, hits: list[SearchHit]) -> tuple[list[SearchHit], list[SearchHit]]:
    """Those that the actor may open, and the others."""
    me = work.actor
    if me is None or access.SEE_DEAL.allows(me):
        return hits, []
    mine = [one for one in hits if access.SEE_DEAL.allows(me, **_leads(me.id, one))]
    rest = [one for one in hits if not access.SEE_DEAL.allows(me, **_leads(me.id, one))]
    rest.sort(key=lambda one: (one.status != "open", -one.id))
    open_ = deal_queries.known_at_work(work, [one.id for one in rest[:LOOKED_AT]])
    return [*mine, *(one for one in rest if one.id in open_)], [one for one in rest if one.id not in open_]


def _leads(me: EmployeeId, hit: SearchHit) -> Ties:
    return {"free": hit.responsible_id is None, "own": hit.responsible_id == me}


def _deals(work: UnitOfWork, ids: list[DealId]) -> list[Deal]:
    if not ids:
        return []
    found = {one.id: one for one in deal_queries.read_all(work, work.tx.execute(BY_IDS, {"ids": ids}).all())}
    return [found[key] for key in ids if key in found]


def _clients(work: UnitOfWork, found: list[ClientId], mine: list[SearchHit]) -> list[Client]:
    """Of one's own deals first."""
    own = {one.client_id for one in mine if work.actor is not None and one.responsible_id == work.actor.id}
    return client_cards.get_all(work, sorted(found, key=lambda key: (key not in own, key))[:PAGE])


def _told(work: UnitOfWork, hits: list[SearchHit]) -> list[OthersDeal]:
    if not access.KNOW_DEAL.allows(work.actor):
        return []
    names = leaders(work, [one.responsible_id for one in hits])
    return [OthersDeal(one.id, one.number, names.get(one.responsible_id)) for one in hits]


def leaders(work: UnitOfWork, people: Collection[EmployeeId | None]) -> dict[EmployeeId | None, str]:
    """The names of these people, of those who have left too."""
    names: dict[EmployeeId | None, str] = {one.id: one.name for one in employees.staff(work)} if people else {}
    for key in set(people) - {None, *names}:
        names[key] = employees.get(work, key).name if key is not None else ""
    return names


def of_colleagues(work: UnitOfWork, client_id: ClientId) -> list[OthersDeal]:
    """The client's deals that the actor may not open: whose they are."""
    every = deal_queries.all_of_client(work, client_id)
    hits = [SearchHit(*(getattr(one, column.key) for column in search_hits.SHOWN)) for one in every]
    return _told(work, _parted(work, hits)[1][:MOST_OTHERS])
