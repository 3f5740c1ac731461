"""Sums of money as people type them: «150 000», «150т», «1,5 млн», «2 млн 300 тыс», «150 тысяч рублей 50 копеек».

Never a guess: what can be read in two ways is refused with a question.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from models.values.clean_text import squeeze
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText

EXAMPLE = ProductText("150 000")
KOPECK = Decimal("0.01")
MILLION, THOUSAND, ONE = Decimal(1_000_000), Decimal(1000), Decimal(1)
LONGEST = 80
LARGEST = Decimal("92233720368547758.07")  # what a 64-bit column of kopecks holds

# Words are matched whole, after lower-casing and «ё» → «е».
UNITS = {
    word: value
    for words, value in (
        ("млн миллион миллиона миллионов м mln mio million millions m", MILLION),
        ("т тыс тысяча тысячи тысяч тысячу к тр k thousand", THOUSAND),
        ("₽ р руб рубль рубля рублей рубли rub rur p ruble rubles", ONE),
        ("коп копейка копейки копеек kopecks", KOPECK),
    )
    for word in words.split()
}
TOKEN = re.compile(r"\s*(?:(?P<number>[0-9](?:[0-9.,']|[ ](?=[0-9]))*)|(?P<word>т\.?\s?р(?![^\W_])|[^\W\d_]+|₽))\s*\.?")
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
GROUPED = (
    re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?"),
    re.compile(r"[0-9]{1,3}(?:'[0-9]{3})+(?:[.,][0-9]+)?"),
    re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}"),
    re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}"),
)
ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


@dataclass(frozen=True)
class _Term:
    number: str
    unit: Decimal | None  # None: a bare number
    is_rouble: bool = False


def parse_money(raw: str, *, at_least: Decimal = KOPECK, at_most: Decimal = Decimal("999999999.99")) -> Decimal:
    """Read a sum in roubles, with at most two decimals, between ``at_least`` and ``at_most``.

    Raises Wrong: money.empty, .words, .digits, .negative, .unclear, .ambiguous, .decimals, .range.
    """
    text = squeeze(raw).rstrip(" .!")
    _check_letters(text)
    total = _total(_terms(text))
    # Size first: quantize() fails on numbers longer than the decimal context.
    if total > at_most:
        too_much = N_("Сумма слишком велика: можно не больше {at_most}.")
        raise InvalidValue("money.range", too_much, EXAMPLE, at_most=shown(at_most))
    if total != total.quantize(KOPECK):
        raise InvalidValue("money.decimals", N_("В сумме не больше двух знаков после запятой."), "150 000,50")
    if total == 0 and at_least > 0:
        raise InvalidValue("money.range", N_("Сумма должна быть больше нуля."), EXAMPLE)
    if total < at_least:
        too_little = N_("Сумма слишком мала: нужно не меньше {at_least}.")
        raise InvalidValue("money.range", too_little, EXAMPLE, at_least=shown(at_least))
    return total.quantize(KOPECK)


def to_kopecks(amount: Decimal) -> int:
    """Give whole kopecks for the database; ValueError for parts of a kopeck, NaN, or more than 64 bits."""
    if not amount.is_finite() or abs(amount) > LARGEST or amount != amount.quantize(KOPECK):
        raise ValueError(f"not a whole number of kopecks: {amount}")
    return int(amount * 100)


def from_kopecks(kopecks: int) -> Decimal:
    """Give roubles with two decimals."""
    return Decimal(kopecks).scaleb(-2)


def shown(amount: Decimal) -> str:
    """Write a sum for a message: no-break spaces, and kopecks only if there are any."""
    text = f"{amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text.removesuffix(",00")


def _check_letters(text: str) -> None:
    """Refuse what no grammar should look at, each with its own reason."""
    if not text:
        raise InvalidValue("money.empty", N_("Сумма не введена."), EXAMPLE)
    if any(ch.isdigit() and not ("0" <= ch <= "9") for ch in text):
        raise InvalidValue("money.digits", N_("Пожалуйста, наберите сумму обычными цифрами: 0–9."), EXAMPLE)
    if not any("0" <= ch <= "9" for ch in text):
        raise InvalidValue("money.words", N_("Пожалуйста, напишите сумму цифрами, не словами."), EXAMPLE)
    if text.startswith(("-", "минус", "minus")):
        raise InvalidValue("money.negative", N_("Сумма не может быть отрицательной."), EXAMPLE)
    if len(text) > LONGEST:
        raise _unclear(text[:LONGEST] + "…")


def _terms(text: str) -> list[_Term]:
    """Split «2 млн 300 тыс» into its numbers, each with the unit that follows it."""
    terms: list[_Term] = []
    position = 0
    if text.startswith("₽"):
        position = 1
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _unclear(text[position:])
        position = match.end()
        if match["number"]:
            terms.append(_Term(match["number"].rstrip(), None))
        else:
            _add_unit(terms, match["word"], text)
    return terms


def _add_unit(terms: list[_Term], word: str, text: str) -> None:
    """Give the last number its unit, or accept «рублей» after «тысяч»."""
    unit = THOUSAND if word.startswith("т") and word.endswith("р") else UNITS.get(word)
    if not terms or unit is None:
        raise _unclear(word if unit is None else text)
    last = terms[-1]
    if last.unit is None:
        terms[-1] = _Term(last.number, unit, unit == ONE)
    elif unit == ONE and not last.is_rouble and last.unit >= THOUSAND:
        terms[-1] = _Term(last.number, last.unit, True)
    else:
        raise _unclear(text)


def _total(terms: list[_Term]) -> Decimal:
    """Add the terms up: units go down, and only the last number may have a fraction."""
    total = Decimal(0)
    above: Decimal | None = None
    for index, term in enumerate(terms):
        unit = term.unit or ONE
        value = _number(term.number, grouped_only=unit in (ONE, KOPECK))
        is_last = index == len(terms) - 1
        if not is_last and value != value.to_integral_value():
            raise _unclear(term.number)
        if above is not None:
            _check_fits(term, value * unit, above, terms[index - 1])
        total += value * unit
        above = unit
    return total


def _check_fits(term: _Term, amount: Decimal, above: Decimal, before: _Term) -> None:
    """Refuse «150 тыс 2000», and «2 млн 300»: three hundred roubles or three hundred thousand?"""
    if before.unit is None or amount >= above:
        raise _unclear(term.number)
    if above == MILLION and term.unit is None:
        raise InvalidValue(
            "money.ambiguous",
            N_("Непонятно, {number} — это рубли или тысячи. Напишите сумму целиком."),
            "2 300 000",
            number=term.number,
        )


def _number(text: str, *, grouped_only: bool) -> Decimal:
    """Read one number; "150.000" without a unit may be thousands or a fraction, so it is asked back."""
    if grouped_only and ONE_GROUP.fullmatch(text):
        raise InvalidValue(
            "money.ambiguous",
            N_("Непонятно, «{number}» — это тысячи или доли рубля. Напишите без точек и запятых."),
            EXAMPLE,
            number=text,
        )
    if PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    for index, pattern in enumerate(GROUPED):
        if pattern.fullmatch(text):
            return Decimal(_ungrouped(text, index))
    raise _unclear(text)


def _ungrouped(text: str, index: int) -> str:
    separator = (" ", "'", ".", ",")[index]
    return text.replace(separator, "").replace(",", ".")


def _unclear(part: str) -> InvalidValue:
    return InvalidValue("money.unclear", N_("Не получилось понять сумму: «{part}»."), EXAMPLE, part=part.strip())
