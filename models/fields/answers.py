"""Reading an answer to the question about a field, whatever its type (C-2)."""

from __future__ import annotations

from typing import Any

from models.fields.base import AnswerContext, Field
from models.values.dates.date_doubts import NO_TIME
from models.values.invalid_value import InvalidValue


def parse(field: Field, raw: str, context: AnswerContext) -> Any:
    """What was typed as the field's typed value; raises InvalidValue (what is wrong, an example)."""
    try:
        value = field.parse(raw, context)
        field.check(value, context)
    except InvalidValue as wrong:
        if field.example and wrong.code != NO_TIME:  # the process knows a better example than the grammar
            raise InvalidValue(wrong.code, wrong.message, field.example, **wrong.data).quoting(*wrong.quotes) from wrong
        raise
    return value
