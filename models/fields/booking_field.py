"""A visit to the client, booked in a free window of somebody's time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from models.fields.base import AnswerContext
from models.fields.groups import DateLike, PersonNaming
from models.process.annotations import Duration
from models.values.invalid_value import N_, InvalidValue
from models.values.visit_slot import VisitSlot

HALF_HOUR = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


class BookingField(DateLike, PersonNaming):
    """A visit to the client: a free window of somebody of that `role`, reserved when it is chosen (K-19, K-20).

    It `takes` so long, `travel` is the way to the next client, `hold` is how long a window is kept while a person
    talks. The field is a date for robots and due rules, and a person for `to` and `notify`.
    """

    type: Literal["booking"]
    takes: Duration
    travel: Duration = timedelta(0)
    hold: Duration = timedelta(minutes=10)

    rank: ClassVar[int] = 14
    usually_personal: ClassVar[bool] = False
    needs_deal: ClassVar[bool] = True

    @model_validator(mode="after")
    def _half_hours(self) -> BookingField:
        if self.takes % HALF_HOUR or self.travel % HALF_HOUR:
            raise ValueError("`takes` and `travel` are whole half hours: 30m, 90m, 4h")
        if self.takes > LONGEST:
            raise ValueError("`takes` is at most 12h: a longer work is booked day by day")
        return self

    def parse(self, raw: str, context: AnswerContext) -> VisitSlot:
        """Which windows are free is not known here: the question reads what is typed by itself."""
        raise self.wrong_kind()

    def check(self, value: VisitSlot, context: AnswerContext) -> None:
        """Whether the window is free is asked where it is booked."""

    def encode(self, value: VisitSlot) -> dict[str, Any]:
        """Who comes, from when to when."""
        return value.to_data()

    def decode(self, data: Mapping[str, Any]) -> VisitSlot:
        """The visit out of it."""
        return VisitSlot.from_data(data)

    def wrong_kind(self) -> InvalidValue:
        """A window is wanted."""
        return InvalidValue("window.wanted", N_("Здесь нужно свободное окно мастера: выберите его кнопкой."))

    def people_of(self, value: VisitSlot) -> tuple[int, ...]:
        """Everybody who comes."""
        return value.people

    def person_of(self, value: VisitSlot) -> int:
        """Who comes."""
        return value.person_id
