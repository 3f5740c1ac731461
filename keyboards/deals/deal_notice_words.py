"""How messages about a deal read: of its robots, and when it passes from hand to hand."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import ChooseResponsible, MoveDeal
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.notice_callbacks import AnswerRobot, ChoosePutOff
from keyboards.deals import lead_words
from keyboards.near_time import cut
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents, step_button, why_button
from keyboards.screen import Line, Rows, bold, line
from keyboards.translator import Translator
from models.notices.deal_notices import (
    AnswersDisagree,
    ChangeAnswered,
    DealAssigned,
    DealHoldBroken,
    DealHoldKept,
    DealSilent,
    DealSilentLong,
    Escalation,
    FieldsWanted,
    Reminder,
    RobotBlocked,
    RuleSaid,
    SilenceSaid,
    VisitCalledOff,
)
from models.values.invalid_value import N_

LONGEST_ANSWER = 700  # characters of an answer that is told


@presents(Reminder)
class ReminderWords(NoticeWords[RuleSaid]):
    """A text of the process file with the deal's values in it."""

    names_deal = True

    def said(self, view: NoticeView, notice: RuleSaid, t: Translator) -> str:
        return t.sentence(notice.text, view.values)

    def below(self, view: NoticeView, notice: RuleSaid, t: Translator) -> list[Line]:
        return lead_words.lines(view.lead, t) if view.lead is not None else []

    def rows(self, view: NoticeView, notice: RuleSaid, t: Translator) -> Rows:
        if view.shut:
            return ((why_button(view, t), buttons.home(t)),)
        if view.lead is not None:
            return lead_words.rows(view, view.lead, t)
        return ((open_button(view, t), *step_button(view, t)), (why_button(view, t),))


@presents(Escalation)
class EscalationWords(ReminderWords):
    """The same to those above, with whose deal it is, and buttons that act (C-6)."""

    icon = "🔴 "

    def below(self, view: NoticeView, notice: RuleSaid, t: Translator) -> list[Line]:
        return [line(t("Ответственный: {name}", name=view.sender or t("никто")))]

    def rows(self, view: NoticeView, notice: RuleSaid, t: Translator) -> Rows:
        return _acting(view, t)


class SilenceWords(NoticeWords[SilenceSaid]):
    """For how many working days nothing has happened; in the file's own words, if it has any."""

    names_deal = True

    def said(self, view: NoticeView, notice: SilenceSaid, t: Translator) -> str:
        if notice.text:
            return t(notice.text, **view.values)
        days = notice.days
        if view.deal is not None and view.deal.kind == "lead":
            return t.plural(
                "По лиду {n} рабочий день ничего не происходит", "По лиду {n} рабочих дней ничего не происходит", days
            )
        return t.plural(
            "По сделке {n} рабочий день ничего не происходит", "По сделке {n} рабочих дней ничего не происходит", days
        )


@presents(DealSilent)
class DealSilentWords(SilenceWords):
    """To who leads it: what is next?"""

    def rows(self, view: NoticeView, notice: SilenceSaid, t: Translator) -> Rows:
        return ((open_button(view, t), *step_button(view, t)), (why_button(view, t),))


@presents(DealSilentLong)
class DealSilentLongWords(SilenceWords):
    """To those above, with buttons that act (C-6)."""

    icon = "🔴 "

    def below(self, view: NoticeView, notice: SilenceSaid, t: Translator) -> list[Line]:
        return [line(t("Ответственный: {name}", name=view.sender or t("никто")))]

    def rows(self, view: NoticeView, notice: SilenceSaid, t: Translator) -> Rows:
        return _acting(view, t)


def _acting(view: NoticeView, t: Translator) -> Rows:
    """Open, hand over, ask, put off (C-6); what comes next, for a colleague too."""
    assert view.deal is not None
    key = view.deal.id
    put_off = buttons.button(t("Отложить"), ChoosePutOff(key, view.id))
    return (
        (open_button(view, t), buttons.button(t("Передать"), ChooseResponsible(key))),
        (buttons.button(t("Спросить менеджера"), AskManager(key)), put_off),
        (*step_button(view, t), why_button(view, t)),
    )


@presents(FieldsWanted)
class FieldsWantedWords(NoticeWords[FieldsWanted]):
    """A robot's question, with a button that asks it in conversation."""

    names_deal = True

    def said(self, view: NoticeView, notice: FieldsWanted, t: Translator) -> str:
        return t.sentence(notice.text, view.values)

    def rows(self, view: NoticeView, notice: FieldsWanted, t: Translator) -> Rows:
        answer = buttons.button(t("Ответить"), AnswerRobot(view.id), colour="success")
        return ((answer, open_button(view, t)), (why_button(view, t),))

    def digest_press(self, view: NoticeView, notice: FieldsWanted) -> CallbackData:
        return AnswerRobot(view.id)


