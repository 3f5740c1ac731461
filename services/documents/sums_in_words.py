"""Sums and dates as papers write them: in words, in the right case and gender."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

NBSP = "\N{NO-BREAK SPACE}"
LARGEST = Decimal(10) ** 15  # num2words would go on; a paper with a sum like that is a mistake
_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = _MONTHS.split()
ROUBLES = ("рубль", "рубля", "рублей")


def plain_sum(amount: Decimal) -> str:
    """«150 000,00»: no-break spaces, kopecks always, as tables of papers have it."""
    return f"{_checked(amount):,.2f}".replace(",", NBSP).replace(".", ",")


def sum_in_words(amount: Decimal) -> str:
    """«Сто пятьдесят тысяч рублей 00 копеек»: a whole phrase for «сумма прописью». ValueError below zero."""
    whole, kopecks = _parts(amount)
    words = f"{number_in_words(whole)} {plural(whole, *ROUBLES)} {_kopecks(kopecks)}"
    return words[0].upper() + words[1:]


def contract_sum(amount: Decimal) -> str:
    """«150 000 (сто пятьдесят тысяч) рублей 00 копеек»: as a contract says a sum. ValueError below zero."""
    whole, kopecks = _parts(amount)
    figures = f"{whole:,}".replace(",", NBSP)
    return f"{figures} ({number_in_words(whole)}) {plural(whole, *ROUBLES)} {_kopecks(kopecks)}"


def number_in_words(number: int) -> str:
    """«двадцать один». Always through Decimal: num2words reads an int sum as kopecks elsewhere, so it gets none."""
    return str(num2words(Decimal(number), lang="ru"))


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form that goes with the number: 1 рубль, 2 рубля, 5 рублей, 11 рублей."""
    tail, tens = number % 10, number % 100
    if tail == 1 and tens != 11:
        return one
    return few if 2 <= tail <= 4 and not 12 <= tens <= 14 else many


def long_date(day: date) -> str:
    """«22 ноября 2026 г.» that no line end tears apart."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}{NBSP}г."


def short_date(day: date) -> str:
    """«22.11.2026»."""
    return f"{day:%d.%m.%Y}"


def _checked(amount: Decimal) -> Decimal:
    """Whole kopecks, half up; ValueError for what no paper can say."""
    if not amount.is_finite() or amount < 0 or amount >= LARGEST:
        raise ValueError(f"no sum for a paper: {amount}")
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _parts(amount: Decimal) -> tuple[int, int]:
    return divmod(int(_checked(amount) * 100), 100)


def _kopecks(number: int) -> str:
    return f"{number:02d} {plural(number, 'копейка', 'копейки', 'копеек')}"
