"""What a person answers to a question: mostly what fits, now and then nonsense."""

from __future__ import annotations

import random

from models.fields.base import Field

NONSENSE = ("", "31.02", "?", "в 25:00", "<b>{x}</b>", "-5", "не знаю")
DATES = ("сегодня", "завтра", "послезавтра", "через 2 дня", "через 3 дня", "через 4 дня", "через 5 дней",
         "через неделю", "через 2 недели", "через 33 дня", "через 40 дней", "в понедельник", "в субботу")  # fmt: skip
CLOCKS = ("в 9:00", "в 9:30", "в 10", "в 12:00", "в 14:00", "в 16:30", "в 19:00")
SUMS = ("150 000", "150 000 ₽", "75 000", "75 000", "1 000 ₽", "200 000", "20 000", "115 973")
TEXTS = ("Посчитали дорого: у соседей дешевле", "Кухня угловая, три метра", "Позвонить после обеда, домофон 12")
BY_BUTTON = ("choice", "person", "yes_no", "booking")


def typed(rnd: random.Random, field: Field | None) -> str:
    """An answer in words; one in twelve is nonsense."""
    if rnd.randrange(12) == 0:
        return rnd.choice(NONSENSE)
    match field.type if field is not None else "text":
        case "money" | "payment" | "number":
            return rnd.choice(SUMS)
        case "date":
            return rnd.choice(DATES)
        case "datetime" | "booking":
            return f"{rnd.choice(DATES[1:])} {rnd.choice(CLOCKS)}"
        case "phone":
            return f"8 912 345-67-{rnd.randrange(10, 99)}"
        case "address":
            return "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12"
        case "yes_no":
            return rnd.choice(("да", "нет"))
        case _:
            return rnd.choice(TEXTS)
