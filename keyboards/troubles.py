"""A trouble of the bot in words: what it is, what helps, and that it is over. They are read in the owner's chat, in an
SMS or e-mail, on the health page, and in `verstak doctor`.

`title` names no person and no sum: strangers may read it where the health page is open to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, line
from keyboards.translator import Translator
from models.notices.trouble_notices import TroubleBegan, TroubleOver
from models.troubles import Details, TroubleKind
from models.values.invalid_value import N_
from models.values.product_text import ProductText

TITLES: Mapping[TroubleKind, ProductText] = {
    TroubleKind.SECOND_BOT: N_("Этим ботом управляет ещё одна программа"),
    TroubleKind.TOKEN_REVOKED: N_("Telegram больше не принимает токен бота: бот ничего не получает и не отправляет"),
    TroubleKind.TELEGRAM_AWAY: N_("Telegram не отвечает: бот ничего не получает и не отправляет"),
    TroubleKind.MESSAGE_LOST: N_("Сообщение не доставлено"),
    TroubleKind.DISK_LOW: N_("На диске осталось мало места"),
    TroubleKind.FILES_FULL: N_("Место для файлов сделок кончается"),
    TroubleKind.DATABASE_AWAY: N_("База данных не отвечает"),
    TroubleKind.DATABASE_SPOILT: N_("База данных повреждена"),
    TroubleKind.BACKUP_FAILED: N_("Резервная копия не сделана"),
    TroubleKind.CLOCK_WRONG: N_("Часы сервера показывают неверное время"),
    TroubleKind.UPDATE_QUARANTINED: N_("Сообщение не удалось обработать, оно отложено"),
}
MENDS: Mapping[TroubleKind, ProductText] = {
    TroubleKind.SECOND_BOT: N_(
        "Остановите вторую копию бота (на другом сервере, на чьём-то компьютере). Если её не найти, получите у "
        "@BotFather новый токен (команда /revoke), запишите его в BOT_TOKEN и перезапустите бота."
    ),
    TroubleKind.TOKEN_REVOKED: N_(
        "Возьмите у @BotFather действующий токен (/mybots → API Token), запишите его в BOT_TOKEN и перезапустите бота. "
        "Всё, что ждёт отправки, будет доставлено."
    ),
    TroubleKind.TELEGRAM_AWAY: N_(
        "Проверьте интернет на сервере и настройки BOT_API_URL и PROXY_URL. Всё, что ждёт отправки, будет доставлено, "
        "когда связь вернётся."
    ),
    TroubleKind.MESSAGE_LOST: N_("Передайте его сами: бот больше не пробует."),
    TroubleKind.DISK_LOW: N_(
        "Удалите с сервера лишнее (старые журналы и копии) или увеличьте диск. Когда место кончится, бот не сможет "
        "записывать."
    ),
    TroubleKind.FILES_FULL: N_(
        "Когда оно кончится, новые файлы сохраняться не будут. Поднимите предел настройкой FILES_TOTAL_GB, если место "
        "на диске есть, или уберите лишнее из папок сделок."
    ),
    TroubleKind.DATABASE_AWAY: N_(
        "Проверьте, работает ли база данных и доступна ли она серверу. Нажатия не потеряются: бот обработает их сам, "
        "когда она вернётся."
    ),
    TroubleKind.DATABASE_SPOILT: N_(
        "Остановите бота и восстановите последнюю резервную копию: verstak restore ФАЙЛ --force. То, что было, "
        "останется рядом. Проверьте диск сервера."
    ),
    TroubleKind.BACKUP_FAILED: N_(
        "Проверьте, есть ли место и можно ли писать в папку копий. Сделать копию сейчас: verstak backup ФАЙЛ."
    ),
    TroubleKind.CLOCK_WRONG: N_(
        "Включите на сервере синхронизацию времени (timedatectl set-ntp true): напоминания приходят не вовремя."
    ),
    TroubleKind.UPDATE_QUARANTINED: N_(
        "Когда причина будет устранена, его можно повторить командой: verstak replay {number}"
    ),
}
OVER: Mapping[TroubleKind, ProductText] = {
    TroubleKind.SECOND_BOT: N_("Бот снова один: второй программы с его токеном больше не видно"),
    TroubleKind.TOKEN_REVOKED: N_("Токен бота снова действует"),
    TroubleKind.TELEGRAM_AWAY: N_("Связь с Telegram восстановлена"),
    TroubleKind.MESSAGE_LOST: N_("Сообщение всё-таки доставлено"),
    TroubleKind.DISK_LOW: N_("Места на диске снова достаточно"),
    TroubleKind.FILES_FULL: N_("Места для файлов сделок снова достаточно"),
    TroubleKind.DATABASE_AWAY: N_("База данных снова отвечает"),
    TroubleKind.DATABASE_SPOILT: N_("База данных снова в порядке"),
    TroubleKind.BACKUP_FAILED: N_("Резервная копия снова сделана и проверена"),
    TroubleKind.CLOCK_WRONG: N_("Часы сервера снова идут верно"),
    TroubleKind.UPDATE_QUARANTINED: N_("Отложенное сообщение обработано"),
}
FULL_MEND = N_(
    "Освободите место на сервере. Нажатия не потеряются: бот обработает их сам, как только сможет писать; "
    "перезапускать его не нужно."
)
LOCKED_MEND = N_(
    "Закройте программу, которая открыла файл базы данных. Нажатия не потеряются: бот обработает их сам, как только "
    "сможет писать."
)
WEBHOOK_MEND = N_("Перезапустите бота: он снимет чужой вебхук. Если это повторится, получите у @BotFather новый токен.")
MANY_MEND = N_("Когда причина будет устранена, повторите все командой: verstak replay")


def title(kind: TroubleKind, t: Translator) -> str:
    """What it is, without anything of the business."""
    return t(TITLES[kind])


def said(kind: TroubleKind, about: str, details: Details, t: Translator) -> str:
    """What it is, with what is known of it."""
    special = SPECIAL.get(kind)
    return (special(about, details, t) if special else "") or title(kind, t)


def mend(kind: TroubleKind, about: str, details: Details, t: Translator) -> str:
    """What helps."""
    match kind, details.get("why"), about:
        case TroubleKind.DATABASE_AWAY, "full", _:
            return t(FULL_MEND)
        case TroubleKind.DATABASE_AWAY, "locked", _:
            return t(LOCKED_MEND)
        case TroubleKind.SECOND_BOT, _, "webhook":
            return t(WEBHOOK_MEND)
        case TroubleKind.UPDATE_QUARANTINED, _, "many":
            return t(MANY_MEND)
    return t(MENDS[kind], number=details.get("number", ""))


def over(kind: TroubleKind, about: str, details: Details, t: Translator) -> str:
    """That it is over."""
    if kind is TroubleKind.UPDATE_QUARANTINED and about != "many" and "number" in details:
        return t("Отложенное сообщение № {number} обработано", number=details["number"])
    return t(OVER[kind])


def plain(
    kind: TroubleKind, about: str, details: Details, t: Translator, *, lasted: tuple[datetime, datetime] | None = None
) -> str:
    """The whole as one text, for an SMS, an e-mail, a bare message; `lasted`: it is over, from when to when it was."""
    if lasted is None:
        return f"{said(kind, about, details, t)}. {mend(kind, about, details, t)}"
    return f"{over(kind, about, details, t)}. {_lasted(*lasted, t)}"


def _lasted(began: datetime, ended: datetime, t: Translator) -> str:
    return t("Было с {since} до {until}", since=t.moment(began), until=t.moment(ended))


# --- what is known of one ---------------------------------------------------------------------------------------


def _second_bot(about: str, details: Details, t: Translator) -> str:
    if about == "webhook":
        return t("К боту подключён чужой вебхук: сообщения уходят не нам")
    return t("Этим ботом управляет ещё одна программа: Telegram отдаёт сообщения то ей, то нам")


def _message_lost(about: str, details: Details, t: Translator) -> str:
    name = details.get("name")
    if not name:
        return ""
    if details.get("why") == "unsure":
        return t("Неизвестно, дошло ли сообщение: {name}", name=name)
    return t("Сообщение не доставлено: {name}", name=name)


def _disk_low(about: str, details: Details, t: Translator) -> str:
    if "percent" not in details:
        return ""
    return t("На диске осталось мало места: {percent} % ({free} МБ)", **details)


def _files_full(about: str, details: Details, t: Translator) -> str:
    if "percent" not in details:
        return ""
    return t("Файлы сделок заняли {percent} % отведённого места ({limit} ГБ)", **details)


def _database_away(about: str, details: Details, t: Translator) -> str:
    match details.get("why"):
        case "full":
            return t("На диске кончилось место: бот показывает, что есть, но ничего не может записать")
        case "locked":
            return t("Базу данных заняла другая программа: бот ничего не может записать")
    return ""


def _backup_failed(about: str, details: Details, t: Translator) -> str:
    if about == "size":
        return t("Резервная копия слишком велика для чата ({megabytes} МБ), она осталась в папке копий", **details)
    if about == "chat":
        return t("Резервная копия не отправлена в чат: {reason}", **details)
    return t("Резервная копия не сделана: {reason}", reason=details["reason"]) if details.get("reason") else ""


def _clock_wrong(about: str, details: Details, t: Translator) -> str:
    seconds = int(details.get("seconds", 0))
    span = t.span(timedelta(minutes=max(1, round(abs(seconds) / 60))))
    if about == "database":
        return t("Часы сервера и базы данных расходятся: {span}", span=span)
    if seconds > 0:
        return t("Часы сервера спешат: {span}", span=span)
    return t("Часы сервера отстают: {span}", span=span) if seconds else ""


def _quarantined(about: str, details: Details, t: Translator) -> str:
    if about == "many":
        return t("Не удалось обработать уже несколько сообщений, они отложены")
    if "number" not in details:
        return ""
    return t("Сообщение № {number} не удалось обработать ({error}), оно отложено", **details)


SPECIAL: Mapping[TroubleKind, Callable[[str, Details, Translator], str]] = {
    TroubleKind.SECOND_BOT: _second_bot,
    TroubleKind.MESSAGE_LOST: _message_lost,
    TroubleKind.DISK_LOW: _disk_low,
    TroubleKind.FILES_FULL: _files_full,
    TroubleKind.DATABASE_AWAY: _database_away,
    TroubleKind.BACKUP_FAILED: _backup_failed,
    TroubleKind.CLOCK_WRONG: _clock_wrong,
    TroubleKind.UPDATE_QUARANTINED: _quarantined,
}


# --- as messages of the bot -------------------------------------------------------------------------------------


@presents(TroubleBegan)
class TroubleBeganWords(NoticeWords[TroubleBegan]):
    """What is wrong, and what helps."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: TroubleBegan, t: Translator) -> str:
        return said(notice.trouble, notice.about, notice.details, t)

    def below(self, view: NoticeView, notice: TroubleBegan, t: Translator) -> list[Line]:
        return [line(mend(notice.trouble, notice.about, notice.details, t))]


@presents(TroubleOver)
class TroubleOverWords(NoticeWords[TroubleOver]):
    """That it is over."""

    icon = "✅ "

    def said(self, view: NoticeView, notice: TroubleOver, t: Translator) -> str:
        return over(notice.trouble, notice.about, notice.details, t)

    def below(self, view: NoticeView, notice: TroubleOver, t: Translator) -> list[Line]:
        return [] if notice.ended_at is None else [line(_lasted(notice.began_at, notice.ended_at, t))]
