"""What a date may be: not too far off, not in the past, not before or after another field of the deal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from models.fields.base import AnswerContext
from models.fields.groups import DateLike
from models.values.dates import date_arithmetic, date_doubts
from models.values.invalid_value import N_, InvalidValue, Titles
from models.values.product_text import ProductText

YEARS = 10  # a business date farther off than this is a slip of the finger
NOW = ("today", "now")  # what a limit may say instead of a field


class LimitedDate(DateLike, group=True):
    """A date that has limits; `not_before` is `today`, `now` or another date field."""

    not_before: str | None = None

    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue: date.far, .past, .against."""
        day, today = context.moment.day_of(value), context.moment.today
        if abs(day.year - today.year) > YEARS:
            far = N_("{year} год — это слишком далеко. Проверьте дату.")
            raise InvalidValue("date.far", far, self.example or date_arithmetic.example(today), year=str(day.year))
        if self.not_before == "today" and day < today:
            raise InvalidValue("date.past", N_("Этот день уже прошёл. Нужна дата не раньше сегодняшней."), N_("завтра"))
        if self.not_before == "now" and isinstance(value, datetime) and value < context.moment.now:
            raise InvalidValue("date.past", N_("Это время уже прошло. Нужно время впереди."), N_("завтра в 10:00"))
        bound = named(self.not_before, context)
        if bound is not None and _is_before(value, bound, context):
            raise earlier_than(self.title, context.fields[str(self.not_before)].title, bound).quoting(self.not_before)

    def doubt(self, raw: str, value: Any, context: AnswerContext) -> tuple[Any, ...]:
        """A date said by words, or one that fell into the next year, is confirmed."""
        moment = context.moment
        unsure = date_doubts.is_relative(raw) or date_doubts.is_next_year(raw, moment.day_of(value), moment.today)
        return (value,) if unsure else ()

    def limits(self) -> tuple[str | None, str | None]:
        """Not before what, not after what: `today`, `now` or another date field."""
        return self.not_before, None


def named(limit: str | None, context: AnswerContext) -> Any:
    """What stands under the field that a limit names; None where it names none, or the field is empty."""
    return context.values.get(limit) if limit and limit not in NOW else None


def _is_before(value: date | datetime, bound: Any, context: AnswerContext) -> bool:
    if isinstance(value, datetime) and isinstance(bound, datetime):
        return value < bound
    return context.moment.day_of(value) < context.moment.day_of(bound)


def earlier_than(title: ProductText, other: ProductText, bound: object) -> InvalidValue:
    """A date that must not come before another field's."""
    message = N_("«{title}» не может быть раньше, чем «{other}» — {limit}.")
    return InvalidValue("date.against", message, title=Titles((title,)), other=Titles((other,)), limit=bound)


def later_than(title: ProductText, other: ProductText, bound: object) -> InvalidValue:
    """A date that must not come after another field's."""
    message = N_("«{title}» не может быть позже, чем «{other}» — {limit}.")
    return InvalidValue("date.against", message, title=Titles((title,)), other=Titles((other,)), limit=bound)
