"""The kinds of field a deal can have. Each kind is asked for by its own input (C-2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from models.process.base import (
    AmountFieldName,
    DateLimitName,
    Duration,
    Name,
    OneOrMany,
    ProcessModel,
    SectionName,
    Sentence,
    ShortString,
    TextFieldName,
    Title,
)

HALF_HOUR = timedelta(minutes=30)

Role = Literal["owner", "supervisor", "manager", "installer", "technologist", "measurer", "dispatcher"]
ROLES: tuple[str, ...] = ("owner", "supervisor", "manager", "installer", "technologist", "measurer", "dispatcher")
ADDRESS_PARTS = ("city", "street", "house", "flat", "entrance", "floor", "intercom")
AddressPart = Literal["city", "street", "house", "flat", "entrance", "floor", "intercom"]


class _Field(ProcessModel):
    """What every field says of itself.

    `hint` is shown under the question, `example` when an answer was wrong, `section` is the card's section.
    `filled_by` are the roles that may fill it in by hand (default: all who may change the deal); robots always may,
    and `robots` alone means that nobody else does: what happened is not chosen (M-16).
    """

    title: Title
    """What people call it."""
    section: SectionName | None = None
    """Where it stands on the card. Without one it is not shown there, and must be asked for by something."""
    hint: Sentence | None = None
    """Shown under the question."""
    example: Sentence | None = None
    """Shown when an answer was wrong."""
    filled_by: OneOrMany[Role | Literal["robots"]] = ()
    """Who may fill it in by hand (default: all who may change the deal). `robots` alone: nobody, it follows."""

    def can_fill(self, role: str) -> bool:
        """Whether somebody of this role may fill the field in by hand."""
        return not self.filled_by or role in self.filled_by


class TextField(_Field):
    """Words; at least `shortest` characters where one word says too little (M-16)."""

    type: Literal["text"]
    shortest: Annotated[int, Setting(ge=0, le=200)] = 0
    longest: Annotated[int, Setting(ge=1, le=3000)] = 1000


class MoneyField(_Field):
    """Roubles; `at_most` and `at_least` are an amount or another money field."""

    type: Literal["money"]
    at_least: Decimal | AmountFieldName = Decimal("0.01")
    at_most: Decimal | AmountFieldName = Decimal("999999999.99")


class NumberField(_Field):
    """A number; `unit` is said after it («м²»)."""

    type: Literal["number"]
    at_least: Decimal = Decimal(0)
    at_most: Decimal = Decimal("1e9")
    unit: Title | None = None


class PhoneField(_Field):
    """A telephone number."""

    type: Literal["phone"]


class DateField(_Field):
    """A date of the business, in the company's zone."""

    type: Literal["date"]
    not_before: Literal["today"] | DateLimitName | None = None
    not_after: Literal["today"] | DateLimitName | None = None


class MomentField(_Field):
    """A date with a clock time, in the company's zone."""

    type: Literal["datetime"]
    not_before: Literal["now"] | DateLimitName | None = None


class YesNoField(_Field):
    """Yes or no."""

    type: Literal["yes_no"]


class ChoiceField(_Field):
    """One of the options, or `many` of them; options are `name: title`.

    `agrees_with` is a text field that must speak of the option chosen: it holds one of the option's `words` (beginnings
    of words, small letters); an option without words agrees with anything (M-16).
    """

    type: Literal["choice"]
    options: Annotated[dict[Name, Title], Setting(min_length=1)]
    many: bool = False
    agrees_with: TextFieldName | None = None
    words: dict[Name, tuple[ShortString, ...]] = {}


class AddressField(_Field):
    """A structured address; `parts` must be stated («нет» counts as stated, M-4)."""

    type: Literal["address"]
    parts: tuple[AddressPart, ...] = ("city", "street", "house")


class FileField(_Field):
    """One or many files, kept in the deal's `folder`; roles in `hidden_from` neither see nor find them (K-11)."""

    type: Literal["file"]
    folder: Title | None = None
    many: bool = True
    hidden_from: OneOrMany[Role] = ()


class PhotoField(_Field):
    """One or many photos, kept in the deal's `folder`; roles in `hidden_from` neither see nor find them."""

    type: Literal["photo"]
    folder: Title | None = None
    many: bool = True
    hidden_from: OneOrMany[Role] = ()


class PersonField(_Field):
    """An employee of that role, chosen from those who work now."""

    type: Literal["person"]
    role: Role


class PaymentField(_Field):
    """Money that came in: each answer is a line of the payments ledger, the field holds the sum of its lines (K-13).

    Together with its fellows it pays what the money field `of` says, and never more.
    """

    type: Literal["payment"]
    of: AmountFieldName


class BookingField(_Field):
    """A visit to the client: a free window of somebody of that `role`, reserved when it is chosen (K-19, K-20).

    It `takes` so long, `travel` is the way to the next client, `hold` is how long a window is kept while a person
    talks. The field is a date for robots and due rules, and a person for `to` and `notify`.
    """

    type: Literal["booking"]
    role: Role
    takes: Duration
    travel: Duration = timedelta(0)
    hold: Duration = timedelta(minutes=10)

    @model_validator(mode="after")
    def _half_hours(self) -> BookingField:
        if self.takes % HALF_HOUR or self.travel % HALF_HOUR:
            raise ValueError("`takes` and `travel` are whole half hours: 30m, 90m, 4h")
        if self.takes > timedelta(hours=12):
            raise ValueError("`takes` is at most 12h: a longer work is booked day by day")
        return self


class LocationField(_Field):
    """A place on the map, shared from the phone (K-22)."""

    type: Literal["location"]


Field = Annotated[
    TextField
    | MoneyField
    | NumberField
    | PhoneField
    | DateField
    | MomentField
    | YesNoField
    | ChoiceField
    | AddressField
    | FileField
    | PhotoField
    | PersonField
    | PaymentField
    | BookingField
    | LocationField,
    Setting(discriminator="type"),
]

DATE_FIELDS = (DateField, MomentField, BookingField)
PERSON_FIELDS = (PersonField, BookingField)
PRICE_FIELDS = (MoneyField, PaymentField)  # not for the people who drive out
FACTS = ("number", "title", "client", "phone", "stage", "direction", "responsible", "source", "created")
Fact = Literal["number", "title", "client", "phone", "stage", "direction", "responsible", "source", "created"]


class Section(ProcessModel):
    """A section of the card: `shows` are facts of the deal, then come the fields that name the section (F-C1)."""

    title: Title
    shows: tuple[Fact, ...] = ()
