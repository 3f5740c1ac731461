"""«Команда»: inviting by a one-time link, roles, dismissing (C-8)."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner
from handlers.request import Request, number, on_callback
from keyboards.people import roles
from keyboards.people import team as screens
from keyboards.people.team import MemberView
from keyboards.screen import Reply
from models import access
from models.entities import Employee
from models.errors import NotAllowed, NotFound
from models.roles import ROLES
from models.values.phone import parse_phone
from services.people import employees, team
from services.visits import absences


@on_callback("team", access.MANAGEMENT)
def show(request: Request, toast: str | None = None) -> Reply:
    """Everybody who works now. (A button gives no toast: the second argument is only for callers in code.)"""
    return Reply(screens.team_screen(employees.staff(request.work), request.me.id, request.t), toast)


@on_callback("member", access.MANAGEMENT)
def member(request: Request, employee_id: str) -> Reply:
    person = employees.get(request.work, number(employee_id, "employee"))
    return Reply(screens.member_screen(_view(request, person), request.t))


def _view(request: Request, person: Employee) -> MemberView:
    load = team.load(request.work, person.id)
    return MemberView(person, load.deals, load.tasks, team.can_change(request.me, person))


@on_callback("invite", access.MANAGEMENT)
def invite(request: Request, role: str = "") -> Reply:
    """Choose the role, then the link: `https://t.me/<bot>?start=<token>`."""
    work, t = request.work, request.t
    if not role:
        return Reply(screens.roles_screen(None, team.roles_for(request.me), t))
    if role not in ROLES:
        raise NotFound("button")
    token = employees.invite(work, role)
    link = f"https://t.me/{request.bot_username}?start={token}"
    return Reply(screens.invitation_screen(link, role, work.now + employees.INVITATION_LIFE, work.now, t))


@on_callback("role", access.MANAGEMENT)
def role(request: Request, employee_id: str) -> Reply:
    person = _changeable(request, employee_id)
    return Reply(screens.roles_screen(person, team.roles_for(request.me), request.t))


@on_callback("role_set", access.MANAGEMENT)
def set_role(request: Request, employee_id: str, chosen: str) -> Reply:
    person = team.change_role(request.work, number(employee_id, "employee"), chosen)
    said = request.t("{name}: {role}", name=person.name, role=roles.title(person.role, request.t))
    return Reply(screens.member_screen(_view(request, person), request.t), said)


@on_callback("phone_of", access.MANAGEMENT)
def ask_phone(request: Request, employee_id: str) -> Reply:
    """Those above may enter a colleague's phone: the client is told it on the day before the visit (K-21)."""
    person = employees.get(request.work, number(employee_id, "employee"))
    hint = request.t("По этому номеру сотруднику позвонит клиент: его называют в SMS перед монтажом.")
    title = request.t("Рабочий телефон: {phone}", phone=person.name)
    return form_runner.begin_text(request, {"do": "phone_of", "who": person.id}, title, hint, longest=40)


@form_runner.on_finish("phone_of")
def phone_came(request: Request, purpose: dict[str, str | int], values: dict[str, Any]) -> Reply:
    """The number has come as text."""
    if request.me.role not in access.MANAGEMENT:
        raise NotAllowed
    person = employees.get(request.work, int(purpose["who"]))
    employees.set_phone(request.work, person, parse_phone(str(values["text"])))
    return Reply(
        screens.member_screen(_view(request, employees.get(request.work, person.id)), request.t), request.t("Готово")
    )


@on_callback("dismiss", access.MANAGEMENT)
def dismiss(request: Request, employee_id: str) -> Reply:
    """Ask once more."""
    return Reply(screens.dismiss_screen(_view(request, _changeable(request, employee_id)), request.t))


@on_callback("dismiss_yes", access.MANAGEMENT)
def dismissed(request: Request, employee_id: str) -> Reply:
    person = employees.dismiss(request.work, number(employee_id, "employee"))
    said = request.t("{name} больше не в команде", name=person.name)
    found = absences.left(request.work, person.id)
    if found:
        visits = request.t.plural("{n} выезд нужно перенести", "{n} выездов нужно перенести", len(found))
        said = f"{said}. {visits}"
    return show(request, said)


def _changeable(request: Request, employee_id: str) -> Employee:
    person = employees.get(request.work, number(employee_id, "employee"))
    if not team.can_change(request.me, person):
        raise NotAllowed
    return person
