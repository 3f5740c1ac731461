"""A place on the map, as a phone shares it (K-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAPS = "https://yandex.ru/maps/?pt="  # longitude first


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """Degrees."""

    latitude: float
    longitude: float

    def map_url(self) -> str:
        """The place itself on a map."""
        return f"{MAPS}{self.longitude:.6f}%2C{self.latitude:.6f}&z=17"

    def to_data(self) -> dict[str, Any]:
        """JSON."""
        return {"lat": self.latitude, "lon": self.longitude}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> GeoPoint:
        """The place out of its JSON."""
        return cls(float(data["lat"]), float(data["lon"]))
