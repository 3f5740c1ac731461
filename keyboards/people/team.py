"""«Команда»: who works here, inviting, roles, leaving (C-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.hours_callbacks import OpenHours
from keyboards.callbacks.team_callbacks import (
    AskDismissal,
    AskMemberPhone,
    ChangeRole,
    ChooseRole,
    DismissMember,
    InviteMember,
    ListInvitations,
    ListLeftWork,
    OpenMember,
    OpenTeam,
    RevokeInvitation,
)
from keyboards.near_time import cut, near
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.people import roles
from keyboards.screen import EMPTY, Button, Line, Rows, Screen, Span, bold, line, rows_of
from keyboards.translator import Translator
from models import access
from models.entities import Employee, Invitation
from models.ids import EmployeeId, InvitationId
from models.notices.people_notices import Joined
from models.roles import Role


@dataclass(frozen=True, slots=True)
class MemberView:
    """One employee, what hangs on him, whether the reader may dismiss him or change his role, and whether his hours."""

    person: Employee
    deals: int
    tasks: int
    may_change: bool
    may_plan: bool = True


def team_screen(people: Sequence[Employee], me: int, t: Translator, invited: int) -> Screen:
    """Everybody with his role; who cannot be reached is marked. `invited`: so many links would let somebody in."""
    lines: list[Line] = [line("👥 ", bold(t("Команда")))]
    lines.append(line(t.plural("{n} человек", "{n} человек", len(people))))
    rows: list[list[Button]] = []
    for one in people:
        you = t(" (вы)") if one.id == me else ""
        mark = t(" — 🔕 бот заблокирован") if one.unreachable_at else ""
        if lacks_phone(one):
            mark += t(" — телефон не указан")
        lines.append(line(f"• {one.name}{you}: {roles.title(one.role, t)}{mark}"))
        label = cut(f"{'🔕 ' if one.unreachable_at else ''}{one.name} · {roles.title(one.role, t)}", 34)
        rows.append([buttons.button(label, OpenMember(one.id))])
    rows.append([buttons.button(t("➕ Пригласить"), InviteMember(), colour="success")])
    if invited:
        rows.append([buttons.button(t("✉️ Приглашения · {n}", n=invited), ListInvitations())])
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def member_screen(view: MemberView, t: Translator) -> Screen:
    """One employee."""
    person = view.person
    lines: list[Line] = [line("👤 ", bold(person.name)), line(t("Роль: {role}", role=roles.title(person.role, t)))]
    if not person.active:
        lines.append(line(t("Больше не работает: доступа нет.")))
    if person.unreachable_at:
        lines.append(line(t("🔕 Бот заблокирован: сообщения не доходят, срочные получает следующий по старшинству.")))
    lines.append(line(_phone(person, t)))
    lines.append(line(_load(view, t)))
    rows: list[list[Button]] = []
    if person.active and view.may_plan:
        rows.append([buttons.button(t("🕘 Часы и отпуск"), OpenHours(person.id))])
        rows.append([buttons.button(t("📞 Рабочий телефон"), AskMemberPhone(person.id))])
    if view.deals or view.tasks:
        rows.append([buttons.button(t("🧳 Что на сотруднике"), ListLeftWork(person.id))])
    if view.may_change:
        rows.append([buttons.button(t("Сменить роль"), ChooseRole(person.id))])
        rows.append([buttons.button(t("Уволить…"), AskDismissal(person.id), colour="danger")])
    rows.append([buttons.back(t, OpenTeam()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def lacks_phone(person: Employee) -> bool:
    """Who drives out is named to the client with his phone: without one the client gets no message (K-21)."""
    return person.role in access.FIELD_STAFF and not person.phone


def _phone(person: Employee, t: Translator) -> str:
    if lacks_phone(person):
        return t("⚠️ Рабочий телефон не указан: его называют клиенту в SMS перед монтажом.")
    return t("Рабочий телефон: {phone}", phone=t.phone(person.phone) if person.phone else t("не указан"))


def _load(view: MemberView, t: Translator) -> str:
    deals = t.plural("{n} открытая сделка", "{n} открытых сделок", view.deals)
    tasks = t.plural("{n} задача", "{n} задач", view.tasks)
    return t("В работе: {deals}, {tasks}", deals=deals, tasks=tasks)


def roles_screen(person: Employee | None, given: Sequence[Role], t: Translator) -> Screen:
    """Which role: of an invitation, or of somebody who works here."""
    title = t("Новая роль: {name}", name=person.name) if person else t("Кого пригласить?")
    made = [
        buttons.button(roles.capital(role, t), ChangeRole(person.id, role))
        if person
        else buttons.button(roles.capital(role, t), InviteMember(role))
        for role in given
        if person is None or role != person.role
    ]
    rows = [made[at : at + 2] for at in range(0, len(made), 2)]
    rows.append([buttons.back(t, OpenMember(person.id)) if person else buttons.back(t, OpenTeam()), buttons.home(t)])
    said = t("Роль решает, что человек видит и может делать.")
    return Screen((line(bold(title)), line(said)), rows_of(rows))


def invitations_screen(found: Sequence[Invitation], now: datetime, t: Translator) -> Screen:
    """The links that would let somebody in, each with who made it, until when it is good, and how to take it back."""
    lines: list[Line] = [line("✉️ ", bold(t("Приглашения")))]
    if not found:
        lines.append(line(t("Действующих приглашений нет.")))
    rows: list[list[Button]] = []
    for place, one in enumerate(found, 1):
        until = near(one.expires_at, now, t)
        made = t("приглашает {name}", name=one.maker) if one.maker else t("сделано командой на сервере")
        who = f"{roles.title(one.role, t)}, {one.name}" if one.name else roles.title(one.role, t)
        lines.append(line(f"{place}. {who} · {made} · ", t("до: {when}", when=until)))
        if one.may_revoke:
            rows.append([buttons.button(cut(t("Отозвать {n}: {who}", n=place, who=who), 40), RevokeInvitation(one.id))])
    if found:
        lines.append(line(t("По каждой ссылке войдёт один человек. Если ссылка ушла не тому, отзовите её.")))
    rows.append([buttons.button(t("‹ Команда"), OpenTeam()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def invitation_screen(
    made: InvitationId, link: str, role: Role, until: datetime, now: datetime, t: Translator
) -> Screen:
    """The one-time link, to be copied and sent to the new colleague."""
    lines = (
        line("✉️ ", bold(t("Приглашение: {role}", role=roles.title(role, t)))),
        EMPTY,
        line(Span(link, "code")),
        EMPTY,
        line(
            t(
                "Отправьте ссылку новому сотруднику. Она сработает один раз. Действует до: {when}",
                when=near(until, now, t),
            )
        ),
    )
    rows = [
        [Button(t("📋 Скопировать ссылку"), copy=link)],
        [buttons.button(t("Отозвать"), RevokeInvitation(made))],
        [buttons.button(t("‹ Команда"), OpenTeam()), buttons.home(t)],
    ]
    return Screen(lines, rows_of(rows))


def dismiss_screen(view: MemberView, t: Translator) -> Screen:
    """The second step before somebody loses access."""
    person = view.person
    lines: list[Line] = [
        line("⚠️ ", bold(t("Уволить сотрудника? {name}", name=person.name))),
        line(t("Доступ к боту закроется сразу.")),
    ]
    if view.deals or view.tasks:
        lines.append(line(_load(view, t) + ".", " ", t("Сами они никому не перейдут — передайте их другому.")))
    rows = [
        [buttons.button(t("Да, уволить"), DismissMember(person.id), colour="danger")],
        [buttons.back(t, OpenMember(person.id)), buttons.home(t)],
    ]
    return Screen(tuple(lines), rows_of(rows))


@presents(Joined)
class JoinedWords(NoticeWords[Joined]):
    """Who came in, by whose invitation, and as what."""

    icon = "👋 "
    about_deal = False

    def said(self, view: NoticeView, notice: Joined, t: Translator) -> str:
        return t("{name} теперь в команде", name=notice.name)

    def below(self, view: NoticeView, notice: Joined, t: Translator) -> list[Line]:
        role = t("Роль: {role}", role=roles.title(notice.role, t))
        by = t("Кто пригласил: {name}", name=notice.maker) if notice.maker else t("Приглашение с сервера")
        return [line(role), line(by)]

    def rows(self, view: NoticeView, notice: Joined, t: Translator) -> Rows:
        return ((buttons.button(t("Открыть карточку"), OpenMember(EmployeeId(notice.person))), buttons.home(t)),)
