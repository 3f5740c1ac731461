"""What is said about groups and channels: in them, and to the owner."""

from __future__ import annotations

from keyboards import buttons
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, Rows, Screen, line
from keyboards.translator import Translator
from models.notices.group_notices import GroupLeft


def farewell(t: Translator) -> Screen:
    """Why the bot goes, for whoever is in the group."""
    return Screen(
        (line(t("Я работаю только в личных сообщениях: здесь чужие данные увидели бы все. Поэтому выхожу.")),)
    )


@presents(GroupLeft)
class GroupLeftWords(NoticeWords[GroupLeft]):
    """Where the bot was put, by whom, and that it has gone."""

    icon = "🚪 "
    about_deal = False

    def said(self, view: NoticeView, notice: GroupLeft, t: Translator) -> str:
        if notice.is_channel:
            return t("Бота добавили в канал «{title}», он вышел", title=notice.title)
        return t("Бота добавили в группу «{title}», он вышел", title=notice.title)

    def below(self, view: NoticeView, notice: GroupLeft, t: Translator) -> list[Line]:
        why = line(t("Бот работает только в личных сообщениях: в группе данные клиентов видел бы каждый."))
        return [line(t("Кто добавил: {name}", name=notice.by)), why] if notice.by else [why]

    def rows(self, view: NoticeView, notice: GroupLeft, t: Translator) -> Rows:
        return ((buttons.home(t),),)
