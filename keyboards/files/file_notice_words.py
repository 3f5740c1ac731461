"""How messages about files read."""

from __future__ import annotations

from collections.abc import Mapping

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, line
from keyboards.translator import Translator
from models.notices.file_notices import FileNotSaved, FileRefused, HandedIn, PhotosNotSent
from models.states import FileRefusal
from models.values.invalid_value import N_
from models.values.product_text import ProductText


@presents(FileNotSaved)
class FileNotSavedWords(NoticeWords[FileNotSaved]):
    """The reader is asked to send a file again."""

    icon = "📎 "

    def said(self, view: NoticeView, notice: FileNotSaved, t: Translator) -> str:
        return t("Файл «{name}» не удалось сохранить, пришлите его ещё раз", name=notice.name)


REFUSED: Mapping[FileRefusal, ProductText] = {
    "program": N_("это программа или скрипт. Пришлите документ или фото."),
    "page": N_("внутри веб-страница, а назван он иначе. Пришлите PDF или фото."),
    "pixels": N_("в картинке слишком много точек. Уменьшите её или пришлите как фото."),
    "picture": N_("это не картинка, а здесь нужно фото. Пришлите снимок или картинку файлом."),
}


@presents(FileRefused)
class FileRefusedWords(NoticeWords[FileRefused]):
    """What the reader sent was not kept, and why."""

    icon = "📎 "

    def said(self, view: NoticeView, notice: FileRefused, t: Translator) -> str:
        return t("Файл «{name}» не сохранён", name=notice.name)

    def below(self, view: NoticeView, notice: FileRefused, t: Translator) -> list[Line]:
        return [line(t("Почему: {why}", why=t(REFUSED[notice.why])))]


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
