"""«Резервные копии» for the owner: how the last one came out, the keys, and the message that brings a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from keyboards import buttons
from keyboards.callbacks.backup_callbacks import KeepBackupKey, OpenBackups, ShowBackupKey
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import EMPTY, Button, Line, Rows, Screen, Span, bold, line, rows_of
from keyboards.translator import Translator
from models import backups
from models.backups import BackupKey, BackupState, NightBackup
from models.ids import BackupKeyId
from models.notices.backup_notices import BackupKeyGiven
from models.process import months

MEGABYTE = 1024 * 1024


def screen(last: NightBackup | None, made: NightBackup | None, keys: Sequence[BackupKey], t: Translator) -> Screen:
    """The last backup, the last good one if that is another, and a button for each key that is not forgotten."""
    lines: list[Line] = [line("💾 ", bold(t("Резервные копии"))), *_last(last, made, t)]
    if keys:
        lines += [EMPTY, line(t("Ключи, которые бот ещё помнит: ими открываются копии, присланные сюда, в чат."))]
        lines += [line("🔑 ", _key_line(one, t)) for one in keys]
    shows = [(_show_button(one.id, f"🔑 {named(one.month, t)} · …{one.mark}"),) for one in keys]
    return Screen(tuple(lines), rows_of([*shows, (buttons.back(t, OpenSettings()), buttons.home(t))]))


def _last(last: NightBackup | None, made: NightBackup | None, t: Translator) -> list[Line]:
    if last is None:
        return [line(t("Ночных копий ещё не было. Папку и срок хранения задают BACKUP_… в настройках на сервере."))]
    out = []
    if last.state == BackupState.FAILED:
        why = f": {last.failure}" if last.failure else ""
        out.append(line("⚠️ ", t("Последняя копия не удалась: {day}", day=t.day(last.night)), why))
    if made is not None and made.made_at is not None:
        size = t("{n} МБ", n=max(1, round((made.size or 0) / MEGABYTE)))
        proven = t("проверена восстановлением") if made.restored else t("прочитана до конца")
        out.append(line("✅ ", t("Последняя хорошая: {when}", when=t.moment(made.made_at)), f", {size}, {proven}"))
    if made is not None and made.parts:
        out.append(line(t("В этот чат отправлено частей: {sent} из {parts}", sent=made.sent, parts=made.parts)))
    return out


def _key_line(one: BackupKey, t: Translator) -> str:
    ends = t.day(backups.forgotten_at(one.month).date())
    said = t("{month} (…{mark}), бот забудет его: {day}", month=named(one.month, t), mark=one.mark, day=ends)
    if one.saved_at is not None:
        return said
    waits = t("Вы его ещё не сохранили")
    return f"{said}. {waits}"


def key_screen(one: BackupKey, t: Translator) -> Screen:
    """The key, to be copied; or that it is known no more."""
    title = line("🔑 ", bold(t("Ключ резервных копий: {month}", month=named(one.month, t))), f" · …{one.mark}")
    if one.secret is None:
        gone = line(t("Бот его уже забыл: копии этого месяца открывает только ключ, который сохранили вы."))
        return Screen((title, gone), ((buttons.back(t, OpenBackups()), buttons.home(t)),))
    lines = (
        title,
        (Span(one.secret, "code"),),
        EMPTY,
        line(t("Сохраните его не в Телеграме и не на сервере: в менеджере паролей или на бумаге.")),
        line(t("Кто имеет ключ и этот чат, прочтёт всю базу. Потом нажмите «Сохранил»: ключ исчезнет из чата.")),
    )
    copy = Button(t("📋 Скопировать"), copy=one.secret)
    kept = buttons.button(t("✔ Сохранил, убрать из чата"), KeepBackupKey(one.id), colour="success")
    return Screen(lines, ((copy,), (kept,)))


def kept_screen(one: BackupKey, now: datetime, t: Translator) -> Screen:
    """The message once the key is out of it."""
    lines = (
        line("🔑 ", bold(t("Ключ резервных копий: {month}", month=named(one.month, t))), f" · …{one.mark}"),
        line(t("Вы сохранили его: {when}", when=t.moment(one.saved_at or now, now=now))),
        line(t("Бот забудет его: {day}", day=t.day(backups.forgotten_at(one.month).date()))),
    )
    again = _show_button(one.id, t("Показать ещё раз"))
    return Screen(lines, ((again,), (buttons.button(t("💾 Резервные копии"), OpenBackups()), buttons.home(t))))


def caption(one: NightBackup, key: BackupKey | None, t: Translator) -> Screen:
    """What stands under the next part of a backup in the chat."""
    title = t("Резервная копия: {day}", day=t.day(one.night))
    part = t(" · часть {n} из {all}", n=one.sent + 1, all=one.parts) if one.parts > 1 else ""
    lines: list[Line] = [line("💾 ", bold(title), part)]
    if key is not None:
        said = t("Зашифрована ключом «{month}» (…{mark}).", month=named(key.month, t), mark=key.mark)
        lines.append(line(said))
    if one.sending:  # its sending was begun before, and nobody knows how it ended
        lines.append(line(t("Возможно, повтор")))
    return Screen(tuple(lines))


def named(month: date, t: Translator) -> str:
    """«ноябрь 2026»."""
    return t.lowered(t(months.title_of(months.stage_of(month))))


def _show_button(key: BackupKeyId, label: str) -> Button:
    return buttons.button(label, ShowBackupKey(key))


@presents(BackupKeyGiven)
class BackupKeyWords(NoticeWords[BackupKeyGiven]):
    """The key itself is shown when the owner asks for it: a message is read over one's shoulder."""

    icon = "🔑 "
    about_deal = False

    def said(self, view: NoticeView, notice: BackupKeyGiven, t: Translator) -> str:
        return t("Сохраните ключ резервных копий: {month}", month=named(notice.month, t))

    def below(self, view: NoticeView, notice: BackupKeyGiven, t: Translator) -> list[Line]:
        ends = t.day(backups.forgotten_at(notice.month).date())
        return [
            line(t("Им зашифрованы копии, которые бот присылает сюда каждую ночь. Без ключа их не открыть никому.")),
            line(t("Бот забудет его: {day}", day=ends)),
        ]

    def rows(self, view: NoticeView, notice: BackupKeyGiven, t: Translator) -> Rows:
        return ((buttons.button(t("Показать ключ"), ShowBackupKey(BackupKeyId(notice.key)), colour="primary"),),)
