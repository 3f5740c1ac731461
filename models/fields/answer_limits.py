"""What a field allows: checked for typed answers, pressed buttons, imports and the intake alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.engine.deal_state import Moment
from models.engine.guards import address_gaps, business_date
from models.fields.answer_money import check_payment, check_total
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.clean_text import is_meaningful_name
from models.values.invalid_value import N_, InvalidValue

YEARS = 10  # a business date farther off than this is a slip of the finger
TITLE_LIKE = 200  # a text that may be no longer than this is a name or a title: one line, read aloud
PART_TITLES = {
    "city": N_("город"),
    "street": N_("улица"),
    "house": N_("дом"),
    "flat": N_("квартира"),
    "entrance": N_("подъезд"),
    "floor": N_("этаж"),
    "intercom": N_("домофон"),
}
Values = Mapping[str, Any]
Fields = Mapping[str, f.Field]


def check(
    field: f.Field, value: Any, *, deal_fields: Values, all_fields: Fields, moment: Moment, is_name: bool = False
) -> None:
    """Raise Wrong if the field may not have this typed value.

    `deal_fields` are the deal's other values, by which limits that name a field are measured; a limit whose field is
    empty does not bind. Limits of other fields that name this one are kept too: a budget cannot sink below the
    prepayment already entered.
    """
    match field:
        case f.TextField():
            _check_text(field, value, is_name=is_name)
        case f.PaymentField():
            check_payment(field, value, deal_fields, all_fields, moment)
        case f.MoneyField() | f.NumberField():
            _check_amount(field, value, deal_fields, all_fields)
        case f.DateField() | f.MomentField():
            _check_date(field, value, deal_fields, all_fields, moment)
        case f.AddressField():
            _check_address(field, value)
        case f.ChoiceField():
            _check_choice(field, value)
            _check_agreement(field, value, deal_fields, all_fields)
        case f.FileField() | f.PhotoField():
            if not value:
                raise InvalidValue("file.none", N_("Пришлите хотя бы один файл."))
        case _:
            pass
    if isinstance(field, f.MoneyField | f.DateField):
        _check_others(field, value, deal_fields, all_fields)


def name_of(field: f.Field, all_fields: Fields) -> str | None:
    """Under which name the process knows the field."""
    return next((name for name, one in all_fields.items() if one is field), None)


def is_title_like(field: f.TextField, *, is_name: bool = False) -> bool:
    """Whether the text is a name or a title: kept in one line, and it must have a letter or a digit."""
    return is_name or field.longest <= TITLE_LIKE


# --- texts, choices, addresses ----------------------------------------------------------------------------------


def _check_text(field: f.TextField, value: str, *, is_name: bool) -> None:
    if not value.strip():
        raise InvalidValue("text.empty", N_("Здесь пока пусто. Напишите ответ словами."), field.example or "")
    if len(value.strip()) < field.shortest:
        raise InvalidValue(
            "text.short",
            N_("Слишком коротко. Напишите подробнее: хотя бы {limit} знаков."),
            field.example or "",
            limit=field.shortest,
        )
    if len(value) > field.longest:
        raise InvalidValue(
            "text.long",
            N_("Слишком длинно: можно не больше {limit} знаков, а здесь {length}. Сократите, пожалуйста."),
            field.example or "",
            length=len(value),
            limit=field.longest,
        )
    if is_title_like(field, is_name=is_name) and not is_meaningful_name(value):
        raise InvalidValue("text.no_letters", N_("Здесь нужны буквы или цифры, не только значки."), field.example or "")


def _check_choice(field: f.ChoiceField, value: Any) -> None:
    chosen = value if field.many else (value,)
    if not chosen:
        raise InvalidValue("choice.none", N_("Выберите хотя бы один вариант."))
    if unknown := [name for name in chosen if name not in field.options]:
        raise unknown_option(field, str(unknown[0]))


def _check_agreement(field: f.ChoiceField, value: Any, deal_fields: Values, all_fields: Fields) -> None:
    """What was chosen must stand in the text that it agrees with (M-16)."""
    said = deal_fields.get(field.agrees_with) if field.agrees_with else None
    words = field.words.get(value, ()) if isinstance(value, str) else ()
    if not isinstance(said, str) or not words or any(_speaks_of(said, word) for word in words):
        return
    raise InvalidValue(
        "choice.disagrees",
        N_("В поле «{other}» нет слов о причине «{option}». Выберите другую причину или дополните комментарий."),
        other=all_fields[str(field.agrees_with)].title,
        option=field.options[value],
    )


def _speaks_of(text: str, beginning: str) -> bool:
    """Whether a word of the text begins so: «сцена» does not speak of «цен». Letters е and ё are alike."""
    said, word = (one.lower().replace("ё", "е") for one in (text, beginning))
    return re.search(rf"(?<!\w){re.escape(word)}", said) is not None


def unknown_option(field: f.ChoiceField, said: str) -> InvalidValue:
    """No option is called so; the ones there are."""
    return InvalidValue(
        "choice.unknown",
        N_("Нет варианта «{said}». Есть: {options}."),
        next(iter(field.options.values())),
        said=said[:60],
        options=", ".join(field.options.values()),
    )


def _check_address(field: f.AddressField, value: Address) -> None:
    gaps = () if value.private and not _place_gaps(field, value) else address_gaps(value, field.parts)
    if gaps:
        missing = ", ".join(PART_TITLES[part] for part in gaps)
        raise InvalidValue("address.missing", N_("В адресе не хватает: {parts}."), parts=missing)
    if not value.one_line():
        raise InvalidValue("address.empty", N_("Адрес не введён."))


def _place_gaps(field: f.AddressField, value: Address) -> tuple[str, ...]:
    """A private house has neither flat nor floor, but it stands somewhere."""
    return address_gaps(value, tuple(part for part in field.parts if part in ("city", "street", "house")))


# --- amounts ----------------------------------------------------------------------------------------------------


def _check_amount(field: f.MoneyField | f.NumberField, value: Decimal, deal_fields: Values, all_fields: Fields) -> None:
    _check_side(field, value, field.at_most, deal_fields, all_fields, upper=True)
    _check_side(field, value, field.at_least, deal_fields, all_fields, upper=False)


def _check_side(
    field: f.MoneyField | f.NumberField,
    value: Decimal,
    limit: Decimal | str,
    deal_fields: Values,
    all_fields: Fields,
    *,
    upper: bool,
) -> None:
    bound = deal_fields.get(limit) if isinstance(limit, str) else limit
    if bound is None or (value <= bound if upper else value >= bound):
        return
    if isinstance(limit, str):
        raise against(field.title, all_fields[limit].title, bound, upper=upper)
    example = field.example or ("150 000" if isinstance(field, f.MoneyField) else "12")
    shown = bound if isinstance(field, f.MoneyField) else plain_number(bound, field.unit)
    if not upper and value == 0 and bound > 0:
        raise InvalidValue("amount.zero", N_("Здесь должно быть больше нуля."), example)
    if upper:
        raise InvalidValue("amount.range", N_("Слишком много: можно не больше {limit}."), example, limit=shown)
    raise InvalidValue("amount.range", N_("Слишком мало: нужно не меньше {limit}."), example, limit=shown)


def against(title: str, other: str, bound: object, *, upper: bool) -> InvalidValue:
    """A limit that is another field's value: «Предоплата» cannot be more than «Бюджет»."""
    if upper:
        message = N_("«{title}» не может быть больше, чем «{other}» — {limit}.")
    else:
        message = N_("«{title}» не может быть меньше, чем «{other}» — {limit}.")
    return InvalidValue("amount.against", message, title=title, other=other, limit=bound)


