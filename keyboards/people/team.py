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
    ListLeftWork,
    OpenMember,
    OpenTeam,
)
from keyboards.near_time import cut, near
from keyboards.people import roles
from keyboards.screen import EMPTY, Button, Line, Screen, Span, bold, line, rows_of
from keyboards.translator import Translator
from models import access
from models.entities import Employee
from models.roles import Role


@dataclass(frozen=True, slots=True)
class MemberView:
    """One employee, what hangs on him, and whether the reader may change anything about him."""

    person: Employee
    deals: int
    tasks: int
    may_change: bool


def team_screen(people: Sequence[Employee], me: int, t: Translator) -> Screen:
    """Everybody with his role; who cannot be reached is marked."""
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
    if person.active:
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


def invitation_screen(link: str, role: Role, until: datetime, now: datetime, t: Translator) -> Screen:
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
