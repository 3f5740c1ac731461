"""Sums and dates as papers write them: in words, in the right case and gender."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\N{NO-BREAK SPACE}"
LARGEST = Decimal(10) ** 15  # a paper with a sum like that is a mistake
_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = _MONTHS.split()
ROUBLES = ("рубль", "рубля", "рублей")
_TEENS = (
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_UNITS = "один два три четыре пять шесть семь восемь девять"
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
UNITS = ["", *_UNITS.split(), *_TEENS.split()]
TENS = ["", "", *_TENS.split()]
HUNDREDS = ["", *_HUNDREDS.split()]
FEMININE = {"один": "одна", "два": "две"}
THOUSANDS: tuple[tuple[()] | tuple[str, str, str], ...] = (
    (),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)


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
    """«двадцать одна тысяча пять», of anything masculine. ValueError below zero and from `LARGEST` on."""
    if not 0 <= number < LARGEST:
        raise ValueError(f"no number for a paper: {number}")
    said: list[str] = []
    for forms in THOUSANDS:
        number, low = divmod(number, 1000)
        words = _below_thousand(low)
        if forms and low:
            words = [FEMININE.get(word, word) if forms[0] == "тысяча" else word for word in words]
            words.append(plural(low, *forms))
        said[:0] = words
    return " ".join(said) or "ноль"


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10) if rest >= len(UNITS) else (0, rest)
    return [word for word in (HUNDREDS[hundreds], TENS[tens], UNITS[units]) if word]


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
