"""How messages about personal data read."""

from __future__ import annotations

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.personal.person_pages import person_button
from keyboards.screen import Line, Rows, line
from keyboards.translator import Translator
from models.notices.personal_notices import DossierNotSent


@presents(DossierNotSent)
class DossierNotSentWords(NoticeWords[DossierNotSent]):
    """The owner has not got all that he asked for; whose it is stands on the page alone."""

    icon = "🔐 "
    about_deal = False

    def said(self, view: NoticeView, notice: DossierNotSent, t: Translator) -> str:
        if notice.of == 1:
            return t("Не получилось прислать архив с данными клиента")
        return t("Не получилось прислать архив с данными клиента: часть {n} из {of}", n=notice.part, of=notice.of)

    def below(self, view: NoticeView, notice: DossierNotSent, t: Translator) -> list[Line]:
        return [line(t("Откройте «Данные клиента» и нажмите «Выгрузить всё» ещё раз."))]

    def rows(self, view: NoticeView, notice: DossierNotSent, t: Translator) -> Rows:
        key = notice.client if notice.client is not None else notice.lead or 0
        return ((person_button("client" if notice.client is not None else "lead", key, t),),)
