"""From what a person typed to a field's typed value, or to what is wrong with it (C-2). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from models.engine.deal_state import Moment
from models.fields.answer_limits import PART_TITLES, Fields, Values, check, is_title_like, unknown_option
from models.fields.answer_places import as_private, gaps, parse_part, read_place
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.clean_text import UNLIMITED, clean, squeeze
from models.values.dates import date_phrases
from models.values.invalid_value import N_, InvalidValue
from models.values.money import LARGEST, parse_money
from models.values.phone import parse_phone
from models.values.yesno import parse_yes_no

__all__ = [
    "PART_TITLES",
    "as_private",
    "check",
    "day_named",
    "gaps",
    "is_next_year",
    "is_relative",
    "parse",
    "parse_part",
    "read_place",
    "refuse_kind",
]

NUMBER = re.compile(
    r"(?P<number>[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>(?:[^\W\d_]|%)[^\d]{0,19})?"
)
HALF_A_YEAR = 183  # days
EXPLICIT_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}|\d{4}-\d|"
    r"\d{1,2}(?:-?(?:го|е|st|nd|rd|th))?\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}"
)


def parse(
    field: f.Field,
    raw: str,
    *,
    deal_fields: Values,
    all_fields: Fields,
    moment: Moment,
    people: Mapping[int, str] | None = None,
    is_name: bool = False,
) -> Any:
    """Read an answer to the question about `field` as its typed value; raises Wrong (what is wrong, an example).

    `people` are the employees a person field chooses from (id → name). `is_name`: the text is the client's name.
    """
    try:
        value = _read(field, raw, moment, people or {}, is_name=is_name)
        check(field, value, deal_fields=deal_fields, all_fields=all_fields, moment=moment, is_name=is_name)
    except InvalidValue as wrong:
        if field.example and wrong.code != "when.no_time":  # the process knows a better example than the grammar
            raise InvalidValue(wrong.code, wrong.message, field.example, **wrong.data) from wrong
        raise
    return value


def is_relative(raw: str) -> bool:
    """Whether a date was said by words («завтра», «через 2 недели»), so that the person should confirm it."""
    return EXPLICIT_DATE.search(squeeze(raw)) is None


def is_next_year(raw: str, day: date, today: date) -> bool:
    """Whether a day said without its year is understood as far ahead: «24.11» on the 25th of November is more often
    a slip than the next year, so the person should confirm it."""
    said = re.findall(r"\d+", squeeze(raw))
    named = {str(day.year), f"{day.year % 100:02d}"} & {*said[2:3], *(one for one in said if len(one) == 4)}
    return (day - today).days > HALF_A_YEAR and not named


def _read(field: f.Field, raw: str, moment: Moment, people: Mapping[int, str], *, is_name: bool) -> Any:
    match field:
        case f.TextField():
            text = clean(raw, limit=UNLIMITED)
            return " ".join(text.split()) if is_title_like(field, is_name=is_name) else text
        case f.MoneyField():
            return parse_money(raw, at_least=Decimal(0), at_most=LARGEST)
        case f.PaymentField():  # its amount; the day and the method are questions of their own
            return parse_money(raw)
        case f.NumberField():
            return _number(field, raw)
        case f.PhoneField():
            return parse_phone(raw)
        case f.DateField():
            return date_phrases.parse_date(raw, moment.today, past=field.not_after == "today")
        case f.MomentField():
            return date_phrases.parse_moment(raw, moment.calendar.local(moment.now)).astimezone(UTC)
        case f.YesNoField():
            return parse_yes_no(raw)
        case f.ChoiceField():
            return _choice(field, raw)
        case f.AddressField():
            return read_place(field, raw, Address())
        case f.PersonField():
            return _person(raw, people)
        case f.FileField() | f.PhotoField() | f.LocationField() | f.BookingField():
            raise refuse_kind(field)


def refuse_kind(field: f.Field) -> InvalidValue:
    """Something of another kind came than the question asks for: what to send instead."""
    match field:
        case f.PhotoField():
            return InvalidValue("file.wanted", N_("Здесь нужно фото: пришлите снимок или картинку файлом."))
        case f.FileField():
            return InvalidValue("file.wanted", N_("Здесь нужен файл: пришлите документ или фото через скрепку."))
        case f.LocationField():
            return InvalidValue("location.wanted", N_("Здесь нужно место на карте: скрепка → «Геопозиция»."))
        case f.BookingField():
            return InvalidValue("window.wanted", N_("Здесь нужно свободное окно мастера: выберите его кнопкой."))
        case f.PhoneField():
            return InvalidValue("phone.none", N_("Здесь нужен номер телефона: напишите его или пришлите контакт."))
        case f.AddressField():
            return InvalidValue("address.text", N_("Здесь нужен адрес: напишите его или пришлите геопозицию."))
        case _:
            return InvalidValue("answer.kind", N_("Это сюда не подходит: напишите ответ словами."), field.example or "")


# --- numbers, choices, people -----------------------------------------------------------------------------------


def _number(field: f.NumberField, raw: str) -> Decimal:
    text = squeeze(raw).rstrip(".!")
    example = field.example or "12,5"
    if not text:
        raise InvalidValue("number.empty", N_("Число не введено."), example)
    match = NUMBER.fullmatch(text)
    if match is None or not match["number"].isascii():
        raise InvalidValue(
            "number.unclear", N_("Здесь нужно одно число цифрами, а не «{said}»."), example, said=text[:60]
        )
    if field.unit and match["unit"] and not _same_unit(match["unit"], squeeze(field.unit)):
        raise InvalidValue("number.unit", N_("Здесь нужно число в других единицах: {unit}."), example, unit=field.unit)
    digits = match["number"].replace(" ", "").replace(",", ".")
    if len(digits.partition(".")[2]) > 2:
        raise InvalidValue("number.decimals", N_("После запятой — не больше двух знаков."), example)
    if len(digits) > 20:
        raise InvalidValue(
            "number.unclear", N_("Здесь нужно одно число цифрами, а не «{said}»."), example, said=text[:60]
        )
    return Decimal(digits)


def _same_unit(said: str, unit: str) -> bool:
    """«м», «м.», «метров» are one; «мм» is another."""
    said, unit = said.strip(" ."), unit.strip(" .")
    return said == unit or (len(said) > 3 and said[0] == unit[0])


def _choice(field: f.ChoiceField, raw: str) -> Any:
    if not field.many:
        return _option(field, raw)
    said = [part for part in re.split(r"[,;\n]|\s+и\s+", clean(raw)) if part.strip()]
    whole = _options_like(field, raw)
    chosen = {whole[0]} if len(whole) == 1 else {_option(field, part) for part in said}
    return tuple(name for name in field.options if name in chosen)


def _option(field: f.ChoiceField, said: str) -> str:
    found = _options_like(field, said)
    if len(found) == 1:
        return found[0]
    if not found:
        raise unknown_option(field, said.strip())
    raise InvalidValue(
        "choice.several",
        N_("«{said}» подходит к нескольким вариантам: {options}. Напишите точнее."),
        field.options[found[0]],
        said=said.strip()[:60],
        options=", ".join(field.options[name] for name in found),
    )


def _options_like(field: f.ChoiceField, said: str) -> list[str]:
    """The options meant by a title, by its beginning or by a part of it: the most exact way that finds any."""
    return _like(said, dict(field.options))


def _like(said: str, titles: Mapping[Any, str]) -> list[Any]:
    wanted = squeeze(said).strip(' .!«»"')
    if not wanted:
        return []
    known = {key: squeeze(title) for key, title in titles.items()}
    same = [key for key, title in known.items() if title == wanted]
    starts = [key for key, title in known.items() if title.startswith(wanted)]
    return same or starts or [key for key, title in known.items() if wanted in title]


def _person(raw: str, people: Mapping[int, str]) -> int:
    found = _like(raw, people)
    if len(found) == 1:
        return int(found[0])
    names = ", ".join(people[key] for key in (found or people))
    if not people:
        message = N_("В этой роли пока никто не работает. Руководитель может пригласить сотрудника.")
        raise InvalidValue("person.nobody", message)
    if found:
        raise InvalidValue("person.several", N_("Таких несколько: {names}. Напишите имя целиком."), names=names)
    raise InvalidValue(
        "person.unknown", N_("Нет сотрудника «{said}». Есть: {names}."), said=raw.strip()[:60], names=names
    )


def day_named(wrong: InvalidValue) -> date | None:
    """The day of a moment of which only the time is missing."""
    day = wrong.data.get("day") if wrong.code == "when.no_time" else None
    return day if isinstance(day, date) and not isinstance(day, datetime) else None
