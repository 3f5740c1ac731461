"""Monthly pipelines: one described stage stands for every month, and a deal stands on the month of a date (M-17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from models.values.product_text import ProductText

MONTH = re.compile(r"m(\d{4})(0[1-9]|1[0-2])")
TITLES = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
AHEAD = 24  # so many months can be looked through


def is_month(stage: str) -> bool:
    """Whether it is the stage of a month."""
    return MONTH.fullmatch(stage) is not None


def stage_of(day: date | datetime) -> str:
    """«m202701»: the stage of the day's month."""
    return f"m{day.year:04d}{day.month:02d}"


def title_of(stage: str) -> ProductText:
    """«Январь 2027»."""
    found = MONTH.fullmatch(stage)
    if found is None:
        raise ValueError(f"{stage} is no month")
    return ProductText(f"{TITLES[int(found[2]) - 1]} {found[1]}")  # one of twelve names, and four digits


def first_of(title: str) -> date | None:
    """The first day of the month that a title names («Январь 2027»); None for any other title."""
    name, _, year = title.partition(" ")
    if name not in TITLES or len(year) != 4 or not year.isdecimal():
        return None
    return date(int(year), TITLES.index(name) + 1, 1)


def number_of(stage: str) -> int:
    """The month as one number, for a button."""
    found = MONTH.fullmatch(stage)
    if found is None:
        raise ValueError(f"{stage} is no month")
    return int(found[1]) * 12 + int(found[2]) - 1


def of_number(number: int) -> str:
    """The stage of such a number."""
    return f"m{number // 12:04d}{number % 12 + 1:02d}"


def ahead(today: date, most: int = AHEAD) -> Iterator[str]:
    """This month and those after it."""
    first = today.year * 12 + today.month - 1
    return (of_number(first + place) for place in range(most))
