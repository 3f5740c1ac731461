"""Channels to the owner that do not lead through Telegram: an SMS, an e-mail, as the settings say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import aiohttp

from bot.settings import Settings
from bot.sms import gateway_address
from bot.sms.gateway import SmsError, SmsGateway
from bot.troubles.smtp_mail import MailNotSent, SmtpServer
from models.values import sms_parts

SUBJECT = "Верстак"


class AlarmNotSent(Exception):
    """It did not go this way; the text holds no secret."""


class AlarmChannel(Protocol):
    """One way to tell the owner. `key` is the same at every try of one message."""

    name: str

    async def send(self, key: str, text: str) -> None:
        """Send. Raises AlarmNotSent."""
        ...


class SmsChannel:
    """By the gateway that sends SMS to clients."""

    name = "SMS"

    def __init__(self, gateway: SmsGateway, phone: str) -> None:
        self._gateway, self._phone = gateway, phone

    async def send(self, key: str, text: str) -> None:
        try:
            await self._gateway.send(key, self._phone, sms_parts.fit(sms_parts.plain(text)))
        except SmsError as error:
            raise AlarmNotSent(f"{type(error).__name__}: {error}") from None


class EmailChannel:
    """By e-mail."""

    name = "e-mail"

    def __init__(self, server: SmtpServer, to: tuple[str, ...]) -> None:
        self._server, self._to = server, to

    async def send(self, key: str, text: str) -> None:
        subject = f"{SUBJECT}: {text.partition('. ')[0]}"[:150]
        try:
            await asyncio.to_thread(self._server.send, self._to, subject, text)
        except MailNotSent as error:
            raise AlarmNotSent(str(error)) from None


def channels_of(settings: Settings, http: Callable[[], aiohttp.ClientSession]) -> list[AlarmChannel]:
    """Every channel that the settings open, none by default."""
    found: list[AlarmChannel] = []
    if settings.alarm_phone and settings.sms_url is not None:
        gateway = gateway_address.open_gateway(settings.sms_url.get_secret_value(), http)
        found.append(SmsChannel(gateway, settings.alarm_phone))
    if settings.alarm_email and settings.smtp_url is not None:
        server = SmtpServer.of(settings.smtp_url.get_secret_value())
        found.append(EmailChannel(server, settings.alarm_email))
    return found


async def send(channels: list[AlarmChannel], key: str, text: str) -> list[str]:
    """Send by every channel; why it did not go by some. Raises AlarmNotSent if it went by none."""
    failed = []
    for channel in channels:
        try:
            await channel.send(key, text)
        except AlarmNotSent as error:
            failed.append(f"{channel.name}: {error}")
    if failed and len(failed) == len(channels):
        raise AlarmNotSent("; ".join(failed))
    return failed
