"""Questions and answers between the spot and the office: the messages, and what stands in the history (C-6, M-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.field_chat_callbacks import ReplyToMessage
from keyboards.callbacks.file_callbacks import ListFiles, SendFile
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents
from keyboards.screen import Button, DealFile, Line, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import FileId, TaskId
from models.notices.chat_notices import AnswerGiven, AttachedFile, ChatSaid, MessageUndelivered, QuestionAsked

CAPTION = 700  # signs of a text that fit below a photo together with the marks; a longer one stands by itself
SHOWN = 3  # files that have a button each; more are looked at in the folder


class ChatWords(NoticeWords[ChatSaid]):
    """What a person said, and his photos; what one answers."""

    names_deal = True

    def rows(self, view: NoticeView, notice: ChatSaid, t: Translator) -> Rows:
        assert view.deal is not None
        speak = buttons.button(self.reply(t), ReplyToMessage(view.deal.id, view.id), colour="success")
        return tuple(row for row in ((speak, open_button(view, t)), _others(notice, view.deal, t)) if row)

    def reply(self, t: Translator) -> str:
        """The label of the button that answers."""
        raise NotImplementedError

    def dressed(self, view: NoticeView, notice: ChatSaid, screen: Screen) -> Screen:
        """The message with the first file in it, where its words fit below; the others are buttons."""
        found = _in_sight(notice)
        if found is None:
            return screen
        stored = DealFile(found.id, found.name)
        return replace(screen, photo=stored) if found.kind == "photo" else replace(screen, document=stored)


@presents(QuestionAsked)
class QuestionWords(ChatWords):
    """«Игорь спрашивает: можно здесь сверлить?»"""

    icon = "❓ "

    def said(self, view: NoticeView, notice: ChatSaid, t: Translator) -> str:
        if not notice.text:
            return _wordless(view, notice, t)
        return t("{name} спрашивает: {text}", name=view.sender, text=notice.text)

    def reply(self, t: Translator) -> str:
        return t("Ответить")


@presents(AnswerGiven)
class AnswerWords(ChatWords):
    """«Анна отвечает: можно»"""

    icon = "💬 "

    def said(self, view: NoticeView, notice: ChatSaid, t: Translator) -> str:
        if not notice.text:
            return _wordless(view, notice, t)
        return t("{name} отвечает: {text}", name=view.sender, text=notice.text)

    def reply(self, t: Translator) -> str:
        return t("Спросить ещё")


@presents(MessageUndelivered)
class MessageUndeliveredWords(NoticeWords[MessageUndelivered]):
    """What was said does not arrive."""

    icon = "📵 "

    def said(self, view: NoticeView, notice: MessageUndelivered, t: Translator) -> str:
        return t("{name} не получает сообщений. Позвоните: «{text}»", name=notice.name, text=notice.text)


def _wordless(view: NoticeView, notice: ChatSaid, t: Translator) -> str:
    name = view.sender
    if all(one.kind == "photo" for one in notice.files):
        return t("{name} присылает ещё фото", name=name) if notice.more else t("{name} присылает фото", name=name)
    return t("{name} присылает ещё файл", name=name) if notice.more else t("{name} присылает файл", name=name)


def _in_sight(notice: ChatSaid) -> AttachedFile | None:
    fits = len(notice.text) <= CAPTION
    # a round video has no words below it
    return next((one for one in notice.files if fits and one.kind != "video_note"), None)


def _others(notice: ChatSaid, deal: Deal, t: Translator) -> tuple[Button, ...]:
    shown = _in_sight(notice)
    numbered = [(place, one) for place, one in enumerate(notice.files, 1) if one is not shown]
    if len(numbered) > SHOWN:
        return (buttons.button(t("📁 Все фото · {n}", n=len(notice.files)), ListFiles(deal.id)),)
    return tuple(
        buttons.button(t("Фото {n}", n=n) if one.kind == "photo" else t("Файл {n}", n=n), SendFile(FileId(one.id)))
        for n, one in numbered
    )


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
