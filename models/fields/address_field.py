"""An address in parts: one line is read, each missing part is asked, any part can be corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from models.field_values import FieldValues
from models.fields.base import AnswerContext, Field
from models.values.addresses.address import Address, parse_address
from models.values.addresses.address_parts import NONE
from models.values.clean_text import one_line, squeeze
from models.values.invalid_value import N_, InvalidValue, Titles

AddressPart = Literal["city", "street", "house", "flat", "entrance", "floor", "intercom"]
PART_TITLES = {
    "city": N_("город"),
    "street": N_("улица"),
    "house": N_("дом"),
    "flat": N_("квартира"),
    "entrance": N_("подъезд"),
    "floor": N_("этаж"),
    "intercom": N_("домофон"),
}
PLACE_PARTS = ("city", "street", "house")  # a private house has neither flat nor floor, but it stands somewhere
OPTIONAL_PARTS = ("flat", "entrance", "floor", "intercom")  # «нет» is an answer; a city, a street, a house must be
NOTHING = frozenset(["нет", "не", "-", "—", "–", "no", "none", "отсутствует", "нету", "без"])
NUMBERLESS = frozenset(["б/н", "бн", "без номера", "no number"])
LONGEST_PART = 60
PART_WORDS = {
    "city": "г.",
    "street": "ул.",
    "house": "д.",
    "flat": "кв.",
    "entrance": "подъезд",
    "floor": "этаж",
    "intercom": "домофон",
}
PART_EXAMPLES = {
    "city": N_("Казань"),
    "street": N_("ул. Баумана"),
    "house": N_("7к2"),
    "flat": N_("12"),
    "entrance": N_("1"),
    "floor": N_("4"),
    "intercom": N_("12К"),
}


class AddressField(Field):
    """A structured address; `parts` must be stated («нет» counts as stated, M-4)."""

    type: Literal["address"]
    parts: tuple[AddressPart, ...] = ("city", "street", "house")

    rank: ClassVar[int] = 9
    usually_personal: ClassVar[bool] = True  # where somebody lives

    def parse(self, raw: str, context: AnswerContext) -> Address:
        """What was recognised in one line."""
        return self.read(raw, Address())

    def check(self, value: Address, context: AnswerContext) -> None:
        """Raise InvalidValue: address.missing, .empty."""
        place = _gaps(value, tuple(part for part in self.parts if part in PLACE_PARTS))
        gaps = () if value.private and not place else self.gaps(value)
        if gaps:
            missing = Titles(PART_TITLES[part] for part in gaps)
            raise InvalidValue("address.missing", N_("В адресе не хватает: {parts}."), parts=missing)
        if not value.one_line():
            raise InvalidValue("address.empty", N_("Адрес не введён."))

    def encode(self, value: Address) -> dict[str, Any]:
        """The parts."""
        return value.to_data()

    def decode(self, data: Mapping[str, Any]) -> Address:
        """The address out of its parts."""
        return Address.from_data(data)

    def wrong_kind(self) -> InvalidValue:
        """An address is wanted."""
        return InvalidValue("address.text", N_("Здесь нужен адрес: напишите его или пришлите геопозицию."))

    def found_by(self, value: Address) -> str:
        """City, street and house: a flat or an intercom finds nobody."""
        return " ".join(part for part in (value.city, value.street, value.house) if part)

    # --- part by part -------------------------------------------------------------------------------------------

    def gaps(self, one: Address) -> tuple[str, ...]:
        """The parts that the field wants and nobody has stated yet."""
        return _gaps(one, self.parts)

    def read(self, raw: str, before: Address) -> Address:
        """What was recognised in `raw`, laid over what was known `before`; the rest stays in the note."""
        read = parse_address(raw)
        data = before.to_data()
        data.update({key: value for key, value in read.to_data().items() if value})
        if before.note and read.note and before.note != read.note:
            data["note"] = f"{before.note}, {read.note}"
        return self._completed(Address.from_data(data))

    def parse_part(self, part: str, raw: str, before: Address) -> Address:
        """An answer to the question about one part; a longer answer that names several parts is read as such."""
        read = parse_address(raw) if any(ch.isalnum() for ch in raw) else Address()
        if part not in _named(read):  # «7, кв. 12» to «which house?»: the word is in the question
            word = PART_WORDS[part]
            worded = parse_address(f"{word} {raw}") if raw.strip() else Address()
            if part in _named(worded) and len(_named(worded)) > 1 and not worded.note:
                said = getattr(worded, part).removeprefix(f"{word} ")  # nobody said that it is a street, not an avenue
                return with_part(self.read(f"{word} {raw}", before), part, said)
        named = _named(read)
        if len(named) > 1 or read.private:
            return self.read(raw, before)
        text = one_line(raw, limit=LONGEST_PART + 1)
        if squeeze(text) in NOTHING and part in OPTIONAL_PARTS:
            return with_part(before, part, NONE)
        said = str(named[part]) if part in named else text
        _check_part(part, said)
        if before.note and squeeze(before.note) == squeeze(said):  # it stood in the line, only not understood there
            before = replace(before, note="")
        return with_part(before, part, said)

    def as_private(self, before: Address) -> Address:
        """The address of a private house: it has no flat, entrance, floor or intercom («нет»)."""
        return self._completed(Address.from_data({**before.to_data(), "private": True}))

    def _completed(self, one: Address) -> Address:
        if not one.private:
            return one
        known = {part: getattr(one, part) or NONE for part in OPTIONAL_PARTS if part != "floor" or part in self.parts}
        return Address.from_data({**one.to_data(), **known})


def with_part(before: Address, part: str, value: str) -> Address:
    """The address with one part changed."""
    return Address.from_data({**before.to_data(), part: value})


def find_address(fields: Mapping[str, Field], values: FieldValues, names: Iterable[str]) -> Address | None:
    """The first address among the fields of these names."""
    found = (values.get(name) for name in names if isinstance(fields.get(name), AddressField))
    return next((one for one in found if isinstance(one, Address)), None)


def _gaps(one: Address, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The required parts that are not stated (M-4)."""
    return tuple(part for part in parts if not getattr(one, part))


def _check_part(part: str, said: str) -> None:
    title = Titles((PART_TITLES[part],))
    if not any(ch.isalnum() for ch in said) or squeeze(said) in NOTHING or not _could_be(part, said):
        raise InvalidValue("address.part", N_("Не вижу здесь ответа: {part}?"), PART_EXAMPLES[part], part=title)
    if len(said) > LONGEST_PART:
        raise InvalidValue("address.long", N_("Слишком длинно: {part}."), PART_EXAMPLES[part], part=title)


def _could_be(part: str, said: str) -> bool:
    """A house has a number, or is said to have none («б/н»); words alone are no answer to «which house?»."""
    return part != "house" or any(ch.isdigit() for ch in said) or squeeze(said) in NUMBERLESS


def _named(read: Address) -> dict[str, object]:
    """The parts that were recognised."""
    return {key: value for key, value in read.to_data().items() if value and key not in ("note", "private")}
