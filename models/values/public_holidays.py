"""The public holidays of a country, transferred days included.

The library behind costs about a second to import, and most companies do without: only `bot.settings` imports this
module, and only for a company that asks for holidays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _of_year(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    try:
        official = holidays.country_holidays(country, years=year)
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for the country {country!r}") from error
    return frozenset(official), frozenset(official.weekend_workdays)


@dataclass(frozen=True, slots=True)
class CountryHolidays:
    """What `models.values.work_calendar.PublicHolidays` asks for, of a country by its two letters."""

    country: str

    def of_year(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        """Give (days off, weekend days that work). ValueError if nothing is known of the country."""
        return _of_year(self.country, year)


def has_country(country: str) -> bool:
    """Whether the public holidays of a country are known, by its two letters."""
    return country in holidays.list_supported_countries()
