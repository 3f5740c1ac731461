"""The parts of an address: kept as parts, shown in one line, found on a map."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import quote

from models.values.invalid_value import N_

NONE = N_("нет")  # the part is known not to exist, unlike None: not known yet
FLAT_PARTS = ("flat", "entrance", "intercom")
REQUIRED = ("city", "street", "house", "flat", "entrance", "floor", "intercom")
REQUIRED_PRIVATE = ("city", "street", "house")
MAPS = "https://yandex.ru/maps/?text="


@dataclass(frozen=True)
class Address:
    """Where the client lives. A part is None while nobody has said it, and «нет» where it does not exist.

    ``street`` carries its kind («ул. Ленина», «Ленинский проспект»), ``note`` what was said beside the parts.
    """

    city: str | None = None
    street: str | None = None
    house: str | None = None
    flat: str | None = None
    entrance: str | None = None
    floor: str | None = None
    intercom: str | None = None
    private: bool = False
    note: str = ""

    def missing(self) -> tuple[str, ...]:
        """Name the parts still to be asked, in the order of asking; a private house needs fewer."""
        required = REQUIRED_PRIVATE if self.private else REQUIRED
        return tuple(name for name in required if not getattr(self, name))

    def one_line(self) -> str:
        """Write «Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К»; "" if nothing is known.

        It goes into Russian documents and is the client's own data, so it is not translated.
        """
        parts = [
            self.city,
            self.street,
            _with("д.", self.house),
            "частный дом" if self.private else None,
            _with("кв.", self.flat),
            _with("подъезд", self.entrance),
            _with("этаж", self.floor),
            "без домофона" if self.intercom == NONE and not self.private else _with("домофон", self.intercom),
            self.note or None,
        ]
        return ", ".join(part for part in parts if part)

    def map_url(self) -> str:
        """Give a map search for the house, or for the note if no part of the place is known.

        Flat and intercom stay out: they are nobody else's business.
        """
        place = ", ".join(part for part in (self.city, self.street, self.house) if part) or self.note
        return MAPS + quote(place, safe="")

    def to_data(self) -> dict[str, str | bool | None]:
        """Give plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Address":
        """Read what ``to_data`` gave; absent parts are unknown. ValueError for other keys or kinds of values."""
        allowed = {part.name for part in fields(cls)}
        values: dict[str, str] = {}
        for key, value in data.items():
            is_text = isinstance(value, str) or (value is None and key != "note")
            if key not in allowed or not (isinstance(value, bool) if key == "private" else is_text):
                raise ValueError(f"not a part of an address: {key!r} = {value!r}")
            if isinstance(value, str):
                values[key] = value
        return cls(**values, private=data.get("private") is True)


def _with(label: str, value: str | None) -> str | None:
    """Put the label before a value; «офис 5» is its own label and «нет» is left out."""
    if not value or value == NONE:
        return None
    return value if label == "кв." and value[0].isalpha() else f"{label} {value}"