def plain_number(value: Decimal, unit: str | None = None) -> str:
    """«12,5 м»: a number for a message."""
    text = f"{value.normalize():f}".replace(".", ",")
    return f"{text} {unit}" if unit else text


# --- dates ------------------------------------------------------------------------------------------------------


def _check_date(
    field: f.DateField | f.MomentField, value: date | datetime, deal_fields: Values, all_fields: Fields, moment: Moment
) -> None:
    day = business_date(value, moment)
    if abs(day.year - moment.today.year) > YEARS:
        raise InvalidValue(
            "date.far",
            N_("{year} год — это слишком далеко. Проверьте дату."),
            field.example or f"{moment.today:%d.%m.%Y}",
            year=str(day.year),
        )
    _check_not_before(field, value, deal_fields, all_fields, moment)
    limit = field.not_after if isinstance(field, f.DateField) else None
    if limit == "today" and day > moment.today:
        raise InvalidValue(
            "date.future", N_("Этот день ещё не наступил: нужна дата не позже сегодняшней."), N_("сегодня")
        )
    bound = deal_fields.get(limit) if limit and limit != "today" else None
    if bound is not None and day > business_date(bound, moment):
        raise later_than(field.title, all_fields[str(limit)].title, bound)


def _check_not_before(
    field: f.DateField | f.MomentField, value: date | datetime, deal_fields: Values, all_fields: Fields, moment: Moment
) -> None:
    limit = field.not_before
    if limit == "today" and business_date(value, moment) < moment.today:
        raise InvalidValue("date.past", N_("Этот день уже прошёл. Нужна дата не раньше сегодняшней."), N_("завтра"))
    if limit == "now" and isinstance(value, datetime) and value < moment.now:
        raise InvalidValue("date.past", N_("Это время уже прошло. Нужно время впереди."), N_("завтра в 10:00"))
    bound = deal_fields.get(limit) if limit and limit not in ("today", "now") else None
    if bound is not None and _before(value, bound, moment):
        raise earlier_than(field.title, all_fields[str(limit)].title, bound)


