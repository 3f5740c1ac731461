"""A day."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from models.fields.base import AnswerContext, Field, check_others
from models.fields.date_limits import LimitedDate, earlier_than, later_than, named
from models.process.annotations import DateLimitName
from models.values.dates import date_phrases
from models.values.invalid_value import N_, InvalidValue


class DateField(LimitedDate):
    """A date of the business, in the company's zone."""

    type: Literal["date"]
    not_before: Literal["today"] | DateLimitName | None = None
    not_after: Literal["today"] | DateLimitName | None = None

    rank: ClassVar[int] = 5
    usually_personal: ClassVar[bool] = False

    def limits(self) -> tuple[str | None, str | None]:
        """Not before what, not after what: `today` or another date field."""
        return self.not_before, self.not_after

    def parse(self, raw: str, context: AnswerContext) -> date:
        """A day without its year is the next such day; the last such one where only the past is allowed."""
        return date_phrases.parse_date(raw, context.moment.today, past=self.not_after == "today")

    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue: date.far, .past, .future, .against."""
        super().check(value, context)
        day = context.moment.day_of(value)
        if self.not_after == "today" and day > context.moment.today:
            message = N_("Этот день ещё не наступил: нужна дата не позже сегодняшней.")
            raise InvalidValue("date.future", message, N_("сегодня"))
        bound = named(self.not_after, context)
        if bound is not None and day > context.moment.day_of(bound):
            raise later_than(self.title, context.fields[str(self.not_after)].title, bound).quoting(self.not_after)
        check_others(self, value, context)

    def check_kept(self, kept: Any, changed: str, other: Field, value: Any) -> None:
        """The date that this field has must stay on its side of the date that limits it."""
        if self.not_before == changed and kept < value:
            raise later_than(other.title, self.title, kept)
        if self.not_after == changed and kept > value:
            raise earlier_than(other.title, self.title, kept)

    def encode(self, value: date) -> str:
        """ISO text: 2026-03-14."""
        return value.isoformat()

    def decode(self, data: str) -> date:
        """The date out of it."""
        return date.fromisoformat(data)
