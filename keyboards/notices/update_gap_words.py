"""What people read after a time in which the bot was deaf for too long."""

from __future__ import annotations

from keyboards import buttons
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, Rows, line
from keyboards.translator import Translator
from models.notices.trouble_notices import UpdateGap
from models.troubles import KEPT_BY_TELEGRAM


@presents(UpdateGap)
class UpdateGapWords(NoticeWords[UpdateGap]):
    """From when to when what people pressed and wrote may be missing, and what helps."""

    icon = "⚠️ "
    about_deal = False

    def said(self, view: NoticeView, notice: UpdateGap, t: Translator) -> str:
        return t("Бот больше суток не принимал нажатия и сообщения")

    def below(self, view: NoticeView, notice: UpdateGap, t: Translator) -> list[Line]:
        until = t.moment(notice.heard_at - KEPT_BY_TELEGRAM)
        return [
            line(
                t(
                    "Telegram хранит сообщения сутки: нажатия и сообщения с {since} до {until} могли пропасть",
                    since=t.moment(notice.since),
                    until=until,
                )
            ),
            line(t("Проверьте, что отмечено всё, что вы сделали за это время.")),
        ]

    def rows(self, view: NoticeView, notice: UpdateGap, t: Translator) -> Rows:
        return ((buttons.home(t),),)
