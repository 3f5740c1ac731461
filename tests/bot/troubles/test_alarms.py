"""SMS and e-mail of what the bot cannot tell, against stand-ins; settings that are wrong are refused by name."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, SettingsRefused, load
from bot.troubles import alarms, database_note
from bot.troubles.alarms import AlarmNotSent, EmailChannel
from bot.troubles.smtp_mail import MailNotSent, SmtpServer


class MailStandIn:
    """Speaks as much SMTP as a letter needs; remembers letters and what was said before each."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.said: list[str] = []
        self.refuses = False
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 stand-in\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            self.said.append(line)
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                self.letters.append((await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n"))
            if word == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(b"554 no\r\n" if self.refuses and word == "MAIL" else b"250 well\r\n")
        writer.close()


@pytest.fixture
async def mail() -> AsyncIterator[MailStandIn]:
    found = MailStandIn()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


def channel(mail: MailStandIn) -> EmailChannel:
    server = SmtpServer.of(f"smtp://127.0.0.1:{mail.port}?from=bot@example.org")
    return EmailChannel(server, ("owner@example.org", "son@example.org"))


async def test_a_letter_says_the_trouble_in_its_subject_and_what_helps_in_its_text(mail: MailStandIn) -> None:
    await alarms.send([channel(mail)], "1", "Telegram не отвечает. Проверьте интернет.")
    letter = email.message_from_bytes(mail.letters[0], policy=email.policy.default)
    assert letter["Subject"] == "Верстак: Telegram не отвечает"
    assert letter["To"] == "owner@example.org, son@example.org"
    body: Any = letter.get_body()
    assert "Проверьте интернет." in body.get_content()


async def test_of_two_channels_one_is_enough(mail: MailStandIn) -> None:
    gone = EmailChannel(SmtpServer.of("smtp://127.0.0.1:1?from=bot@example.org"), ("owner@example.org",))
    assert await alarms.send([gone, channel(mail)], "1", "Текст") == ["e-mail: ConnectionRefusedError"]
    assert len(mail.letters) == 1
    mail.refuses = True
    with pytest.raises(AlarmNotSent):
        await alarms.send([gone, channel(mail)], "1", "Текст")


async def test_a_password_never_goes_without_tls(mail: MailStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.troubles.smtp_mail.LOCAL", ())
    server = SmtpServer.of(f"smtp://bot%40example.org:key-secret@127.0.0.1:{mail.port}")
    with pytest.raises(MailNotSent):
        await asyncio.to_thread(server.send, ("owner@example.org",), "Верстак", "Текст")
    assert not any("AUTH" in one for one in mail.said)
    assert "key-secret" not in repr(server)


def settings(**given: Any) -> Settings:
    return load(_env_file=None, **given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"alarm_email": "owner@example.org"}, "SMTP_URL: is needed with ALARM_EMAIL"),
        ({"alarm_phone": "+79123456789"}, "SMS_URL: is needed with ALARM_PHONE"),
        ({"alarm_phone": "нет", "sms_url": "smsru://key@sms.ru"}, "ALARM_PHONE: must be a phone"),
        ({"alarm_email": "owner", "smtp_url": "smtps://a%40b.ru:secret@b.ru"}, "ALARM_EMAIL: must be an e-mail"),
        ({"smtp_url": "https://a%40b.ru:secret@b.ru"}, "SMTP_URL: must be smtps://"),
        ({"smtp_url": "smtps://user:secret@b.ru"}, "SMTP_URL: needs ?from=ADDRESS"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings(**given)
    assert any(line.startswith(said) for line in refused.value.problems), refused.value.problems
    assert "secret" not in str(refused.value)


def test_several_addresses_are_read() -> None:
    found = settings(alarm_email="a@b.ru, c@d.ru", smtp_url="smtps://a%40b.ru:key@b.ru", alarm_phone="8 912 345-67-89",
                     sms_url="smsru://key@sms.ru")  # fmt: skip
    assert found.alarm_email == ("a@b.ru", "c@d.ru")
    assert found.alarm_phone == "+79123456789"
    assert [one.name for one in alarms.channels_of(found, lambda: None)] == ["SMS", "e-mail"]  # type: ignore[arg-type,return-value]


async def test_a_spoilt_database_at_start_is_told_once_by_mail(mail: MailStandIn, tmp_path: Path) -> None:
    """Nobody else can: the bot does not start, and whom it would write to stands in the database."""
    found = settings(
        data_dir=tmp_path, alarm_email="owner@example.org", smtp_url=f"smtp://127.0.0.1:{mail.port}?from=b@example.org"
    )
    await database_note.tell_spoilt(found)
    await database_note.tell_spoilt(found)
    [letter] = mail.letters
    body: Any = email.message_from_bytes(letter, policy=email.policy.default).get_body()
    assert "verstak restore" in body.get_content()
