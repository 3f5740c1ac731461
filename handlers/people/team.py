"""«Команда»: inviting by a one-time link, roles, dismissing (C-8)."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards.people import roles
from keyboards.people import team as screens
from keyboards.people.team import MemberView
from keyboards.screen import Answer
from models import access
from models.entities import Employee
from models.errors import NotAllowed, NotFound
from models.process.fields import ROLES
from models.values.phone import parse_phone
from services.people import employees, team
from services.visits import absences


@on_tap("team", access.MANAGEMENT)
def show(visit: Visit, toast: str | None = None) -> Answer:
    """Everybody who works now. (A button gives no toast: the second argument is only for callers in code.)"""
    return Answer(screens.team_screen(employees.staff(visit.work), visit.me.id, visit.t), toast)


@on_tap("member", access.MANAGEMENT)
def member(visit: Visit, employee_id: str) -> Answer:
    person = employees.get(visit.work, number(employee_id, "employee"))
    return Answer(screens.member_screen(_view(visit, person), visit.t))


def _view(visit: Visit, person: Employee) -> MemberView:
    load = team.load(visit.work, person.id)
    return MemberView(person, load.deals, load.tasks, team.may_change(visit.me, person))


@on_tap("invite", access.MANAGEMENT)
def invite(visit: Visit, role: str = "") -> Answer:
    """Choose the role, then the link: `https://t.me/<bot>?start=<token>`."""
    work, t = visit.work, visit.t
    if not role:
        return Answer(screens.roles_screen(None, team.roles_for(visit.me), t))
    if role not in ROLES:
        raise NotFound("button")
    token = employees.invite(work, role)
    link = f"https://t.me/{visit.bot_username}?start={token}"
    return Answer(screens.invitation_screen(link, role, work.now + employees.INVITATION_LIFE, work.now, t))


@on_tap("role", access.MANAGEMENT)
def role(visit: Visit, employee_id: str) -> Answer:
    person = _changeable(visit, employee_id)
    return Answer(screens.roles_screen(person, team.roles_for(visit.me), visit.t))


@on_tap("role_set", access.MANAGEMENT)
def set_role(visit: Visit, employee_id: str, chosen: str) -> Answer:
    person = team.change_role(visit.work, number(employee_id, "employee"), chosen)
    said = visit.t("{name}: {role}", name=person.name, role=roles.title(person.role, visit.t))
    return Answer(screens.member_screen(_view(visit, person), visit.t), said)


@on_tap("phone_of", access.MANAGEMENT)
def ask_phone(visit: Visit, employee_id: str) -> Answer:
    """Those above may enter a colleague's phone: the client is told it on the day before the visit (K-21)."""
    person = employees.get(visit.work, number(employee_id, "employee"))
    hint = visit.t("По этому номеру сотруднику позвонит клиент: его называют в SMS перед монтажом.")
    title = visit.t("Рабочий телефон: {phone}", phone=person.name)
    return form_runner.begin_text(visit, {"do": "phone_of", "who": person.id}, title, hint, longest=40)


@form_runner.on_finish("phone_of")
def phone_came(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The number has come as text."""
    if visit.me.role not in access.MANAGEMENT:
        raise NotAllowed
    person = employees.get(visit.work, int(purpose["who"]))
    employees.set_phone(visit.work, person, parse_phone(str(values["text"])))
    return Answer(screens.member_screen(_view(visit, employees.get(visit.work, person.id)), visit.t), visit.t("Готово"))


@on_tap("dismiss", access.MANAGEMENT)
def dismiss(visit: Visit, employee_id: str) -> Answer:
    """Ask once more."""
    return Answer(screens.dismiss_screen(_view(visit, _changeable(visit, employee_id)), visit.t))


@on_tap("dismiss_yes", access.MANAGEMENT)
def dismissed(visit: Visit, employee_id: str) -> Answer:
    person = employees.dismiss(visit.work, number(employee_id, "employee"))
    said = visit.t("{name} больше не в команде", name=person.name)
    found = absences.left(visit.work, person.id)
    if found:
        visits = visit.t.plural("{n} выезд нужно перенести", "{n} выездов нужно перенести", len(found))
        said = f"{said}. {visits}"
    return show(visit, said)


def _changeable(visit: Visit, employee_id: str) -> Employee:
    person = employees.get(visit.work, number(employee_id, "employee"))
    if not team.may_change(visit.me, person):
        raise NotAllowed
    return person
