"""Settings: from the environment or `.env`, by fixed names; a wrong value is refused at start, by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.http import callers
from bot.sms import gateway_address
from bot.troubles import smtp_mail
from models.files.file_limits import FileLimits
from models.personal.retention import Retention
from models.values import opening_hours, phone
from models.values.invalid_value import InvalidValue
from models.values.opening_hours import OpeningHours
from models.values.work_calendar import PublicHolidays, WorkCalendar

TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"\d{1,20}:[\w-]{3,}", re.ASCII)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what Telegram takes as a webhook's secret_token
DAYS = re.compile(r"([1-7])(?:-([1-7]))?")
EMAIL = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")
SHORTEST_TOKEN = 8
PAGE = "docs/deployment.md"  # where each setting is told


class SettingsRefused(Exception):
    """Some settings are wrong; `problems` has a line for each, beginning with its name. Values are not repeated."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


USUAL = Retention()


class Settings(BaseSettings):
    """What the environment says. Secrets are `SecretStr`: no log and no repr shows them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    bot_token: SecretStr | None = None
    bot_api_url: str = TELEGRAM
    database_url: SecretStr | None = None
    data_dir: Path = Path("data")
    timezone: str = "Europe/Moscow"
    work_week: str = "1-7"
    holidays: str | None = None
    opening_hours: str = "9-21"
    default_locale: Literal["ru", "en"] = "ru"
    processes: Annotated[tuple[str, ...] | None, NoDecode] = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    http_port: int = Field(default=8000, ge=0, le=65535)
    http_host: str | None = None
    trusted_proxies: str | None = None
    metrics_token: SecretStr | None = None
    intake_token: SecretStr | None = None
    sms_url: SecretStr | None = None
    alarm_phone: str | None = None
    alarm_email: Annotated[tuple[str, ...] | None, NoDecode] = None
    smtp_url: SecretStr | None = None
    backup_dir: Path | None = None
    backup_hour: int = Field(default=3, ge=0, le=23)
    backup_days: int = Field(default=7, ge=0, le=366)
    backup_weeks: int = Field(default=4, ge=0, le=104)
    backup_to_owner: bool = False
    keep_updates_days: int = Field(default=USUAL.updates, ge=1, le=366)
    keep_messages_days: int = Field(default=USUAL.messages, ge=7, le=3660)
    keep_drafts_days: int = Field(default=USUAL.drafts, ge=1, le=366)
    keep_deleted_days: int = Field(default=USUAL.deleted, ge=1, le=366)
    keep_leads_days: int = Field(default=USUAL.leads, ge=30, le=36600)
    proxy_url: SecretStr | None = None
    file_bin_days: int = Field(default=30, ge=0, le=3660)
    files_daily_mb: int = Field(default=1000, ge=0)
    files_total_gb: int = Field(default=50, ge=0)

    @property
    def kept(self) -> Retention:
        """What is kept how long."""
        return Retention(
            self.keep_updates_days, self.keep_messages_days, self.keep_drafts_days, self.keep_deleted_days,
            self.keep_leads_days,
        )  # fmt: skip

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> WorkCalendar:
        """When the company works: its zone, its week, its country's public holidays, its opening hours."""
        said = opening_hours.parse(self.opening_hours)
        holidays = _holidays_of(self.holidays)
        return WorkCalendar(self.zone, weekdays=self._week_with(said), holidays=holidays, hours=said.of_week())

    def _week_with(self, said: OpeningHours) -> frozenset[int]:
        """The working week; without `WORK_WEEK` the days that have opening hours."""
        return _weekdays(self.work_week) if "work_week" in self.model_fields_set else said.days

    @property
    def files(self) -> FileLimits:
        """How much of files is kept, and how long a removed one can be put back."""
        return FileLimits(self.file_bin_days, self.files_daily_mb, self.files_total_gb)

    @property
    def database(self) -> str:
        """The database's address; by default a SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'verstak.db'}"

    @property
    def listens_at(self) -> str:
        """Where HTTP listens: said, or everywhere if something is meant to come in, else on this machine only."""
        return self.http_host or ("0.0.0.0" if self.is_reached_from_outside else "127.0.0.1")

    @property
    def proxies(self) -> tuple[callers.Network, ...]:
        """Whose word on where a request comes from is taken."""
        return callers.networks(self.trusted_proxies or "")

    @property
    def is_reached_from_outside(self) -> bool:
        """Whether anything is meant to come in over HTTP; if not, only this machine is listened to."""
        return self.webhook_url is not None or self.intake_token is not None

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        return _fits(value, TOKEN, "must look like 123456789:AAF-letters, as @BotFather gives it")

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        return _fits(value, SECRET, "must be 1 to 256 letters, digits, _ and -")

    @field_validator("intake_token", "metrics_token")
    @classmethod
    def _intake(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters")
        return value

    @field_validator("http_host")
    @classmethod
    def _host(cls, value: str | None) -> str | None:
        if value is not None and not callers.is_address(value):
            raise ValueError("must be an address of this machine, like 127.0.0.1, 0.0.0.0 or ::")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str | None) -> str | None:
        try:
            callers.networks(value or "")
        except ValueError:
            raise ValueError("must be addresses or networks, with commas, like 10.0.0.7 or 172.30.0.0/24") from None
        return value

    @field_validator("bot_api_url", "webhook_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        return None if value is None else _url(value, "http", "https").rstrip("/")

    @field_validator("proxy_url")
    @classmethod
    def _secret_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _url(value.get_secret_value(), "http", "https")
        return value

    @field_validator("sms_url")
    @classmethod
    def _gateway(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            gateway_address.check(value.get_secret_value())
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            backend = make_url(value.get_secret_value()).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("must be sqlite:///path or postgresql://user:password@host/name")
        return value

    @field_validator("alarm_phone")
    @classmethod
    def _phone(cls, value: str | None) -> str | None:
        try:
            return None if value is None else phone.parse_phone(value)
        except InvalidValue:
            raise ValueError("must be a phone like +79123456789") from None

    @field_validator("alarm_email", mode="before")
    @classmethod
    def _emails(cls, value: Any) -> Any:
        found = tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value
        if not all(EMAIL.fullmatch(one) for one in found or ()):
            raise ValueError("must be an e-mail address, or several with commas")
        return found or None

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            smtp_mail.check(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _alarms(self) -> Self:
        if self.alarm_email and self.smtp_url is None:
            raise ValueError("SMTP_URL: is needed with ALARM_EMAIL: through which mail server troubles are sent")
        if self.alarm_phone is not None and self.sms_url is None:
            raise ValueError("SMS_URL: is needed with ALARM_PHONE: through which gateway troubles are sent")
        return self

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be the name of a time zone, like Europe/Moscow or Asia/Yekaterinburg") from None
        return value

    @field_validator("work_week")
    @classmethod
    def _week(cls, value: str) -> str:
        if not _weekdays(value):
            raise ValueError("must be days from 1 (Monday) to 7, like 1-5 or 1,2,3,6")
        return value

    @field_validator("opening_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        try:
            opening_hours.parse(value)
        except ValueError as wrong:
            raise ValueError(f"{wrong} (see README and {PAGE})") from None
        return value

    @field_validator("holidays")
    @classmethod
    def _country(cls, value: str | None) -> str | None:
        if value is not None and not _has_holidays(value):
            raise ValueError("must be the two letters of a country, like RU or KZ")
        return value

    @field_validator("processes", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(name for part in value.split(",") if (name := part.strip())) or None

    @model_validator(mode="after")
    def _each_day_opens(self) -> Self:
        said = opening_hours.parse(self.opening_hours)
        if shut := [str(day + 1) for day in sorted(self._week_with(said) - said.days)]:
            raise ValueError(f"OPENING_HOURS: has no hours for {', '.join(shut)}, which WORK_WEEK names (see {PAGE})")
        return self

    @model_validator(mode="after")
    def _webhook(self) -> Self:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("WEBHOOK_SECRET: is needed with WEBHOOK_URL: without it anybody could send updates")
        return self


def load(**given: Any) -> Settings:
    """Read the settings; `given` win over the environment. SettingsRefused tells everything that is wrong."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsRefused([_line(one) for one in error.errors(include_input=False, include_url=False)]) from None


def _line(error: Any) -> str:
    what = str(error["msg"]).removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {what}" if error["loc"] else what


def _holidays_of(country: str | None) -> PublicHolidays | None:
    if country is None:
        return None
    from models.values.public_holidays import CountryHolidays  # here, because it costs a second

    return CountryHolidays(country)


def _has_holidays(country: str) -> bool:
    from models.values import public_holidays

    return public_holidays.has_country(country)


def _weekdays(said: str) -> frozenset[int]:
    """«1-5» or «1,2,6» as days of the week from 0; empty if it is neither."""
    found = [DAYS.fullmatch(part.strip()) for part in said.split(",")]
    spans = [range(int(one[1]) - 1, int(one[2] or one[1])) for one in found if one]
    return frozenset(day for span in spans for day in span) if all(found) else frozenset()


def _fits(value: SecretStr | None, pattern: re.Pattern[str], otherwise: str) -> SecretStr | None:
    if value is not None and not pattern.fullmatch(value.get_secret_value()):
        raise ValueError(otherwise)
    return value


def _url(value: str, *schemes: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"must be an address that begins with {' or '.join(f'{one}://' for one in schemes)}")
    return value
