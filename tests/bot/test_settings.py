"""Settings are refused at start by name, and secrets are shown nowhere."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import selfcheck, settings
from bot.cli import run_command
from bot.settings import Settings, SettingsRefused
from models.values.public_holidays import CountryHolidays

DEPLOYMENT = Path(__file__).parents[2] / "docs" / "deployment.md"
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345"


def load(**given: Any) -> Settings:
    return settings.load(_env_file=None, **given)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing out of the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_anything_there_is_a_file_in_the_data_folder() -> None:
    found = load()
    assert found.database == "sqlite:///data/verstak.db"
    assert found.timezone == "Europe/Moscow"
    assert found.bot_token is None
    assert not found.is_reached_from_outside


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not a token"),
        ("BOT_API_URL", "ftp://api"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "nonsense"),
        ("TIMEZONE", "Europe/Atlantis"),
        ("TIMEZONE", "../etc/passwd"),
        ("OPENING_HOURS", "from nine"),
        ("OPENING_HOURS", "21-9"),
        ("OPENING_HOURS", "9-25"),
        ("OPENING_HOURS", "1-5 9-21, 5 10-16"),
        ("OPENING_HOURS", "5-1 9-21"),
        ("OPENING_HOURS", "9-21, 10-16"),
        ("OPENING_HOURS", "8 9-21"),
        ("DEFAULT_LOCALE", "fr"),
        ("WEBHOOK_SECRET", "с пробелами"),
        ("HTTP_PORT", "99999"),
        ("HTTP_PORT", "eighty"),
        ("INTAKE_TOKEN", "short"),
        ("METRICS_TOKEN", "short"),
        ("HTTP_HOST", "verstak.example"),
        ("HTTP_HOST", "127.0.0.1:80"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("SMS_URL", "sms.example"),
        ("SMS_URL", "https://sms.example/send?key=smskeysmskey"),
        ("SMS_URL", "smsru://sms.ru"),
        ("SMS_URL", "smsaero://smskeysmskey@gate.smsaero.ru"),
        ("PROXY_URL", "socks5://user:secretpassword@host:1"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert [line.partition(":")[0] for line in refused.value.problems] == [name]
    assert value not in str(refused.value)


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars")
    monkeypatch.setenv("HTTP_PORT", "-1")
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert {line.partition(":")[0] for line in refused.value.problems} == {"TIMEZONE", "HTTP_PORT"}


def test_a_webhook_without_a_secret_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="WEBHOOK_SECRET"):
        load(webhook_url="https://shop.example")


def test_http_listens_on_this_machine_until_something_is_meant_to_come_in() -> None:
    assert load().listens_at == "127.0.0.1"
    assert load(intake_token="intake-secret").listens_at == "0.0.0.0"
    assert load(intake_token="intake-secret", http_host="127.0.0.1").listens_at == "127.0.0.1"
    assert load(http_host="::").listens_at == "::"


def test_processes_are_a_list_with_commas_and_empty_values_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCESSES", "furniture, kitchens ,")
    monkeypatch.setenv("BOT_TOKEN", "")
    found = load()
    assert found.processes == ("furniture", "kitchens")
    assert found.bot_token is None


def test_secrets_are_hidden_wherever_settings_are_shown() -> None:
    found = load(
        bot_token=TOKEN, database_url="postgresql://u:dbpassword@h/d", intake_token="intake-secret",
        webhook_secret="hook-secret", proxy_url="http://u:proxypassword@h:1", sms_url="https://sms.example?key=smskey&to={phone}&text={text}",
    )  # fmt: skip
    for shown in (repr(found), str(found), found.model_dump_json()):
        for secret in (TOKEN, "dbpassword", "intake-secret", "hook-secret", "proxypassword", "smskey"):
            assert secret not in shown


def test_a_dotenv_file_is_read(tmp_path: Any) -> None:
    file = tmp_path / ".env"
    file.write_text("TIMEZONE=Asia/Yekaterinburg\nUNKNOWN=1\n", "utf-8")
    assert settings.load(_env_file=file).timezone == "Asia/Yekaterinburg"


@pytest.mark.parametrize(
    ("said", "days"),
    [("1-7", {0, 1, 2, 3, 4, 5, 6}), ("1-5", {0, 1, 2, 3, 4}), ("1, 2,6", {0, 1, 5}), ("6-7", {5, 6})],
)
def test_the_working_week_and_the_holidays_make_the_companys_calendar(said: str, days: set[int]) -> None:
    calendar = settings.load(_env_file=None, work_week=said, holidays="RU").calendar
    assert calendar.weekdays == days and calendar.holidays == CountryHolidays("RU")


@pytest.mark.parametrize(
    "given",
    [{"work_week": "0-5"}, {"work_week": "5-1"}, {"work_week": "пн-пт"}, {"holidays": "XX"}, {"holidays": "ru1"}],
)
def test_a_week_or_a_country_that_is_none_is_refused_by_name(given: dict[str, str]) -> None:
    with pytest.raises(settings.SettingsRefused, match=next(iter(given)).upper()):
        settings.load(_env_file=None, **given)


@pytest.mark.parametrize(
    ("said", "week", "days", "sunday"),
    [
        ("9-21", None, {0, 1, 2, 3, 4, 5, 6}, "09:00–21:00"),
        ("10:30–19", "1-5", {0, 1, 2, 3, 4}, "10:30–19:00"),
        ("1-5 9-21, 6 10-16", None, {0, 1, 2, 3, 4, 5}, "10:00–16:00"),  # a Sunday that works is as the Saturday
        ("1-5 9-21, 6 10-16", "1-5", {0, 1, 2, 3, 4}, "10:00–16:00"),
        ("9-21, 7 10-24", None, {0, 1, 2, 3, 4, 5, 6}, "10:00–00:00"),
    ],
)
def test_the_opening_hours_by_weekday_make_the_companys_calendar(
    said: str, week: str | None, days: set[int], sunday: str
) -> None:
    calendar = load(opening_hours=said, **({"work_week": week} if week else {})).calendar
    assert calendar.weekdays == days
    assert "–".join(f"{one:%H:%M}" for one in calendar.hours_on(date(2026, 11, 29))) == sunday


def test_a_working_day_without_hours_is_refused_and_the_page_is_named() -> None:
    with pytest.raises(SettingsRefused, match=r"OPENING_HOURS: has no hours for 6, 7, which WORK_WEEK names"):
        load(opening_hours="1-5 9-21", work_week="1-7")
    with pytest.raises(SettingsRefused, match=r"OPENING_HOURS: must be hours like .*README and docs/deployment\.md"):
        load(opening_hours="always")


def readme_settings() -> dict[str, str]:
    """Name → default, as the table in docs/deployment.md has them; several names of one row share it, or its parts."""
    table = DEPLOYMENT.read_text("utf-8").partition("| Setting | Default | Meaning |\n")[2].partition("\n\n")[0]
    found = {}
    for row in table.splitlines()[1:]:
        _, names, default, *_ = (cell.strip() for cell in row.split("|"))
        parts = default.split(", ")
        for place, name in enumerate(names.split(", ")):
            found[name.strip("`")] = parts[min(place, len(parts) - 1)].strip("`")
    return found


def test_the_table_of_settings_in_readme_and_the_settings_agree() -> None:
    assert set(readme_settings()) == {name.upper() for name in Settings.model_fields}


def test_the_defaults_in_readme_are_those_of_the_settings() -> None:
    told, plain = readme_settings(), load()
    words = {"—": None, "all": None, "Telegram's": None}
    known = {name.upper(): value for name, value in plain} | {"DATABASE_URL": plain.database}
    assert known.pop("BOT_API_URL") == settings.TELEGRAM
    for name, value in known.items():
        assert words.get(told[name], told[name]) == (None if value is None else str(value)), name


STRONG = "0b7e41c9a3d85f6241e8"


@pytest.mark.parametrize("name", ["webhook_secret", "intake_token", "metrics_token"])
@pytest.mark.parametrize(
    ("secret", "why"),
    [
        (STRONG[:15], "too short"),
        ("a-long-secret", "too short"),
        ("0" * 40, "repeats itself"),
        ("abcab" * 10, "repeats itself"),
        ("a-very-long-secret-token", "well-known words"),
        ("letters-and-digits", "well-known words"),
        ("Password1234567890", "well-known words"),
        ("12345678901234567890", "well-known words"),
    ],
)
def test_a_secret_that_can_be_guessed_is_told_by_its_name_only(name: str, secret: str, why: str) -> None:
    (line,) = selfcheck.weak_secrets(load(**{name: secret}))
    assert line.startswith(f"{name.upper()}: ") and why in line and secret not in line


def test_secrets_of_chance_are_strong_enough() -> None:
    assert selfcheck.weak_secrets(load()) == []
    assert selfcheck.weak_secrets(
        load(webhook_secret=STRONG, intake_token=STRONG[:16], metrics_token="story-token-x")
    ) == [
        "METRICS_TOKEN: is too short for a secret, less than 16 characters; take a long one of chance, as "
        "`openssl rand -hex 24` gives it"
    ]


def test_the_bot_does_not_start_with_weak_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("INTAKE_TOKEN", "a-long-secret")
    with pytest.raises(selfcheck.StartRefused, match="INTAKE_TOKEN: is too short"):
        asyncio.run(run_command.run())
    assert not list(tmp_path.iterdir())
