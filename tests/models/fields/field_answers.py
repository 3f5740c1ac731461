"""Answers to the question about a field, on Tuesday, 10 March 2026, at noon in Moscow."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from keyboards.translator import translator
from models.engine.deal_state import Moment
from models.fields import answers
from models.fields.base import AnswerContext, Field
from models.fields.date_field import DateField
from models.fields.money_field import MoneyField
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar

MOSCOW = ZoneInfo("Europe/Moscow")
MOMENT = Moment(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), WorkCalendar(MOSCOW))
T = translator("ru", MOSCOW)
BUDGET = MoneyField(type="money", title="Бюджет", example="150 000")
PREPAYMENT = MoneyField(type="money", title="Предоплата", at_most="budget")
READY = DateField(type="date", title="Готовность", not_before="today")
ASSEMBLY = DateField(type="date", title="Монтаж", not_before="ready")
FIELDS: dict[str, Field] = {"budget": BUDGET, "prepayment": PREPAYMENT, "ready": READY, "assembly": ASSEMBLY}


def parse(field: Field, raw: str, **known: object) -> object:
    return answers.parse(field, raw, AnswerContext(MOMENT, known, FIELDS))


def wrong(field: Field, raw: str, **known: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse(field, raw, **known)
    return T.wrong(caught.value).replace("\N{NO-BREAK SPACE}", " ")