@presents(AnswersDisagree)
class AnswersDisagreeWords(NoticeWords[AnswersDisagree]):
    """Who has left answers that do not agree, and what they are; the supervisor looks and asks (M-16)."""

    icon = "🔴 "

    def said(self, view: NoticeView, notice: AnswersDisagree, t: Translator) -> str:
        titles = ", ".join(f"«{title}»" for title, _ in view.answers)
        return t("Не совпадает: {titles}. Так оставлено: {name}", titles=titles, name=view.sender)

    def below(self, view: NoticeView, notice: AnswersDisagree, t: Translator) -> list[Line]:
        return [line(f"{title}: ", bold(cut(value, LONGEST_ANSWER))) for title, value in view.answers]

    def rows(self, view: NoticeView, notice: AnswersDisagree, t: Translator) -> Rows:
        assert view.deal is not None
        ask = buttons.button(t("Спросить менеджера"), AskManager(view.deal.id))
        return ((open_button(view, t), ask),)


@presents(RobotBlocked)
class RobotBlockedWords(NoticeWords[RobotBlocked]):
    """A robot could not move the deal; what stands in the way is one tap off."""

    icon = "🔒 "

    def said(self, view: NoticeView, notice: RobotBlocked, t: Translator) -> str:
        return t("Робот не смог сменить стадию")

    def rows(self, view: NoticeView, notice: RobotBlocked, t: Translator) -> Rows:
        assert view.deal is not None
        blocked = buttons.button(t("Что мешает"), MoveDeal(view.deal.id, None, notice.stage))
        return ((blocked, open_button(view, t)),)


@presents(DealHoldBroken)
class DealHoldBrokenWords(NoticeWords[DealHoldBroken]):
    """A guard that should hold does not: what it is, and the card whose way on is shut."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: DealHoldBroken, t: Translator) -> str:
        return t("Не сходится: {why}", why="; ".join(t(one) for one in notice.why))

    def rows(self, view: NoticeView, notice: DealHoldBroken, t: Translator) -> Rows:
        return ((open_button(view, t),), (why_button(view, t),))


@presents(DealHoldKept)
class DealHoldKeptWords(NoticeWords[DealHoldKept]):
    """What was told before is right again."""

    icon = "✅ "

    def said(self, view: NoticeView, notice: DealHoldKept, t: Translator) -> str:
        why = "; ".join(t(one) for one in notice.why)
        return t("Улажено: {why}", why=why) if notice.still else t("Снова сходится. Было: {why}", why=why)


ANSWERS = {
    "allowed": ("✅ ", N_("Руководитель разрешил: {what}")),
    "declined": ("⛔️ ", N_("Руководитель отказал: {what}")),
    "lapsed": ("↩️ ", N_("Заявка больше не действует, карточка изменилась: {what}")),
}


@presents(ChangeAnswered)
class ChangeAnsweredWords(NoticeWords[ChangeAnswered]):
    """What became of a change that the reader had asked for."""

    icon = "📨 "

    def said(self, view: NoticeView, notice: ChangeAnswered, t: Translator) -> str:
        mark, text = ANSWERS[notice.answer]
        return mark + t(text, what=", ".join(t(title) for title in notice.fields))


@presents(DealAssigned)
class DealAssignedWords(NoticeWords[DealAssigned]):
    """The deal is the reader's now."""

    icon = "📌 "

    def said(self, view: NoticeView, notice: DealAssigned, t: Translator) -> str:
        is_lead = view.deal is not None and view.deal.kind == "lead"
        return t("Вам передали лид") if is_lead else t("Вам передали сделку")


@presents(VisitCalledOff)
class VisitCalledOffWords(NoticeWords[VisitCalledOff]):
    """The reader need not come; the deal is not his to open any more."""

    icon = "🚫 "

    def said(self, view: NoticeView, notice: VisitCalledOff, t: Translator) -> str:
        said = t("Выезд отменён: {when}", when=t.moment(notice.starts_at, now=view.scheduled_for))
        return f"{said}. {notice.title}" if notice.title else said

    def rows(self, view: NoticeView, notice: VisitCalledOff, t: Translator) -> Rows:
        return ((buttons.home(t),),)
