"""Addresses pasted in one line. Only what is recognised becomes a part; the rest stays in the note."""

import re
from dataclasses import dataclass, field

from models.values.addresses.address_parts import FLAT_PARTS, NONE, Address
from models.values.addresses.address_words import CITIES, REGION
from models.values.clean_text import UNLIMITED, clean
from models.values.invalid_value import N_, InvalidValue

__all__ = ["Address", "parse_address"]

EXAMPLE = N_("Казань, ул. Баумана, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12")
LIMIT = 500
I = re.IGNORECASE  # noqa: E741
START, END = r"(?<![\w-])", r"(?![\w])"
# 5, 5а, 5/2, 30к2, 12 корп. 3, 7 стр. 1; a letter touches its number or ends the piece («5 в центре» is no 5в).
HOUSE = (
    r"[0-9]{1,4}(?:[а-яa-z](?![\w.])|\s[абвгдежзик](?=\s*$))?(?:/[0-9]{1,4}[а-яa-z]?)?"
    r"(?:\s*(?:корпус|корп|к)\.?\s?[0-9]{1,3}[а-яa-z]?)?(?:\s*(?:строение|стр|с)\.?\s?[0-9]{1,3}[а-яa-z]?)?"
)
NUMBER = r"[0-9]{1,4}[а-яa-z]?"
ORDINAL = r"([0-9]{1,3})(?:-?(?:й|ый|ой|ий))?"

PRIVATE = re.compile(rf"{START}(?:частный\s+(?:дом|сектор)|ч/д|private\s+house){END}", I)
NO_INTERCOM = re.compile(rf"{START}(?:без\s+домофона|домофона?\s*[-–—:]?\s*нет(?:у)?|нет\s+домофона){END}", I)
# Marked parts, in the order of reading: (name, pattern); the first group is the value.
MARKED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("intercom", re.compile(rf"{START}(?:домофон|дмф|код\s+домофона)\.?\s*[:№-]?\s*([*#]?[0-9][\w*#]*)", I)),
    ("flat", re.compile(rf"{START}(?:квартира|кв-ра|кв)\.?\s*№?\s*({NUMBER}){END}", I)),
    ("flat", re.compile(rf"{START}((?:офис|оф|апартаменты|апарт)\.?\s*№?\s*{NUMBER}){END}", I)),
    ("entrance", re.compile(rf"{START}(?:подъезд|подьезд|под|п-д|пд|п\.|парадная)\.?\s*№?\s*([0-9]{{1,2}}){END}", I)),
    ("entrance", re.compile(rf"{START}{ORDINAL}\s+(?:подъезд|подьезд|парадная){END}", I)),
    ("floor", re.compile(rf"{START}(?:этаж|эт)\.?\s*№?\s*(-?[0-9]{{1,3}}){END}", I)),
    ("floor", re.compile(rf"{START}{ORDINAL}\s+(?:этаж|эт){END}\.?", I)),
)
CITY = re.compile(rf"{START}(?:город|гор\.|г\.|г(?=\s))\s*([^\W\d][^\W\d]*(?:[ -][^\W\d]+){{0,3}})", I)
VILLAGE = re.compile(
    rf"{START}((?:деревня|дер\.?|д\.|село|с\.|посёлок|поселок|пос\.?|п\.|пгт\.?|станица|ст-ца|снт|кп)\s*"
    r"[^\W\d]+(?:[ -][^\W\d]+){0,2})$", I)  # fmt: skip
INDEX = re.compile(rf"{START}[0-9]{{6}}{END}")
KIND = (
    r"(?:улица|ул|проспект|пр-кт|пр-т|просп|пр|переулок|пер|набережная|наб|бульвар|б-р|бул|шоссе|ш|площадь|пл|"
    r"проезд|пр-д|тупик|аллея|линия|микрорайон|мкр-н|мкрн|мкр|мкд|квартал|тракт)"
)
NAME = r"[^\W_][\w«»\"-]*\.?"
AFTER_KIND = re.compile(rf"^(?P<before>.*?){START}(?P<street>{KIND}{END}\.?\s*{NAME}(?:\s+(?![0-9]){NAME}){{0,4}}?)"
                        rf"(?:\s*(?:,|\s)\s*(?P<rest>(?:дом{END}|д\.?)?\s*[0-9].*))?$", I)  # fmt: skip
BEFORE_KIND = re.compile(rf"^(?P<street>{NAME}(?:\s+{NAME}){{0,3}}\s+{KIND}{END}\.?)(?:\s+(?P<rest>.*))?$", I)
# Words that stand before a number and are no street: «код 345» must not become a house.
NO_STREET = r"(?:за|через|после|до|около|номер|дом|корпус|корп|строение|звонить|позвонить|тел|телефон|код|ключ|домофон)"
BARE_STREET = re.compile(
    rf"^(?!.*{START}{NO_STREET}{END})(?P<street>[^\W\d_][^\W\d_.-]*(?:[\s-][^\W\d_]+){{0,1}})"
    rf"\s+(?P<rest>{HOUSE}(?:-.*)?)$",
    I,
)
STREET_NAME = re.compile(r"\.?\s*(?!дом|д\b)(?:[0-9]+-[а-я]|[^\W\d_])", I)
HOUSE_MARKED = re.compile(rf"^(?:дом{END}|д\.?(?=\s*[0-9]))\.?\s*№?\s*({HOUSE}){END}(?P<rest>.*)$", I)
# Not the beginning of a phone number.
HOUSE_BARE = re.compile(rf"^({HOUSE}){END}(?!\s+[0-9]|\s?-\s?[0-9]+[- ][0-9])(?P<rest>.*)$", I)
HOUSE_TAIL = re.compile(r"^(?:корпус|корп|строение|стр)\.?\s?[0-9]{1,3}[а-я]?$", I)
DASH_FLAT = re.compile(r"^\s?-\s?([0-9]{1,4})(?!\w)")
SHORT_KIND = re.compile(r"^(ул|пер|наб|пл|пр|бул)\s", I)


