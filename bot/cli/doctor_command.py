"""`verstak doctor`: what is wrong, in words with what helps. It changes nothing and may run beside the bot."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path

import aiohttp
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot import app as root
from bot import database, database_faults, log, private_files, selfcheck, sqlite_lock, telegram_client
from bot import settings as conf
from bot.databases.sqlite_reader import SqliteReader
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.troubles import alarms, trouble_limits
from keyboards import translator
from keyboards import troubles as words
from keyboards.translator import Translator
from models.tables.troubles import TroubleRow
from models.troubles import Details, Trouble, TroubleKind
from services.operation import troubles

PATIENCE = 10.0  # seconds that the database has to answer


class DoctorFindings:
    """What was looked at: each a line, and for what is wrong a line of what helps."""

    def __init__(self, t: Translator) -> None:
        self.t, self.lines, self.wrong = t, list[str](), 0

    def well(self, said: str) -> None:
        self.lines.append(f"  {said}")

    def bad(self, said: str, mend: str = "") -> None:
        self.wrong += 1
        self.lines.append(f"! {said}")
        if mend:
            self.lines.append(f"    {mend}")

    def trouble(self, kind: TroubleKind, about: str = "", details: Details | None = None) -> None:
        self.bad(words.said(kind, about, details or {}, self.t), words.mend(kind, about, details or {}, self.t))


async def look() -> tuple[list[str], int]:
    """(What was found, how many things are wrong). SettingsRefused if not even the settings can be read."""
    settings = conf.load()
    found = DoctorFindings(translator.translator(settings.default_locale, settings.zone))
    _processes(settings, found)
    _disk(settings, found)
    _privacy(settings, found)
    await _database(settings, found)
    await _telegram(settings, found)
    _channels(settings, found)
    if not found.wrong:
        found.well(found.t("Всё в порядке"))
    return found.lines, found.wrong


def _processes(settings: Settings, found: DoctorFindings) -> None:
    try:
        company = root.read_company(settings)
    except selfcheck.StartRefused as refused:
        for one in refused.problems:
            found.bad(one)
        return
    found.well(found.t("Процессы: {names}", names=", ".join(company.processes)))


def _disk(settings: Settings, found: DoctorFindings) -> None:
    place = trouble_limits.existing(settings.data_dir)
    usage = shutil.disk_usage(place)
    details = trouble_limits.disk_details(usage)
    if trouble_limits.is_low(usage):
        found.trouble(TroubleKind.DISK_LOW, "", details)
    else:
        found.well(found.t("Место на диске: свободно {percent} % ({free} МБ)", **details))


def _privacy(settings: Settings, found: DoctorFindings) -> None:
    for folder in filter(None, (settings.data_dir, settings.backup_dir)):
        if private_files.is_open(folder):
            said = found.t("Папку с данными могут читать другие пользователи сервера: {path}", path=folder)
            found.bad(said, found.t("Закройте её: chmod -R go= {path}", path=folder))


async def _database(settings: Settings, found: DoctorFindings) -> None:
    t = found.t
    path = sqlite_lock.sqlite_path(settings.database)
    if path is not None and not path.exists():
        found.bad(t("Базы данных ещё нет: {path}", path=path))
        return
    try:
        async with asyncio.timeout(PATIENCE):
            damage, lasting = await _look(settings.database, path)
    except (OSError, SQLAlchemyError, sqlite3.Error, TimeoutError) as error:
        kind = database_faults.kind_of(error) or TroubleKind.DATABASE_AWAY
        found.bad(f"{words.title(kind, t)}: {log.describe(error)}", words.mend(kind, "", {}, t))
        return
    if damage:
        found.trouble(TroubleKind.DATABASE_SPOILT)
        return
    found.well(t("База данных цела"))
    for one in lasting:
        found.trouble(one.kind, one.about, one.details)


async def _look(url: str, path: Path | None) -> tuple[list[str], list[Trouble]]:
    """(What is damaged, the troubles that last), without locking or migrating anything."""
    if path is not None:
        return await SqliteReader(str(path)).run(_read)
    db = await database.open_database(url)
    try:
        return await db.run(_read)
    finally:
        await db.close()


def _read(tx: Connection) -> tuple[list[str], list[Trouble]]:
    damage = selfcheck.damage(tx)
    has = not damage and inspect(tx).has_table(TroubleRow.__tablename__)  # an older version has none
    return damage, troubles.open_now(tx) if has else []


async def _telegram(settings: Settings, found: DoctorFindings) -> None:
    t = found.t
    if settings.bot_token is None:
        found.bad(t("BOT_TOKEN не задан: бот не может работать в Telegram"))
        return
    proxy = settings.proxy_url.get_secret_value() if settings.proxy_url else None
    telegram = TelegramClient(settings.bot_token.get_secret_value(), settings.bot_api_url, proxy=proxy)
    try:
        me = await telegram_client.wait_for(telegram, patience=3.0)
        found.well(t("Telegram отвечает: @{name}", name=me.get("username")))
        if telegram.ahead is not None and trouble_limits.is_off(telegram.ahead):
            found.trouble(TroubleKind.CLOCK_WRONG, "telegram", {"seconds": round(telegram.ahead)})
    except TelegramUnauthorizedError:
        found.trouble(TroubleKind.TOKEN_REVOKED)
    except TelegramAPIError:
        found.trouble(TroubleKind.TELEGRAM_AWAY)
    finally:
        await telegram.close()


def _channels(settings: Settings, found: DoctorFindings) -> None:
    channels = alarms.channels_of(settings, _no_session)
    if channels:
        names = ", ".join(one.name for one in channels)
        found.well(found.t("Когда бот не может написать владельцу, о неполадках сообщает {names}", names=names))
    else:
        said = found.t("Если Telegram недоступен, о неполадках никто не узнает: задайте ALARM_EMAIL или ALARM_PHONE")
        found.well(said)


def _no_session() -> aiohttp.ClientSession:
    raise AssertionError("channels are only counted")
