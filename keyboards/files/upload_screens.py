"""Files that came by themselves: where do they belong, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.file_callbacks import BeginLeadOfUpload, CorrectUpload, DropUpload, ListFiles, PutUpload
from keyboards.files.file_list import cut
from keyboards.forms.prompts import quoted
from keyboards.screen import Button, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal


@dataclass(frozen=True, slots=True)
class UploadSummary:
    """What came together; `photos`: all of them are pictures; `name` of the only one, which may be a `voice` note;
    `text`: the words that came along; `sender`: from whom it was passed on."""

    token: str
    count: int
    photos: bool
    name: str = ""
    text: str = ""
    sender: str | None = None
    voice: bool = False


def where(
    came: UploadSummary, found: Sequence[tuple[Deal, datetime | None]], t: Translator, *, now_in: Deal | None = None,
    lead: bool = False,
) -> Screen:  # fmt: skip
    """Which deal is it for? Each with the time of its job, if it is one. `now_in`: they lie in a wrong one so far;
    `lead`: they may begin one."""
    lines = [line("📨 ", t("Переслано: {name}", name=came.sender))] if came.sender else []
    lines += [line(quoted(came.text))] if came.text else []
    lines += [line(bold(_received(came, t)))] if came.count > 1 else []
    lines.append(line(bold(_asked(came, t))))
    if came.name and came.count == 1 and not came.photos:
        lines.append(line("📎 ", came.name))
    if not found and now_in is None and not lead:
        lines.append(line(t("Открытых сделок у вас нет, поэтому положить пока некуда.")))
    lines += [line("• ", said) for one, at in found if cut(said := _named(one, at, t)) != said]
    rows = [(_place(one, at, came.token, t),) for one, at in found]
    if lead:
        rows.insert(0, (buttons.button(t("➕ Новый лид с этим"), BeginLeadOfUpload(came.token), colour="success"),))
    if now_in is not None:
        stay = buttons.button(cut(t("Оставить: {deal}", deal=now_in.title)), PutUpload(now_in.id, came.token))
        rows.append((stay,))
    nowhere = t("Убрать") if now_in is not None else t("Никуда")
    return Screen(tuple(lines)).with_rows(*rows, (buttons.button(nowhere, DropUpload(came.token)), buttons.home(t)))


def _place(one: Deal, at: datetime | None, token: str, t: Translator) -> Button:
    return buttons.button(cut(_named(one, at, t)), PutUpload(one.id, token))


def _named(one: Deal, at: datetime | None, t: Translator) -> str:
    """In full; a button has room for its beginning only."""
    if at is None:
        return f"{one.title} · {one.number}"
    return f"{at.astimezone(t.zone):%d.%m %H:%M} · {one.title}"


def _received(came: UploadSummary, t: Translator) -> str:
    if came.photos:
        return t.plural("Получено {n} фото", "Получено {n} фото", came.count)
    return t.plural("Получен {n} файл", "Получено {n} файлов", came.count)


def _asked(came: UploadSummary, t: Translator) -> str:
    if not came.count:
        return t("К какой сделке эти слова?")
    if came.voice and came.count == 1:
        return t("🎙 Голосовое сообщение. Куда положить?")
    if came.count > 1:
        return t("Куда их положить?")
    return t("Куда положить фото?") if came.photos else t("Куда положить файл?")


def arrived(came: UploadSummary, deal: Deal, t: Translator, steps: Rows = ()) -> Screen:
    """They were put by themselves; the step that they complete, and the way to say that it was wrong."""
    if not came.count:
        said = t("Записал в историю: {deal}", deal=deal.title)
    elif came.voice and came.count == 1:
        said = t("Добавил голосовое сообщение: {deal}", deal=deal.title)
    elif came.photos:
        said = t.plural("Добавил {n} фото: {deal}", "Добавил {n} фото: {deal}", came.count, deal=deal.title)
    else:
        said = t.plural("Добавил {n} файл: {deal}", "Добавил {n} файлов: {deal}", came.count, deal=deal.title)
    lines = (line("📎 ", bold(said)), line(f"№ {deal.number}"))
    wrong = buttons.button(t("Не туда"), CorrectUpload(came.token))
    return Screen(lines, (*steps, (wrong, buttons.button(t("📁 Папка"), ListFiles(deal.id))), (buttons.home(t),)))


def dropped(came: UploadSummary | None, t: Translator) -> Screen:
    """Nobody wanted the files."""
    several = came is not None and came.count > 1
    return Screen((line(t("Файлы не сохранены.") if several else t("Файл не сохранён.")),), ((buttons.home(t),),))
