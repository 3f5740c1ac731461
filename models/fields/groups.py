"""What several types of field have in common. A new type joins a group by being a subclass of it."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

from models.fields.base import AnswerContext, Field
from models.process.annotations import Title
from models.roles import Role
from models.values import money, money_doubts
from models.values.invalid_value import N_, InvalidValue


class KeptAsIs(Field, group=True):
    """Its values are JSON as they are: words, an employee's number, a yes or no."""

    def encode(self, value: Any) -> Any:
        """The value itself."""
        return value

    def decode(self, data: Any) -> Any:
        """The value itself."""
        return data


class DateLike(Field, group=True):
    """It says a day: its value is a date, an aware moment or a booked visit (`models.values.visit_slot.start_of`).

    Robots, due rules and `days_until` may name it, and the card shows it among its dates.
    """


class Amount(Field, group=True):
    """Its value is a Decimal of at most two decimals, which conditions compare; kept as whole hundredths."""

    def encode(self, value: Any) -> Any:
        """Whole kopecks (hundredths of a number)."""
        return money.to_kopecks(value)

    def decode(self, data: Any) -> Any:
        """The Decimal out of them."""
        return money.from_kopecks(data)


class Priced(Field, group=True):
    """A sum of money: not for the people who drive out (C-8)."""

    def doubt(self, raw: str, value: Any, context: AnswerContext) -> tuple[Any, ...]:
        """A bare number far from what such a sum is here: «150» for a kitchen may be thousands (truth 38)."""
        if not isinstance(value, Decimal) or not money_doubts.is_bare(raw):
            return ()
        expected = self.expected(context)
        readings = money_doubts.readings(value, expected) if expected is not None else ()
        return (*readings[:1], *(one for one in readings[1:] if self._may_be(one, context)))

    def expected(self, context: AnswerContext) -> Decimal | None:
        """About how much it is, in roubles: what limits it on this deal, else what it usually is in this company, else
        the process's example. None where nobody can say."""
        bound = self.bound(context)
        return bound if bound is not None else context.usual() or self._of_example()

    def bound(self, context: AnswerContext) -> Decimal | None:
        """The sum of the same deal that it cannot exceed, if one is named and known."""
        return None

    def _of_example(self) -> Decimal | None:
        try:
            return money.parse_money(self.example) if self.example else None
        except InvalidValue:  # an example in words measures nothing
            return None

    def _may_be(self, amount: Decimal, context: AnswerContext) -> bool:
        try:
            self.check(amount, context)
        except InvalidValue:
            return False
        return True


class PersonNaming(Field, group=True):
    """It names an employee of its `role`: `to`, `notify` and the words {…_who}, {…_phone} may be about him."""

    role: Role

    @abstractmethod
    def person_of(self, value: Any) -> int:
        """The id of the employee whom the value names."""

    def people_of(self, value: Any) -> tuple[int, ...]:
        """Everybody whom the value names, the first one first."""
        return (self.person_of(value),)


class FileLike(Field, group=True):
    """Files, kept in the deal's `folder` (by default the field's title); `many` of them or one (K-11)."""

    folder: Title | None = None
    many: bool = True

    needs_deal: ClassVar[bool] = True
    usually_personal: ClassVar[bool] = True  # a contract, a photo of the client's home

    @abstractmethod
    def takes(self, *, picture: bool) -> bool:
        """Whether such a file (a picture, or any other) may lie here."""

    @abstractmethod
    def is_meant_for(self, *, picture: bool) -> bool:
        """Whether such a file belongs here rather than under another field that would take it too."""

    def parse(self, raw: str, context: AnswerContext) -> tuple[int, ...]:
        """Words are no file."""
        raise self.wrong_kind()

    def check(self, value: tuple[int, ...], context: AnswerContext) -> None:
        """At least one file: InvalidValue file.none."""
        if not value:
            raise InvalidValue("file.none", N_("Пришлите хотя бы один файл."))

    def encode(self, value: tuple[int, ...]) -> list[int]:
        """The ids of the files."""
        return list(value)

    def decode(self, data: list[int]) -> tuple[int, ...]:
        """The ids of the files."""
        return tuple(data)
