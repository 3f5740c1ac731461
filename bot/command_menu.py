"""The commands that Telegram shows behind «/»: the same for everybody, in the language of the person's Telegram.

They are shortcuts only: what a person may do is asked at every press, not here.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import locales
from bot.telegram_client import TelegramClient
from keyboards.translator import Translator, translator


def commands(t: Translator) -> list[dict[str, str]]:
    """Name and description of each command."""
    return [
        {"command": "menu", "description": t("Меню")},
        {"command": "find", "description": t("Найти клиента или сделку")},
        {"command": "settings", "description": t("Язык и тихие часы")},
        {"command": "cancel", "description": t("Бросить начатое")},
        {"command": "help", "description": t("Что я умею")},
    ]


async def announce(telegram: TelegramClient, zone: ZoneInfo, default: str) -> None:
    """Tell Telegram the commands; raises what Telegram answers."""
    await telegram.call("setMyCommands", {"commands": commands(translator(default, zone))})
    for locale in locales.LOCALES:
        await telegram.call("setMyCommands", {"commands": commands(translator(locale, zone)), "language_code": locale})
