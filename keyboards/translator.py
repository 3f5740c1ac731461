"""The reader's language: texts, plural forms, money, dates and times (C-7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates, numbers, units

import locales
from models.process import months
from models.values.invalid_value import InvalidValue, Titles
from models.values.phone import format_phone
from models.values.product_text import ProductText, StoredTitle

OF_TIME = ("_when", "_day", "_here")  # how placeholders end that are words of time
BEGINS = re.compile(r"(?:^|[.!?…]\s+)\{(?:[a-z]\w*_(?:when|day)|days?_here)\}")
YEAR, MONTH = 365.25, 30  # days
SPANS = (("day", 24 * 60), ("hour", 60), ("minute", 1))  # in minutes


class Translator:
    """Speaks one language. `t("Сумма: {sum}", sum=…)`; braces in user data are never read as placeholders.

    It takes what is written out in the code, and texts of process files: mypy refuses any other `str`.
    """

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = locale
        self.zone = zone
        self._catalogue = locales.load(locale)

    def __call__(self, msgid: ProductText, /, **data: object) -> str:
        if not msgid:
            return ""
        if self.locale != "ru" and (first := months.first_of(msgid)) is not None:  # a month's stage: «Январь 2027»
            return _date(first, "LLLL y", self.locale)
        found = self._catalogue.gettext(msgid)
        return found.format_map(_Known(data)) if data or "{" in found else found

    def sentence(self, text: ProductText, values: Mapping[str, str]) -> str:
        """A text of a process file with its values; a word of time that begins a sentence gets a capital letter."""
        found = BEGINS.sub(lambda begun: begun[0].upper(), self._catalogue.gettext(text) if text else "")
        begun = {name.upper(): said[:1].upper() + said[1:] for name, said in values.items() if name.endswith(OF_TIME)}
        return found.format_map(_Known({**values, **begun}))

    def title(self, text: StoredTitle | ProductText) -> str:
        """A title that a person may have changed: translated where the catalogue knows it, its braces left alone."""
        return self._catalogue.gettext(text) if text else ""

    @staticmethod
    def lowered(title: str) -> str:
        """A title inside a sentence: «карта», but «СБП»."""
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def plural(self, one: ProductText, many: ProductText, n: int, /, **data: object) -> str:
        """«{n} сделка» / «{n} сделок»: the form that fits the number."""
        return self._catalogue.ngettext(one, many, n).format_map(_Known({"n": n, **data}))

    def money(self, amount: Decimal) -> str:
        """«150 000 ₽»; kopecks only where there are some."""
        return _money(amount, self._known)

    def number(self, value: Decimal, *, digits: int = 3) -> str:
        """«1 234,5»: at most so many digits after the point."""
        return numbers.format_decimal(value, f"#,##0.{'#' * digits}", locale=self.locale)

    def day(self, value: date, *, today: date | None = None) -> str:
        """«пт, 14 марта»; with the year if it is another one than today's."""
        same = today is not None and today.year == value.year
        short, long = {"ru": ("EEE, d MMMM", "EEE, d MMMM y"), "en": ("EEE, MMMM d", "EEE, MMMM d, y")}[self._known]
        return _date(value, short if same else long, self.locale)

    def moment(self, at: datetime, *, now: datetime | None = None) -> str:
        """«пт, 14 марта, 10:00» in the company's zone."""
        local = at.astimezone(self.zone)
        today = now.astimezone(self.zone).date() if now else None
        return f"{self.day(local.date(), today=today)}, {local:%H:%M}"

    def since(self, at: datetime, now: datetime) -> str:
        """«4-й день»: which day it is, counting the first as one."""
        days = (now.astimezone(self.zone).date() - at.astimezone(self.zone).date()).days + 1
        return self("{n}-й день", n=days)

    def span(self, length: timedelta) -> str:
        """«3 дня», «2 часа»: in the largest unit that it is a whole number of, up to days."""
        minutes = round(length.total_seconds() / 60)
        unit, size = next((unit, size) for unit, size in SPANS if minutes % size == 0)
        return units.format_unit(minutes // size, f"duration-{unit}", locale=self.locale)

    def period(self, days: int) -> str:
        """«3 года», «3 месяца», «7 дней»: as people say how long something is kept. Three years have a leap day at
        times, and a month is thirty days."""
        years = round(days / YEAR)
        if years and abs(days - years * YEAR) <= 1:
            return units.format_unit(years, "duration-year", locale=self.locale)
        if days and days % MONTH == 0 and days < YEAR:
            return units.format_unit(days // MONTH, "duration-month", locale=self.locale)
        return units.format_unit(days, "duration-day", locale=self.locale)

    def phone(self, number: str) -> str:
        return format_phone(number)

    def wrong(self, error: InvalidValue) -> str:
        """What is wrong with an answer, and an example of a right one (C-2)."""
        data = {key: self._plain(value) for key, value in error.data.items()}
        said = self(error.message, **data)
        return f"{said}\n{self('Например: {example}', example=self(error.example))}" if error.example else said

    def _plain(self, value: object) -> str:
        match value:
            case Titles():
                return ", ".join(self(one) for one in value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case Decimal():
                return self.money(value)
            case _:
                return str(value)

    @property
    def _known(self) -> str:
        return self.locale if self.locale in locales.LOCALES else "ru"


class _Known(dict[str, object]):
    """A placeholder without data stays visible instead of breaking the message."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@lru_cache(maxsize=4096)  # Babel reads its pattern anew each time, and cards are drawn on every press
def _money(amount: Decimal, locale: str) -> str:
    # Babel's English sign of the rouble is «RUB»
    pattern = {"ru": "{}\N{NO-BREAK SPACE}¤", "en": "₽{}"}[locale]
    pattern = pattern.format("#,##0" if amount == amount.to_integral_value() else "#,##0.00")
    return numbers.format_currency(amount, "RUB", pattern, locale=locale, currency_digits=False)


@lru_cache(maxsize=4096)
def _date(value: date, pattern: str, locale: str) -> str:
    return dates.format_date(value, pattern, locale=locale)


@lru_cache(maxsize=16)
def translator(locale: str, zone: ZoneInfo) -> Translator:
    """The texts of a locale in a zone."""
    return Translator(locale if locale in locales.LOCALES else "ru", zone)
