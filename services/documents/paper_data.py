"""What every template gets, ours in typst and the owner's in .docx alike (K-11).

Everything is text as it is to be printed, "" where nothing is known; a template draws a line to write on by hand then.

    paper     number, version, date («22 ноября 2026 г.»), date_short («22.11.2026»)
    deal      number, title, date
    contract  number, date — of the contract that an invoice, a specification or an act belongs to
    client    name, short («Иванова М. П.»), phone, email, address, kind ("person" or "company"), passport, inn, kpp,
              ogrn, represented («директора Иванова Петра Ильича»), basis, called («именуемая», «именуемое» …)
    company   everything of `Requisites`, and signer («Иванова М. П.»), represented («директора Ивановой Марии
              Петровны»), called, acting («действующей»), kind ("sole" or "company")
    money     total, total_words, total_contract («150 000 (сто пятьдесят тысяч) рублей 00 копеек»), paid, balance,
              prepayment, prepayment_contract, prepayment_share («50 %»), rest, rest_contract (total without
              prepayment), due, due_words (what an invoice asks for), vat («без НДС», or with rate and sum), vat_sum
    lines     a list of n, name, qty, unit, price, sum
    features  a list of title, text: what the specification tells about the order
    terms     ready_on, address, assembly, warranty, wishes
    fields    name of a process field: its value as the card shows it
    qr        the payment code as an SVG; qr_text: the same as text (both empty where there is nothing to pay)

Where prices are not for everybody's eyes (an installer carries the act) every money text is "", save `vat`, which then
names the rate alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.values.clean_text import clean
from models.values.phone import format_phone
from services.documents import payment_qr, personal_names, sums_in_words
from services.documents.requisites import Requisites

PERSON, COMPANY = "person", "company"
WARRANTY = f"24{sums_in_words.NBSP}месяца"  # ГОСТ 16371-2014 for furniture of a household
CALLED = {"female": "именуемая", "male": "именуемый", None: "именуемый(-ая)"}
ACTING = {"female": "действующей", "male": "действующего", None: "действующего(-ей)"}


@dataclass(frozen=True)
class PaperClient:
    """The other side. `represented` and `basis` («директора Иванова Петра Ильича», «Устава») are a company's."""

    name: str
    phone: str = ""  # E.164
    address: str = ""
    email: str = ""
    kind: str = PERSON
    passport: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    represented: str = ""
    basis: str = ""


@dataclass(frozen=True)
class PrintedItem:
    """One row of an invoice or a specification; price in roubles per unit."""

    name: str
    price: Decimal
    qty: Decimal = Decimal(1)
    unit: str = "шт."

    @property
    def total(self) -> Decimal:
        return (self.price * self.qty).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class PaperFacts:
    """All that a paper may say, as plain values; `data_of` makes the template's dictionary of it."""

    company: Requisites
    client: PaperClient
    number: str
    made_on: date
    deal_number: str
    deal_title: str
    deal_on: date
    total: Decimal | None = None
    paid: Decimal = Decimal(0)
    prepayment: Decimal | None = None  # as agreed in the contract
    due: Decimal | None = None  # what this invoice asks for; the balance, if nothing is said
    version: int = 1
    contract_number: str = ""
    contract_on: date | None = None
    lines: Sequence[PrintedItem] = ()  # without any, the deal itself is the one line
    features: Sequence[tuple[str, str]] = ()
    ready_on: date | None = None
    delivery_address: str = ""
    assembly: str = ""
    warranty: str = WARRANTY
    wishes: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    prices: bool = True
    qr_kind: str = "ST00012"
    purpose: str = ""  # of the payment; made of number and date, if nothing is said


def data_of(facts: PaperFacts) -> dict[str, Any]:
    """The dictionary described above. Every text is cleaned; nothing in it is None."""
    code = _code(facts)
    return {
        "paper": {
            "number": facts.number,
            "version": str(facts.version),
            "date": sums_in_words.long_date(facts.made_on),
            "date_short": sums_in_words.short_date(facts.made_on),
        },
        "deal": {
            "number": facts.deal_number,
            "title": clean(facts.deal_title),
            "date": sums_in_words.long_date(facts.deal_on),
        },
        "contract": {
            "number": facts.contract_number,
            "date": sums_in_words.long_date(facts.contract_on) if facts.contract_on else "",
        },
        "client": _client(facts.client),
        "company": _company(facts.company),
        "money": _money(facts),
        "lines": [_line(place, line, facts.prices) for place, line in enumerate(_lines(facts), 1)],
        "features": [{"title": clean(title), "text": clean(text)} for title, text in facts.features if text],
        "terms": {
            "ready_on": sums_in_words.long_date(facts.ready_on) if facts.ready_on else "",
            "address": clean(facts.delivery_address),
            "assembly": clean(facts.assembly),
            "warranty": clean(facts.warranty),
            "wishes": clean(facts.wishes),
        },
        "fields": {name: clean(text) for name, text in facts.fields.items()},
        "qr": payment_qr.svg(code) if code else "",
        "qr_text": code.decode(payment_qr.ENCODINGS[facts.qr_kind]) if code else "",
    }


