"""How messages about visits that cannot take place read."""

from __future__ import annotations

from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.notices.visit_notices import VisitImpossible


@presents(VisitImpossible)
class VisitImpossibleWords(NoticeWords[VisitImpossible]):
    """The person who was to come cannot."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: VisitImpossible, t: Translator) -> str:
        return visit_words.no_longer(notice, view.scheduled_for, t)