def _before(value: date | datetime, bound: date | datetime, moment: Moment) -> bool:
    if isinstance(value, datetime) and isinstance(bound, datetime):
        return value < bound
    return business_date(value, moment) < business_date(bound, moment)


def earlier_than(title: str, other: str, bound: date) -> InvalidValue:
    """A date that must not come before another field's."""
    message = N_("«{title}» не может быть раньше, чем «{other}» — {limit}.")
    return InvalidValue("date.against", message, title=title, other=other, limit=bound)


def later_than(title: str, other: str, bound: date) -> InvalidValue:
    """A date that must not come after another field's."""
    message = N_("«{title}» не может быть позже, чем «{other}» — {limit}.")
    return InvalidValue("date.against", message, title=title, other=other, limit=bound)


# --- the other way round ----------------------------------------------------------------------------------------


def _check_others(field: f.MoneyField | f.DateField, value: Any, deal_fields: Values, all_fields: Fields) -> None:
    """Fields already filled whose limits name this one must still hold."""
    own = name_of(field, all_fields)
    if isinstance(field, f.MoneyField):
        check_total(own, value, field.title, deal_fields, all_fields)
    for name, other in all_fields.items():
        theirs = deal_fields.get(name)
        if own is None or theirs is None or name == own:
            continue
        if isinstance(other, f.MoneyField) and other.at_most == own and theirs > value:
            raise against(field.title, other.title, theirs, upper=False)
        if isinstance(other, f.MoneyField) and other.at_least == own and theirs < value:
            raise against(field.title, other.title, theirs, upper=True)
        if isinstance(other, f.DateField) and other.not_before == own and theirs < value:
            raise later_than(field.title, other.title, theirs)
        if isinstance(other, f.DateField) and other.not_after == own and theirs > value:
            raise earlier_than(field.title, other.title, theirs)