@dataclass
class _Reading:
    parts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    private: bool = False

    def set(self, name: str, value: str) -> bool:
        """Keep the first value of a part; False if there was one already (the second goes to the note)."""
        if name in self.parts:
            return False
        self.parts[name] = value.strip(" ,;:")
        return True


def parse_address(raw: str) -> Address:
    """Read an address pasted in one line; never invents, so look at ``missing()`` and ask for the rest.

    A private house has no flat, entrance or intercom («нет»). Raises Wrong for an empty or a very long text.
    """
    text = clean(raw, limit=UNLIMITED)
    if not any(ch.isalnum() for ch in text):
        raise InvalidValue("address.empty", N_("Адрес не введён."), EXAMPLE)
    if len(text) > LIMIT:
        raise InvalidValue(
            "address.long", N_("Слишком длинно для адреса: оставьте не больше {limit} знаков."), EXAMPLE, limit=LIMIT
        )
    reading = _Reading()
    for segment in re.split(r"[,;\n]", text):
        _read_segment(" ".join(segment.split()), reading)
    if reading.private:
        for name in FLAT_PARTS:
            reading.parts.setdefault(name, NONE)
    return Address(**reading.parts, private=reading.private, note=", ".join(reading.notes))


def _read_segment(segment: str, reading: _Reading) -> None:
    """Take the marked parts out of a piece between commas, then city, street and house from what is left."""
    left = _without_marked(segment, reading)
    for read in (_read_city, _read_street, _read_house):
        left = read(left.strip(" .:"), reading)
    left = left.strip(" ")
    if any(ch.isalnum() for ch in left):
        reading.notes.append(left)


def _without_marked(segment: str, reading: _Reading) -> str:
    if PRIVATE.search(segment):
        reading.private = True
        segment = PRIVATE.sub(" ", segment, count=1)
    if NO_INTERCOM.search(segment) and reading.set("intercom", NONE):
        segment = NO_INTERCOM.sub(" ", segment, count=1)
    for name, pattern in MARKED:
        match = pattern.search(segment)
        if match is not None and reading.set(name, match[1]):
            segment = f"{segment[: match.start()]} {segment[match.end() :]}"
    return " ".join(segment.split())


def _read_city(text: str, reading: _Reading) -> str:
    """Take a marked city, a village, or a city everyone knows from the beginning; regions stay in the note."""
    if "city" in reading.parts or not text:
        return text
    if REGION.search(text):
        reading.notes.append(text)
        return ""
    index = INDEX.match(text)
    if index:
        reading.notes.append(index[0])
        text = text[index.end() :].strip()
    for known in CITIES:
        bare = re.match(rf"(?:город\s+|гор\.\s*|г\.?\s*)?({re.escape(known)}){END}", text, I)
        if bare:
            reading.set("city", bare[1])
            return text[bare.end() :]
    return _read_marked_city(text, reading)


def _read_marked_city(text: str, reading: _Reading) -> str:
    village = VILLAGE.match(text)
    if village:
        reading.set("city", village[1])
        return ""
    city = CITY.match(text)
    if city is None:
        return text
    name = city[1]
    kind = re.search(rf"\s{KIND}{END}\.?", name, I)
    if kind is not None:
        words = name[: kind.start()].split(" ")
        # «г. Клин ул. Мира»: the street begins with its kind; «г. Клин Советская площадь, 3»: it ends with it.
        ends_street = STREET_NAME.match(text, city.start(1) + kind.end()) is None
        name = " ".join(words[:-1] if ends_street and len(words) > 1 else words)
    reading.set("city", name)
    return text[city.start(1) + len(name) :]


def _read_street(text: str, reading: _Reading) -> str:
    """Take a street with its kind, or the words before a house number where an address begins."""
    if "street" in reading.parts or not text:
        return text
    for pattern in (BEFORE_KIND, AFTER_KIND):
        match = pattern.match(text)
        if match is not None:
            reading.set("street", SHORT_KIND.sub(r"\1. ", match["street"]))
            before = match.groupdict().get("before") or ""
            if before.strip():
                reading.notes.append(before.strip())
            return match["rest"] or ""
    bare = BARE_STREET.match(text)
    if bare is not None and not reading.notes and not HOUSE_MARKED.match(text):
        reading.set("street", bare["street"])
        return bare["rest"]
    return text


def _read_house(text: str, reading: _Reading) -> str:
    """Take a house number, marked or right after the street, and a flat after a dash («30к2-15»)."""
    if "house" in reading.parts:
        if HOUSE_TAIL.match(text):
            reading.parts["house"] += f" {text}"
            return ""
        return text
    match = HOUSE_MARKED.match(text) or ("street" in reading.parts and HOUSE_BARE.match(text))
    if not match:
        return text
    reading.set("house", match[1])
    flat = DASH_FLAT.match(match["rest"])
    if flat is not None and reading.set("flat", flat[1]):
        return match["rest"][flat.end() :]
    return match["rest"]
