"""The places of a paper that would stay empty, and which fields of the deal would fill them (truth 39).

What a template leaves a line for it says itself: ours by how it is written, the owner's when it was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models import access
from models.entities import Deal
from models.fields.address_field import AddressField
from models.ids import PaperId
from models.process.process import PaperDefinition, Process
from models.tables.documents import PaperRow
from models.values.product_text import ProductText
from services.documents import paper_data, paper_facts, paper_templates, papers
from services.documents.papers import Paper
from services.documents.printing import Shown
from services.documents.template_variables import VARIABLES
from services.unit_of_work import UnitOfWork

OF_PERSONS = frozenset({"client.passport"})
OF_COMPANIES = frozenset({"client.inn", "client.kpp", "client.ogrn", "client.represented", "client.basis"})
AGREED = ("money.prepayment", "money.rest")
TOLD = select(PaperRow.data).where(PaperRow.id == bindparam("key"))


@dataclass(frozen=True, slots=True)
class EmptyPlace:
    """A place that stays empty: its title (a msgid), and the fields that would fill it, none where nobody can."""

    title: ProductText
    fields: tuple[str, ...] = ()


def foreseen(work: UnitOfWork, deal: Deal, name: str, shown: Shown) -> tuple[EmptyPlace, ...]:
    """What the paper would leave empty if it were made now."""
    all_ = papers.of_deal(work, deal.id)
    version = papers.newest(all_, name) or Paper(
        PaperId(0), deal.id, name, "1", 1, papers.ASKED, None, None, "", None, None, work.now, None, None
    )  # fmt: skip
    facts = paper_facts.of(work, deal, version, all_, shown(work, work.process(deal.process), deal))
    return _empty(work, deal, name, paper_data.data_of(facts))


def left(work: UnitOfWork, deal: Deal, one: Paper) -> tuple[EmptyPlace, ...]:
    """What a made version has left empty."""
    told = work.tx.execute(TOLD, {"key": one.id}).scalar_one_or_none()
    return _empty(work, deal, one.name, told) if told else ()


def _empty(work: UnitOfWork, deal: Deal, name: str, told: Mapping[str, object]) -> tuple[EmptyPlace, ...]:
    """What a paper that says `told` (`paper_data.data_of`) leaves empty, in the order of the list of variables."""
    process = work.process(deal.process)
    described, known = process.papers[name], paper_templates.variables_of(process)
    printed = _printed(work, deal, name, described, told)
    left_out = access.unprinted_fields(process, described)  # on purpose
    empty = [one for one in known if one in printed and not _value(told, one)]
    places = [
        _place(process, described, one, known) for one in empty if left_out.isdisjoint(_fields(process, described, one))
    ]
    return tuple(dict.fromkeys(places))


def _printed(
    work: UnitOfWork, deal: Deal, name: str, described: PaperDefinition, told: Mapping[str, object]
) -> frozenset[str]:
    own = paper_templates.in_use(work, deal.process, name)
    if own is not None:
        return frozenset(own.printed)
    is_person = _value(told, "client.kind") == paper_data.PERSON
    ours = work.company.papers.blanks_of(described.template) - (OF_COMPANIES if is_person else OF_PERSONS)
    return frozenset(one for one in ours if not one.startswith("company."))  # they are asked of the owner before


def _value(told: Mapping[str, object], name: str) -> object:
    """What a paper says under a name; a list, and what is no group, is never empty."""
    group, _, key = name.partition(".")
    said = told.get(group)
    return said.get(key) if key and isinstance(said, Mapping) else True


def _place(process: Process, described: PaperDefinition, name: str, known: Mapping[str, ProductText]) -> EmptyPlace:
    """Called as the field that fills it, where there is one; so two places of one field are one."""
    fields = tuple(one for one in _fields(process, described, name) if _can_ask(process, one))[:1]
    if name.startswith(AGREED):  # the field says what an invoice asks for
        return EmptyPlace(VARIABLES["money.prepayment"], fields)
    return EmptyPlace(process.fields[fields[0]].title if fields else known[name], fields)


def _can_ask(process: Process, name: str) -> bool:
    field = process.fields.get(name)
    return field is not None and (not field.filled_by or set(field.filled_by) != {"robots"})


def _fields(process: Process, described: PaperDefinition, name: str) -> Iterator[str]:
    """The field that the place is filled from, the likeliest first: as `paper_facts` gathers it."""
    group, _, key = name.partition(".")
    match group, key:
        case "fields", _:
            yield key
        case "client", "name" | "short":
            yield process.client.name
        case "client", "phone":
            yield process.client.phone
        case (("client" | "terms"), "address"):
            yield from (one for one, field in process.fields.items() if isinstance(field, AddressField))
        case "client", _:
            yield key
        case "terms", "ready_on":  # what was promised comes later: the client is asked by when he wants it
            yield from (one for one in reversed(paper_facts.READY) if one in process.fields)
        case "terms", "wishes":
            yield from (one for one in paper_facts.WISHES if one in process.fields)
        case "money", _:
            yield from _money_fields(process, described, key)


def _money_fields(process: Process, described: PaperDefinition, key: str) -> Iterator[str]:
    amounts: Sequence[str] = [one.amount for one in process.papers.values() if one.amount]
    if key.startswith(("prepayment", "rest")):
        yield from dict.fromkeys([*amounts, *process.payment_fields[:1]])
    elif key.startswith("due") and described.amount:
        yield described.amount
    elif process.payments is not None:
        yield process.payments.total
    else:
        yield from amounts
