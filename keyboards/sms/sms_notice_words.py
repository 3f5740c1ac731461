"""What the responsible is told of a message to the client: not sent, in doubt, to be sent by hand, practice (K-21)."""

from __future__ import annotations

from typing import ClassVar

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.sms_callbacks import ListSms, RepeatSms
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Button, Line, Rows, Span, line
from keyboards.sms.sms_list import reason
from keyboards.translator import Translator
from models.ids import SmsId
from models.notices.sms_notices import SmsByHand, SmsFailed, SmsPractised, SmsTold, SmsUnknown, SmsWithoutPhone

LONGEST_COPY = 256  # Telegram's limit for a copy button


class SmsWords(NoticeWords[SmsTold]):
    """Whose number it is, and the text: a tap on it copies it. `repeats`: it can be sent once more."""

    repeats: ClassVar[bool] = False

    def below(self, view: NoticeView, notice: SmsTold, t: Translator) -> list[Line]:
        return [line("👤 ", t.phone(notice.phone)), *_text(notice)]

    def rows(self, view: NoticeView, notice: SmsTold, t: Translator) -> Rows:
        out = [_ways(view, t), _copies(notice, t)]
        if self.repeats and notice.sms is not None:
            out.append((buttons.button(t("🔁 Отправить ещё раз"), RepeatSms(SmsId(notice.sms))),))
        return tuple(row for row in out if row)


@presents(SmsWithoutPhone)
class SmsWithoutPhoneWords(SmsWords):
    """Nobody to send it to."""

    icon = "📵 "

    def said(self, view: NoticeView, notice: SmsTold, t: Translator) -> str:
        return t("Нет телефона клиента: SMS не отправлено")

    def below(self, view: NoticeView, notice: SmsTold, t: Translator) -> list[Line]:
        return []

    def rows(self, view: NoticeView, notice: SmsTold, t: Translator) -> Rows:
        return (_ways(view, t)[:1],)


@presents(SmsByHand)
class SmsByHandWords(SmsWords):
    """A person is to send it."""

    icon = "📨 "

    def said(self, view: NoticeView, notice: SmsTold, t: Translator) -> str:
        return t("SMS-шлюз не настроен: отправьте SMS клиенту сами")


@presents(SmsUnknown)
class SmsUnknownWords(SmsWords):
    """A person is to call."""

    icon = "❓ "
    repeats = True

    def said(self, view: NoticeView, notice: SmsTold, t: Translator) -> str:
        return t("Неизвестно, дошло ли SMS клиенту — позвоните")


@presents(SmsPractised)
class SmsPractisedWords(SmsWords):
    """What the client would have got."""

    icon = "🎓 "

    def said(self, view: NoticeView, notice: SmsTold, t: Translator) -> str:
        return t("Учебная сделка: клиент получил бы такое SMS")

    def below(self, view: NoticeView, notice: SmsTold, t: Translator) -> list[Line]:
        return _text(notice)

    def rows(self, view: NoticeView, notice: SmsTold, t: Translator) -> Rows:
        return (_ways(view, t),)


@presents(SmsFailed)
class SmsFailedWords(SmsWords):
    """It did not go out, or did not arrive."""

    icon = "📵 "
    repeats = True

    def said(self, view: NoticeView, notice: SmsTold, t: Translator) -> str:
        return t("SMS клиенту не дошло") if notice.left else t("SMS клиенту не отправлено")

    def below(self, view: NoticeView, notice: SmsTold, t: Translator) -> list[Line]:
        why = line(t("Причина: {reason}", reason=reason(notice.reason, t)))
        return [why, line("👤 ", t.phone(notice.phone)), *_text(notice)]


def _text(notice: SmsTold) -> list[Line]:
    return [line(Span(notice.said, "code"))] if notice.said else []


def _ways(view: NoticeView, t: Translator) -> tuple[Button, ...]:
    assert view.deal is not None
    open_ = buttons.button(t("Открыть"), OpenDeal(view.deal.id), colour="primary")
    return open_, buttons.button(t("SMS клиенту"), ListSms(view.deal.id))


def _copies(notice: SmsTold, t: Translator) -> tuple[Button, ...]:
    """To the number, to the text."""
    copies = [Button(f"📋 {t.phone(notice.phone)}", copy=notice.phone)] if notice.phone else []
    if notice.said and len(notice.said) <= LONGEST_COPY:
        copies.append(Button(t("📋 Текст SMS"), copy=notice.said))
    return tuple(copies)
