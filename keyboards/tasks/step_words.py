"""How a next step reads: when it comes again."""

from __future__ import annotations

from collections.abc import Mapping

from models.states import StepEvery
from models.values.invalid_value import N_
from models.values.product_text import ProductText

EVERY: Mapping[StepEvery, ProductText] = {
    "day": N_("каждый день"),
    "workday": N_("каждый рабочий день"),
    "week": N_("каждую неделю"),
    "month": N_("каждый месяц"),
}
