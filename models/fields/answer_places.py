"""An address in parts: one line is read, each missing part is asked, any part can be corrected. Pure."""

from __future__ import annotations

from dataclasses import replace

from models.engine.guards import address_gaps
from models.fields.answer_limits import PART_TITLES
from models.process import fields as f
from models.values.addresses.address import Address, parse_address
from models.values.addresses.address_parts import NONE
from models.values.clean_text import one_line, squeeze
from models.values.invalid_value import N_, InvalidValue

OPTIONAL_PARTS = ("flat", "entrance", "floor", "intercom")  # «нет» is an answer; a city, a street, a house must be
NOTHING = frozenset(["нет", "не", "-", "—", "–", "no", "none", "отсутствует", "нету", "без"])
NUMBERLESS = frozenset(["б/н", "бн", "без номера", "no number"])
LONGEST_PART = 60


def read_place(field: f.AddressField, raw: str, before: Address) -> Address:
    """What was recognised in `raw`, laid over what was known `before`. What is not recognised stays in the note."""
    read = parse_address(raw)
    data = before.to_data()
    data.update({key: value for key, value in read.to_data().items() if value})
    if before.note and read.note and before.note != read.note:
        data["note"] = f"{before.note}, {read.note}"
    return _private(field, Address.from_data(data))


def parse_part(field: f.AddressField, part: str, raw: str, before: Address) -> Address:
    """An answer to the question about one part; a longer answer that names several parts is read as such."""
    text = one_line(raw, limit=LONGEST_PART + 1)
    read = parse_address(raw) if any(ch.isalnum() for ch in raw) else Address()
    if part not in _named(read):  # «7, кв. 12» to «which house?»: the word is in the question
        word = _PART_WORDS[part]
        worded = parse_address(f"{word} {raw}") if raw.strip() else Address()
        if part in _named(worded) and len(_named(worded)) > 1 and not worded.note:
            said = getattr(worded, part).removeprefix(f"{word} ")  # nobody said that it is a street, not an avenue
            return with_part(read_place(field, f"{word} {raw}", before), part, said)
    named = _named(read)
    if len(named) > 1 or read.private:
        return read_place(field, raw, before)
    if squeeze(text) in NOTHING and part in OPTIONAL_PARTS:
        return with_part(before, part, NONE)
    said = str(named[part]) if part in named else text
    if not any(ch.isalnum() for ch in said) or squeeze(said) in NOTHING or not _could_be(part, said):
        message = N_("Не вижу здесь ответа: {part}?")
        raise InvalidValue("address.part", message, _PART_EXAMPLES[part], part=PART_TITLES[part])
    if len(said) > LONGEST_PART:
        raise InvalidValue("address.long", N_("Слишком длинно: {part}."), _PART_EXAMPLES[part], part=PART_TITLES[part])
    if before.note and squeeze(before.note) == squeeze(said):  # it was in the line already, only not understood there
        before = replace(before, note="")
    return with_part(before, part, said)


def _could_be(part: str, said: str) -> bool:
    """A house has a number, or is said to have none («б/н»); words alone are no answer to «which house?»."""
    return part != "house" or any(ch.isdigit() for ch in said) or squeeze(said) in NUMBERLESS


def _named(read: Address) -> dict[str, object]:
    """The parts that were recognised."""
    return {key: value for key, value in read.to_data().items() if value and key not in ("note", "private")}


_PART_WORDS = {
    "city": "г.",
    "street": "ул.",
    "house": "д.",
    "flat": "кв.",
    "entrance": "подъезд",
    "floor": "этаж",
    "intercom": "домофон",
}
_PART_EXAMPLES = {
    "city": N_("Казань"),
    "street": N_("ул. Баумана"),
    "house": N_("7к2"),
    "flat": N_("12"),
    "entrance": N_("1"),
    "floor": N_("4"),
    "intercom": N_("12К"),
}


def with_part(before: Address, part: str, value: str) -> Address:
    """The address with one part changed."""
    return Address.from_data({**before.to_data(), part: value})


def as_private(field: f.AddressField, before: Address) -> Address:
    """The address of a private house: it has no flat, entrance, floor or intercom («нет»)."""
    return _private(field, Address.from_data({**before.to_data(), "private": True}))


def _private(field: f.AddressField, one: Address) -> Address:
    if not one.private:
        return one
    known = {part: getattr(one, part) or NONE for part in OPTIONAL_PARTS if part != "floor" or part in field.parts}
    return Address.from_data({**one.to_data(), **known})


def gaps(field: f.AddressField, one: Address) -> tuple[str, ...]:
    """The parts that the field wants and nobody has stated yet."""
    return address_gaps(one, field.parts)
