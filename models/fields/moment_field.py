"""A day with a clock time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, Literal

from models.fields.base import AnswerContext
from models.fields.date_limits import LimitedDate
from models.process.annotations import DateLimitName
from models.values.dates import date_phrases


class MomentField(LimitedDate):
    """A date with a clock time, in the company's zone."""

    type: Literal["datetime"]
    not_before: Literal["now"] | DateLimitName | None = None

    rank: ClassVar[int] = 6
    usually_personal: ClassVar[bool] = False

    def parse(self, raw: str, context: AnswerContext) -> datetime:
        """Aware, UTC. A day alone is InvalidValue when.no_time, which names the day."""
        local = context.moment.calendar.local(context.moment.now)
        return date_phrases.parse_moment(raw, local).astimezone(UTC)

    def encode(self, value: datetime) -> str:
        """ISO text in UTC."""
        return value.astimezone(UTC).isoformat()

    def decode(self, data: str) -> datetime:
        """The moment out of it."""
        return datetime.fromisoformat(data)
