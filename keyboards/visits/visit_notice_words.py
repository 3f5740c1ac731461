"""How messages about visits that cannot take place read."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import ChooseResponsible, FillField
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents
from keyboards.screen import Rows
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.notices.visit_notices import (
    CannotCome,
    ClientCallWanted,
    ComesLate,
    VisitHandedOn,
    VisitImpossible,
    VisitWithoutTask,
)


@presents(VisitImpossible)
class VisitImpossibleWords(NoticeWords[VisitImpossible]):
    """The person who was to come cannot."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: VisitImpossible, t: Translator) -> str:
        return visit_words.no_longer(notice, view.scheduled_for, t)


@presents(VisitHandedOn)
class VisitHandedOnWords(NoticeWords[VisitHandedOn]):
    """Somebody else comes, at the same time."""

    icon = "🔁 "

    def said(self, view: NoticeView, notice: VisitHandedOn, t: Translator) -> str:
        when = t.moment(notice.starts_at, now=view.scheduled_for)
        return t("Выезд {when} в силе: поедет {name}", when=when, name=notice.name)


@presents(VisitWithoutTask)
class VisitWithoutTaskWords(NoticeWords[VisitWithoutTask]):
    """The deal is led to the visit's stage, or the visit is moved."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: VisitWithoutTask, t: Translator) -> str:
        when, what = t.moment(notice.starts_at, now=view.scheduled_for), t(notice.title)
        said = t("{visit} {when}: {name} без задачи, сделка не на той стадии.", visit=what, when=when, name=notice.name)
        return " ".join((said, t("Смените стадию или перенесите выезд.")))


@presents(CannotCome)
class CannotComeWords(NoticeWords[CannotCome]):
    """Whoever was to come cannot: another window is one tap away for who leads the deal, the deal for those above."""

    icon = "🔴 "

    def said(self, view: NoticeView, notice: CannotCome, t: Translator) -> str:
        when, deal = t.moment(notice.starts_at, now=view.scheduled_for), view.deal.title if view.deal else ""
        if notice.above:
            return t("Мастер отказался от выезда ({deal}, {when}): {reason}", deal=deal, when=when, reason=notice.text)
        said = t("{name} не может поехать: {reason}.", name=notice.name, reason=notice.text.rstrip("."))
        return " ".join((said, t("Выберите другое окно: {when}", when=when)))

    def rows(self, view: NoticeView, notice: CannotCome, t: Translator) -> Rows:
        assert view.deal is not None
        if notice.above:
            return ((open_button(view, t), buttons.button(t("Передать"), ChooseResponsible(view.deal.id))),)
        choose = buttons.button(t("🗓 Выбрать окно"), FillField(view.deal.id, notice.field), colour="primary")
        return ((choose, open_button(view, t)),)


@presents(ComesLate)
class ComesLateWords(NoticeWords[ComesLate]):
    """Whoever comes will be late: the client is to be told."""

    icon = "⏰ "

    def said(self, view: NoticeView, notice: ComesLate, t: Translator) -> str:
        when = t.moment(notice.starts_at, now=view.scheduled_for)
        said = t("{name} опаздывает: {text} (выезд {when}).", name=notice.name, text=notice.text, when=when)
        return said if notice.above else " ".join((said, t("Предупредите клиента.")))


@presents(ClientCallWanted)
class ClientCallWantedWords(NoticeWords[ClientCallWanted]):
    """Nobody comes, and the client does not know it."""

    icon = "📞 "

    def said(self, view: NoticeView, notice: ClientCallWanted, t: Translator) -> str:
        when, phone = t.moment(notice.starts_at, now=view.scheduled_for), t.phone(notice.phone) if notice.phone else ""
        who = ", ".join(part for part in (notice.client, phone) if part)
        return t("Клиент ждёт мастера: позвоните. {who}: выезд {when} отменён, сделка удалена.", who=who, when=when)
