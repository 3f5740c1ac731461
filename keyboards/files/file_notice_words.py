"""How messages about files read."""

from __future__ import annotations

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, line
from keyboards.translator import Translator
from models.notices.file_notices import FileNotSaved, HandedIn, PhotosNotSent


@presents(FileNotSaved)
class FileNotSavedWords(NoticeWords[FileNotSaved]):
    """The reader is asked to send a file again."""

    icon = "📎 "

    def said(self, view: NoticeView, notice: FileNotSaved, t: Translator) -> str:
        return t("Файл «{name}» не удалось сохранить, пришлите его ещё раз", name=notice.name)


@presents(PhotosNotSent)
class PhotosNotSentWords(NoticeWords[PhotosNotSent]):
    """The reader has not got all the photos that he asked for."""

    icon = "📎 "

    def said(self, view: NoticeView, notice: PhotosNotSent, t: Translator) -> str:
        return t.plural("Не получилось прислать {n} фото", "Не получилось прислать {n} фото", notice.count)

    def below(self, view: NoticeView, notice: PhotosNotSent, t: Translator) -> list[Line]:
        return [line(t("Откройте файлы сделки и нажмите «Прислать все фото» ещё раз или откройте фото по одному."))]


@presents(HandedIn)
class HandedInWords(NoticeWords[HandedIn]):
    """What was missing has come."""

    icon = "📎 "

    def said(self, view: NoticeView, notice: HandedIn, t: Translator) -> str:
        what = ", ".join(t(title) for title in notice.fields)
        return t("Пришло, хоть и поздно: {what}. Прислал: {name}", what=what, name=notice.name)
