"""Messages with a paper in them are screens of their own; this is their sentence where only that is wanted."""

from __future__ import annotations

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.translator import Translator
from models.notices.document_notices import PaperReady, RequisitesWanted, TemplateTried
from models.notices.notice import Notice


@presents(PaperReady, RequisitesWanted, TemplateTried)
class DocumentWords(NoticeWords[Notice]):
    """It says nothing beside its own screen."""

    def said(self, view: NoticeView, notice: Notice, t: Translator) -> str:
        return ""