def _client(one: PaperClient) -> dict[str, str]:
    is_person = one.kind == PERSON
    name = clean(one.name)
    return {
        "name": name,
        "short": personal_names.initials(name) if is_person and name else name,
        "phone": _phone(one.phone),
        "email": clean(one.email),
        "address": clean(one.address),
        "kind": one.kind,
        "passport": clean(one.passport),
        "inn": one.inn,
        "kpp": one.kpp,
        "ogrn": one.ogrn,
        "represented": clean(one.represented),
        "basis": clean(one.basis),
        "called": CALLED[personal_names.sex(name)] if is_person else "именуемое",
    }


def _company(one: Requisites) -> dict[str, str]:
    sex = personal_names.sex(one.director or one.full_name)
    return {
        **one.to_json(),
        "phone": _phone(one.phone),
        "signer": one.signer(),
        "represented": one.represented(),
        "called": "именуемый" if one.is_sole else "именуемое",
        "acting": ACTING[sex],
        "kind": "sole" if one.is_sole else COMPANY,
    }


def _phone(e164: str) -> str:
    return format_phone(e164).replace(" ", sums_in_words.NBSP) if e164 else ""


def _lines(facts: PaperFacts) -> Sequence[PrintedItem]:
    return facts.lines or (PrintedItem(facts.deal_title, facts.total or Decimal(0), unit="компл."),)


def _line(place: int, line: PrintedItem, prices: bool) -> dict[str, str]:
    qty = f"{line.qty.normalize():f}".replace(".", ",")
    return {
        "n": str(place),
        "name": clean(line.name),
        "qty": qty,
        "unit": clean(line.unit),
        "price": sums_in_words.plain_sum(line.price) if prices and line.price else "",
        "sum": sums_in_words.plain_sum(line.total) if prices and line.price else "",
    }


def _money(facts: PaperFacts) -> dict[str, str]:
    names = "total total_words total_contract paid balance prepayment prepayment_contract prepayment_share rest "
    known = dict.fromkeys(f"{names} rest_contract due due_words vat vat_sum".split(), "")
    total = facts.total
    known["vat"] = facts.company.vat_words(total if facts.prices else None)
    if total is None or not facts.prices:
        return known
    balance = max(total - facts.paid, Decimal(0))
    due = _due(facts, total)
    known |= {
        "total": sums_in_words.plain_sum(total),
        "total_words": sums_in_words.sum_in_words(total),
        "total_contract": sums_in_words.contract_sum(total),
        "paid": sums_in_words.plain_sum(facts.paid),
        "balance": sums_in_words.plain_sum(balance),
        "due": sums_in_words.plain_sum(due),
        "due_words": sums_in_words.sum_in_words(due),
        "vat_sum": sums_in_words.plain_sum(facts.company.vat_of(total)),
    }
    if facts.prepayment:
        rest = max(total - facts.prepayment, Decimal(0))
        known |= {
            "prepayment": sums_in_words.plain_sum(facts.prepayment),
            "prepayment_contract": sums_in_words.contract_sum(facts.prepayment),
            "prepayment_share": _share(facts.prepayment, total),
            "rest": sums_in_words.plain_sum(rest),
            "rest_contract": sums_in_words.contract_sum(rest),
        }
    return known


def _due(facts: PaperFacts, total: Decimal) -> Decimal:
    return facts.due if facts.due is not None else max(total - facts.paid, Decimal(0))


def _share(part: Decimal, total: Decimal) -> str:
    """«50 %» if it is a whole number of per cent, else nothing: 33,3 % in a contract is asking for trouble."""
    share = part * 100 / total if total else Decimal("0.1")
    return f"{share:.0f}{sums_in_words.NBSP}%" if share == share.to_integral_value() else ""


def _code(facts: PaperFacts) -> bytes:
    """The payment code, if there is something to pay, prices may be seen and the bank is known."""
    own = facts.company
    if facts.total is None or not facts.prices or not (own.account and own.bik and own.bank and own.inn):
        return b""
    due = _due(facts, facts.total)
    if due <= 0:
        return b""
    purpose = facts.purpose or f"Оплата по счёту № {facts.number} от {sums_in_words.short_date(facts.made_on)}"
    vat = "без НДС" if not own.vat_of(due) else f"в т. ч. НДС {own.vat}% {sums_in_words.plain_sum(own.vat_of(due))}"
    payment = payment_qr.QrPayment(
        name=own.short_name or own.full_name,
        account=own.account,
        bank=own.bank,
        bik=own.bik,
        corr_account=own.corr_account,
        inn=own.inn,
        kpp=own.kpp,
        purpose=f"{purpose}, {vat}",
        total=due,
    )
    return payment_qr.payload(payment, facts.qr_kind)
