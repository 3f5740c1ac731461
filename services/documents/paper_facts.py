"""What a paper of a deal may say, gathered from the card, the client, the money and the requisites (K-11).

The process says by kinds of field what is what: the first address is where the furniture goes, the first booked
visit is the assembly, `goods` is what is bought. Where only a name can tell, the names are those below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from models import access, client_contact
from models.engine import balances
from models.entities import Client as Known
from models.entities import Deal
from models.fields import address_field
from models.fields.booking_field import BookingField
from models.fields.choice_field import ChoiceField
from models.process.process import PaperDefinition as Described
from models.process.process import Process
from models.values.visit_slot import VisitSlot
from services.clients import client_cards
from services.documents import paper_data, paper_items, paper_names, stored_requisites, sums_in_words
from services.documents.papers import Paper
from services.unit_of_work import UnitOfWork

READY = ("ready_on", "ready_at", "wanted_on")  # the day by which it is ready: as promised, else as the client wants it
WISHES = ("wishes", "special")
CONTRACT = ("contract", "contract.typ")  # the paper that others belong to, by name or by template


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def of(
    work: UnitOfWork, deal: Deal, version: Paper, all_: Sequence[Paper], shown: Mapping[str, str]
) -> paper_data.PaperFacts:
    """The facts of one version; `all_` are the deal's papers, `shown` its fields as text, as a person reads them.

    A paper bears the date of its number: the day on which its first version was asked for. What is hidden from somebody
    who may see the paper is not printed on it.
    """
    process = work.process(deal.process)
    described = process.papers[version.name]
    prices = access.has_prices(described)
    left_out = access.unprinted_fields(process, described)
    deal = deal.replace(fields={name: value for name, value in deal.fields.items() if name not in left_out})
    if not prices:
        left_out |= process.price_fields
    # an own template may name any field
    shown = {name: text for name, text in shown.items() if name not in left_out}
    contract = version if is_contract(process, version.name) else _contract(process, all_)
    text = deal.fields.get(process.goods.items) if process.goods and process.goods.items else None
    total, paid = balances.total(process, deal), balances.paid(process, deal)
    if total is None and described.amount:
        total = _money(deal, described.amount)
    lines = paper_items.read(text, total) if isinstance(text, str) else []
    features = _features(process, shown)
    if isinstance(text, str) and not lines and process.goods and process.goods.items:
        features = (*features, (process.fields[process.goods.items].title, paper_items.listed(text, prices=prices)))
    return paper_data.PaperFacts(
        company=stored_requisites.get(work),
        client=_client(work, process, deal),
        number=version.number,
        made_on=_day(work, _first(all_, version).at),
        deal_number=deal.number,
        deal_title=goods(process, deal, shown),
        deal_on=_day(work, deal.created_at),
        total=total,
        paid=paid,
        prepayment=_agreed(process, deal),
        due=_due(described, deal),
        version=version.version,
        contract_number=contract.number if contract else "",
        contract_on=_day(work, _first(all_, contract).at) if contract else None,
        lines=lines,
        features=features,
        ready_on=_ready(work, deal),
        delivery_address=_address(process, deal),
        assembly=_assembly(work, process, deal),
        wishes="; ".join(shown[name] for name in WISHES if shown.get(name)),
        fields=shown,
        prices=prices,
    )


def goods(process: Process, deal: Deal, shown: Mapping[str, str]) -> str:
    """What is bought: «Кухня угловая», as the process says it, else the deal's title."""
    if process.goods is None:
        return deal.title
    words_ = {name: _small(process, name, text) for name, text in shown.items()}
    said = process.goods.title.format_map(_Gaps(words_, deal=deal.title, number=deal.number))
    return " ".join(said.split()) or deal.title


def _small(process: Process, name: str, text: str) -> str:
    """An option in the middle of a title: «угловая», but «П-образная»."""
    is_word = isinstance(process.fields[name], ChoiceField) and text[1:2] not in ("", "-")
    return text[:1].lower() + text[1:] if is_word else text


def _features(process: Process, shown: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    names = process.goods.features if process.goods else ()
    return tuple((process.fields[name].title, shown.get(name, "")) for name in names)


def _first(all_: Sequence[Paper], one: Paper) -> Paper:
    return next((other for other in all_ if (other.name, other.number) == (one.name, one.number)), one)


def is_contract(process: Process, name: str) -> bool:
    """Whether that paper is the contract that the others belong to, by its name or its template."""
    return name == CONTRACT[0] or process.papers[name].template == CONTRACT[1]


def _contract(process: Process, all_: Sequence[Paper]) -> Paper | None:
    """The deal's contract, if it was made; one that was only asked for has a number, but nobody has seen it."""
    made = (one for one in all_ if one.state == "made" and one.name in process.papers)
    return next((one for one in made if is_contract(process, one.name)), None)


def _client(work: UnitOfWork, process: Process, deal: Deal) -> paper_data.PaperClient:
    known: Known | None = client_cards.get(work, deal.client_id) if deal.client_id else None
    contact = client_contact.contact(process.client, deal, known)
    company = client_cards.get(work, known.company_id) if known and known.company_id else None
    party = company or known
    is_company = party is not None and party.kind == "company"
    return paper_data.PaperClient(
        name=party.name if party and is_company else paper_names.name_of(work, process, deal, known),
        phone=contact.phone or "",
        address=_address(process, deal),
        email=_text(deal, "email"),
        kind=paper_data.COMPANY if is_company else paper_data.PERSON,
        passport=_text(deal, "passport"),
        inn=_text(deal, "inn"),
        kpp=_text(deal, "kpp"),
    )


def _text(deal: Deal, name: str) -> str:
    value = deal.fields.get(name)
    return value if isinstance(value, str) else ""


def _money(deal: Deal, name: str) -> Decimal | None:
    value = deal.fields.get(name)
    return value if isinstance(value, Decimal) else None


def _agreed(process: Process, deal: Deal) -> Decimal | None:
    """The prepayment: what came in as the first payment, else what an invoice with an `amount` of its own asks for."""
    first = next(iter(balances.slots(process, deal.pipeline)), None)
    if first and (came := _money(deal, first)):
        return came
    named = (one.amount for one in process.papers.values() if one.amount)
    return next((_money(deal, name) for name in named if _money(deal, name)), None)


def _due(described: Described, deal: Deal) -> Decimal | None:
    """What the paper asks for: its own amount, or (None) what is left to pay."""
    return _money(deal, described.amount) if described.pays and described.amount else None


def _ready(work: UnitOfWork, deal: Deal) -> date | None:
    value = next((deal.fields[name] for name in READY if deal.fields.get(name) is not None), None)
    if isinstance(value, datetime):
        return _day(work, value)
    return value if isinstance(value, date) else None


def _address(process: Process, deal: Deal) -> str:
    found = address_field.find_address(process.fields, deal.fields, process.fields)
    return found.one_line() if found else ""


def _assembly(work: UnitOfWork, process: Process, deal: Deal) -> str:
    booked = (deal.fields.get(name) for name, field in process.fields.items() if isinstance(field, BookingField))
    slot = next((one for one in booked if isinstance(one, VisitSlot)), None)
    if slot is None:
        return ""
    starts, ends = (work.company.calendar.local(at) for at in (slot.starts_at, slot.ends_at))
    nbsp = sums_in_words.NBSP
    return f"{sums_in_words.long_date(starts.date())}, с{nbsp}{starts:%H:%M} до{nbsp}{ends:%H:%M}"


def _day(work: UnitOfWork, at: datetime) -> date:
    return work.company.calendar.local(at).date()
