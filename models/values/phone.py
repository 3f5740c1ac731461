"""Phone numbers: found in what people type, kept as E.164, shown the Russian way."""

import re
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

from models.values.clean_text import UNLIMITED, clean
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText

EXAMPLE = ProductText("+7 912 345-67-89")
MANY = 20  # more numbers than this in one message is a price list, not a contact
# "+8 916 …" is a common slip for "8 916 …": no country has the code 89, so nothing else can be meant.
PLUS_EIGHT = re.compile(r"\+8(?=[\s(.-]*[3489])")


def parse_phone(raw: str, region: str = "RU") -> str:
    """Read one phone number, alone or inside a sentence, as E.164 ("+79123456789").

    ``region`` is where a number without a country code is. An extension is left out: E.164 has none.
    Raises Wrong if there is no number, if it cannot exist, or if there are several different ones.
    """
    text = _prepared(raw, region)
    found = _matches(text, region)
    if len(found) > 1:
        raise InvalidValue("phone.several", N_("Здесь несколько номеров. Пришлите один."), EXAMPLE)
    if found:
        return found[0]
    digits = sum(ch.isdigit() for ch in text)
    if digits == 0:
        raise InvalidValue("phone.none", N_("Не вижу здесь номера телефона."), EXAMPLE)
    whole = _parsed_whole(text, region)
    if whole is not None:
        return whole
    raise InvalidValue(
        "phone.impossible",
        N_("Такого номера не бывает: проверьте, все ли цифры на месте (сейчас их {digits})."),
        EXAMPLE,
        digits=digits,
    )


def find_phones(text: str, region: str = "RU") -> list[str]:
    """Give the different phone numbers in a text as E.164, in order; an empty list if there are none."""
    return _matches(_prepared(text, region), region)


@lru_cache(maxsize=4096)  # the same people's cards are drawn again and again
def format_phone(e164: str) -> str:
    """Show a number as "+7 912 345-67-89"; what is not a number comes back as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    national = str(number.national_number)
    if number.country_code == 7 and len(national) == 10:
        return f"+7 {national[:3]} {national[3:6]}-{national[6:8]}-{national[8:]}"
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _prepared(raw: str, region: str) -> str:
    text = clean(raw, limit=UNLIMITED)
    return PLUS_EIGHT.sub("8", text) if region == "RU" else text


def find_places(text: str, region: str = "RU") -> list[tuple[str, int, int]]:
    """Every phone number in a text as E.164, with where it begins and ends there."""
    matcher = PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
    return [(_e164(match.number), match.start, match.end) for match in islice(matcher, MANY)]


def _matches(text: str, region: str) -> list[str]:
    return list(dict.fromkeys(number for number, _, _ in find_places(text, region)))


def _parsed_whole(text: str, region: str) -> str | None:
    """Read what the matcher passes over, such as digits glued to odd punctuation; None if invalid."""
    if len(text) > 40 or any(ch.isalpha() for ch in text):
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
