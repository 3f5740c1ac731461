"""Questions and answers between the spot and the office: the messages, and what stands in the history (C-6, M-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.field_chat_callbacks import ReplyToMessage
from keyboards.callbacks.file_callbacks import ListFiles, SendFile
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.screen import Button, DealFile, Line, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import FileId, TaskId

if TYPE_CHECKING:
    from keyboards.notices.notices import Notice

KINDS = frozenset({"question", "answer"})
CAPTION = 700  # signs of a text that fit below a photo together with the marks; a longer one stands by itself
SHOWN = 3  # files that have a button each; more are looked at in the folder


def head(notice: Notice, t: Translator) -> tuple[str, str]:
    """The icon, and «Игорь спрашивает: можно здесь сверлить?»"""
    name, text = notice.sender, notice.text
    if notice.kind == "question":
        return "❓ ", t("{name} спрашивает: {text}", name=name, text=text) if text else _wordless(notice, t)
    return "💬 ", t("{name} отвечает: {text}", name=name, text=text) if text else _wordless(notice, t)


def _wordless(notice: Notice, t: Translator) -> str:
    name, more = notice.sender, notice.payload.get("more")
    if all(one["kind"] == "photo" for one in _files(notice)):
        return t("{name} присылает ещё фото", name=name) if more else t("{name} присылает фото", name=name)
    return t("{name} присылает ещё файл", name=name) if more else t("{name} присылает файл", name=name)


def _files(notice: Notice) -> Sequence[Mapping[str, Any]]:
    return notice.payload.get("files") or ()


def dressed(notice: Notice, screen: Screen) -> Screen:
    """The message with the first file in it, where its words fit below; the others are buttons."""
    found = _in_sight(notice)
    if found is None:
        return screen
    stored = DealFile(int(found["id"]), str(found["name"]))
    return replace(screen, photo=stored) if found["kind"] == "photo" else replace(screen, document=stored)


def _in_sight(notice: Notice) -> Mapping[str, Any] | None:
    fits = len(notice.text) <= CAPTION
    # a round video has no words below it
    return next((one for one in _files(notice) if fits and one["kind"] != "video_note"), None)


def rows(notice: Notice, open_: Button, t: Translator) -> Rows:
    """To answer, or to ask again; the other photos; the deal."""
    deal = notice.deal
    if deal is None:
        return ((buttons.home(t),),)
    label = t("Ответить") if notice.kind == "question" else t("Спросить ещё")
    speak = buttons.button(label, ReplyToMessage(deal.id, notice.id), colour="success")
    return tuple(row for row in ((speak, open_), _others(notice, deal, t)) if row)


def _others(notice: Notice, deal: Deal, t: Translator) -> tuple[Button, ...]:
    shown = _in_sight(notice)
    numbered = [(place, one) for place, one in enumerate(_files(notice), 1) if one is not shown]
    if len(numbered) > SHOWN:
        return (buttons.button(t("📁 Все фото · {n}", n=len(_files(notice))), ListFiles(deal.id)),)
    return tuple(
        buttons.button(
            t("Фото {n}", n=n) if one["kind"] == "photo" else t("Файл {n}", n=n), SendFile(FileId(int(one["id"])))
        )
        for n, one in numbered
    )


def unheard(notice: Notice, t: Translator) -> str:
    """What was said does not arrive."""
    return t("{name} не получает сообщений. Позвоните: «{text}»", name=notice.payload["name"], text=notice.text)


# --- what the speaker sees --------------------------------------------------------------------------------------


def sent(kind: str, names: Sequence[str], deal: Deal, files: int, task_id: TaskId | None, t: Translator) -> Screen:
    """It is on its way; where to go on."""
    to = ", ".join(names)
    told = t("Вопрос отправлен: {names}", names=to) if kind == "question" else t("Ответ отправлен: {names}", names=to)
    if not names:
        return Screen((line("⚠️ ", bold(t("Спросить некого: у сделки нет ответственного."))),), ((buttons.home(t),),))
    lines: list[Line] = [line("✅ ", bold(told)), line(f"{deal.title} · № {deal.number}")]
    if files:
        lines.append(line("📎 ", str(files)))
    if kind == "question":
        lines.append(line(t("Ответ придёт сюда.")))
    way = (
        buttons.button(t("К задаче"), OpenTask(task_id))
        if task_id
        else buttons.button(t("К сделке"), OpenDeal(deal.id))
    )
    return Screen(tuple(lines), ((way, buttons.home(t)),))


def happened(kind: str, data: Mapping[str, Any], t: Translator) -> str:
    """The line in the history."""
    text, files = str(data.get("text") or ""), int(data.get("files") or 0)
    told = " · ".join(part for part in (text, f"📎 {files}" if files else "") if part)
    return t("вопрос: {text}", text=told) if kind == "question" else t("ответ: {text}", text=told)
