"""A trouble is told in words with what helps, in both languages, and to strangers without names."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from keyboards import translator
from keyboards import troubles as words
from models.troubles import Details, TroubleKind

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
K = TroubleKind
SAID: list[tuple[K, str, Details, str]] = [
    (K.SECOND_BOT, "", {}, "Этим ботом управляет ещё одна программа: Telegram отдаёт сообщения то ей, то нам"),
    (K.SECOND_BOT, "webhook", {}, "К боту подключён чужой вебхук: сообщения уходят не нам"),
    (K.MESSAGE_LOST, "5", {"name": "Анна", "why": "unsure"}, "Неизвестно, дошло ли сообщение: Анна"),
    (K.MESSAGE_LOST, "5", {"name": "Анна", "why": "refused"}, "Сообщение не доставлено: Анна"),
    (K.MESSAGE_LOST, "5", {}, "Сообщение не доставлено"),
    (K.DISK_LOW, "", {"percent": 7, "free": 900}, "На диске осталось мало места: 7 % (900 МБ)"),
    (K.DATABASE_AWAY, "", {"why": "locked"}, "Базу данных заняла другая программа: бот ничего не может записать"),
    (K.DATABASE_AWAY, "", {}, "База данных не отвечает"),
    (K.BACKUP_FAILED, "", {"reason": "нет места"}, "Резервная копия не сделана: нет места"),
    (K.CLOCK_WRONG, "telegram", {"seconds": 7200}, "Часы сервера спешат: 2 часа"),
    (K.CLOCK_WRONG, "telegram", {"seconds": -65}, "Часы сервера отстают: 1 минута"),
    (K.CLOCK_WRONG, "database", {"seconds": 180}, "Часы сервера и базы данных расходятся: 3 минуты"),
    (K.UPDATE_QUARANTINED, "7", {"number": 7, "error": "KeyError"},
     "Сообщение № 7 не удалось обработать (KeyError), оно отложено"),
    (K.UPDATE_QUARANTINED, "many", {}, "Не удалось обработать уже несколько сообщений, они отложены"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "about", "details", "said"), SAID)
def test_what_is_wrong_is_said(kind: K, about: str, details: Details, said: str) -> None:
    t = translator.translator("ru", ZoneInfo("Europe/Moscow"))
    found = words.said(kind, about, details, t)
    assert found.replace("\u202f", " ").replace("\xa0", " ") == said


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_trouble_has_words_and_a_mend(kind: K, locale: str) -> None:
    t = translator.translator(locale, ZoneInfo("Europe/Moscow"))
    told = [words.title(kind, t), words.mend(kind, "", {"number": 7}, t), words.over(kind, "", {}, t)]
    told.append(words.plain(kind, "", {}, t, lasted=(NOON, NOON)))
    assert all(told)
    assert "{" not in "".join(told)
    cyrillic = any("а" <= letter.lower() <= "я" for letter in "".join(told))
    assert cyrillic == (locale == "ru")
