"""What the owner reads of who looks at clients and takes them out, with buttons that act."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.client_callbacks import LiftLimit, OpenClient, ShowJournal, WriteCompany
from keyboards.near_time import cut
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.oversight import act_words
from keyboards.screen import Button, Line, Rows, line
from keyboards.translator import Translator
from models.ids import ClientId, EmployeeId
from models.notices.oversight_notices import CompanyAsked, LooksLimited, TableTaken


@presents(LooksLimited)
class LooksLimitedWords(NoticeWords[LooksLimited]):
    """Enough for a day: it can be lifted for that day, or for that person."""

    icon = "👁 "
    about_deal = False

    def said(self, view: NoticeView, notice: LooksLimited, t: Translator) -> str:
        return t("{name}: дневной лимит чужих клиентов исчерпан ({n})", name=notice.name, n=notice.most)

    def below(self, view: NoticeView, notice: LooksLimited, t: Translator) -> list[Line]:
        return [line(t.day(notice.day, today=view.scheduled_for.astimezone(t.zone).date()))]

    def rows(self, view: NoticeView, notice: LooksLimited, t: Translator) -> Rows:
        person = EmployeeId(notice.person)
        lift = buttons.button(
            t("Снять лимит на этот день"), LiftLimit(person, notice.day.toordinal()), colour="primary"
        )
        always = buttons.button(cut(t("Снять насовсем: {name}", name=notice.name), 30), LiftLimit(person))
        return ((lift,), (always,), (_journal(person, t),))

    def digest_press(self, view: NoticeView, notice: LooksLimited) -> CallbackData:
        return ShowJournal(EmployeeId(notice.person))


@presents(TableTaken)
class TableTakenWords(NoticeWords[TableTaken]):
    """A table has left the bot."""

    icon = "📤 "
    about_deal = False

    def said(self, view: NoticeView, notice: TableTaken, t: Translator) -> str:
        table = act_words.table(notice.table, t)
        if not notice.name:
            return t("На сервере выгружены данные: {table}", table=table)
        return t("{name}: выгрузка в файл, {table}", name=notice.name, table=table)

    def below(self, view: NoticeView, notice: TableTaken, t: Translator) -> list[Line]:
        return [line(t("Строк: {n}", n=notice.rows))]

    def rows(self, view: NoticeView, notice: TableTaken, t: Translator) -> Rows:
        return ((_journal(None, t),),)

    def digest_press(self, view: NoticeView, notice: TableTaken) -> CallbackData:
        return ShowJournal(None)


@presents(CompanyAsked)
class CompanyAskedWords(NoticeWords[CompanyAsked]):
    """A client of a colleague's has a firm: one tap writes it into his card."""

    icon = "🏢 "
    about_deal = False

    def said(self, view: NoticeView, notice: CompanyAsked, t: Translator) -> str:
        return t("{name} просит указать компанию в карточке клиента", name=notice.by)

    def below(self, view: NoticeView, notice: CompanyAsked, t: Translator) -> list[Line]:
        return [line(f"👤 {notice.name}"), line(f"🏢 {notice.title}")]

    def rows(self, view: NoticeView, notice: CompanyAsked, t: Translator) -> Rows:
        client = ClientId(notice.client)
        write = buttons.button(t("Указать компанию"), WriteCompany(client, ClientId(notice.company)), colour="primary")
        return ((write,), (buttons.button(t("Открыть карточку"), OpenClient(client)),))

    def digest_press(self, view: NoticeView, notice: CompanyAsked) -> CallbackData:
        return OpenClient(ClientId(notice.client))


def _journal(person: EmployeeId | None, t: Translator) -> Button:
    return buttons.button(t("📖 Кто что смотрел"), ShowJournal(person))
