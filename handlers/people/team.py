"""«Команда»: inviting by a one-time link, roles, dismissing (C-8)."""

from __future__ import annotations

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards.callbacks.team_callbacks import (
    AskDismissal,
    AskMemberPhone,
    ChangeRole,
    ChooseRole,
    DismissMember,
    InviteMember,
    ListInvitations,
    OpenMember,
    OpenTeam,
    RevokeInvitation,
)
from keyboards.people import roles
from keyboards.people import team as screens
from keyboards.people.team import MemberView
from keyboards.screen import Reply
from models import access
from models.entities import Employee
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.ids import EmployeeId
from models.roles import ROLES
from models.values.phone import parse_phone
from services import drafts, invitations
from services.escalations import handovers
from services.operation import old_messages
from services.people import employees, team
from services.purposes.people_purposes import MemberPhonePurpose
from services.visits import absences


@on_callback(OpenTeam, access.MANAGEMENT)
def open_(request: Request, press: OpenTeam) -> Reply:
    return show(request)


def show(request: Request, toast: str | None = None) -> Reply:
    """Everybody who works now."""
    invited = len(invitations.outstanding(request.work))
    return Reply(screens.team_screen(employees.staff(request.work), request.me.id, request.t, invited), toast)


@on_callback(OpenMember, access.MANAGEMENT)
def member(request: Request, press: OpenMember) -> Reply:
    person = employees.get(request.work, press.employee)
    return Reply(screens.member_screen(_view(request, person), request.t))


def _view(request: Request, person: Employee) -> MemberView:
    access.SEE_PERSON.check(request.me)
    load = team.load(request.work, person.id)
    own = access.can_change_person(request.me, person)
    return MemberView(person, load.deals, load.tasks, team.can_change(request.me, person), own)


@on_callback(InviteMember, access.MANAGEMENT)
def invite(request: Request, press: InviteMember) -> Reply:
    """Choose the role, then the link: `https://t.me/<bot>?start=<token>`."""
    work, t = request.work, request.t
    if not press.role:
        return Reply(screens.roles_screen(None, access.roles_given_by(request.me.role), t))
    if press.role not in ROLES:
        raise NotFound("button")
    token = invitations.invite(work, press.role)
    link = f"https://t.me/{request.bot_username}?start={token}"
    made = invitations.newest(work, token)
    return Reply(screens.invitation_screen(made, link, press.role, work.now + invitations.LIFE, work.now, t))


@on_callback(ListInvitations, access.MANAGEMENT)
def invited(request: Request, press: ListInvitations) -> Reply:
    """The links that would let somebody in."""
    return _invited(request)


def _invited(request: Request, toast: str | None = None) -> Reply:
    found = invitations.outstanding(request.work)
    return Reply(screens.invitations_screen(found, request.work.now, request.t), toast)


@on_callback(RevokeInvitation, access.MANAGEMENT)
def revoke(request: Request, press: RevokeInvitation) -> Reply:
    """One tap: who needs it is sent another one."""
    invitations.revoke(request.work, press.invitation)
    return _invited(request, request.t("Приглашение отозвано"))


@on_callback(ChooseRole, access.MANAGEMENT)
def role(request: Request, press: ChooseRole) -> Reply:
    person = _changeable(request, press.employee)
    return Reply(screens.roles_screen(person, access.roles_given_by(request.me.role), request.t))


@on_callback(ChangeRole, access.MANAGEMENT)
def set_role(request: Request, press: ChangeRole) -> Reply:
    form = drafts.message_of(request.work, press.employee)
    person = team.change_role(request.work, press.employee, press.role)
    old_messages.take_down(request.work, person, form)
    said = request.t("{name}: {role}", name=person.name, role=roles.title(person.role, request.t))
    left = handovers.demoted(request.work, person).deals
    if left:
        deals = request.t.plural("{n} сделку нужно передать", "{n} сделок нужно передать", len(left))
        said = f"{said}. {deals}"
    return Reply(screens.member_screen(_view(request, person), request.t), said)


@on_callback(AskMemberPhone, access.MANAGEMENT)
def ask_phone(request: Request, press: AskMemberPhone) -> Reply:
    """Those above may enter a colleague's phone: the client is told it on the day before the visit (K-21)."""
    person = team.check_changeable(request.work, press.employee)
    hint = request.t("По этому номеру сотруднику позвонит клиент: его называют в SMS перед монтажом.")
    title = request.t("Рабочий телефон: {phone}", phone=person.name)
    return form_runner.begin_text(request, MemberPhonePurpose(person.id), title, hint, longest=40)


@on_finish(MemberPhonePurpose, access.MANAGEMENT)
def phone_came(request: Request, purpose: MemberPhonePurpose, values: FieldValues) -> Reply:
    """The number has come as text."""
    person = team.check_changeable(request.work, purpose.who)
    employees.set_phone(request.work, person, parse_phone(str(values["text"])))
    return Reply(
        screens.member_screen(_view(request, employees.get(request.work, person.id)), request.t), request.t("Готово")
    )


@on_callback(AskDismissal, access.MANAGEMENT)
def dismiss(request: Request, press: AskDismissal) -> Reply:
    """Ask once more."""
    return Reply(screens.dismiss_screen(_view(request, _changeable(request, press.employee)), request.t))


@on_callback(DismissMember, access.MANAGEMENT)
def dismissed(request: Request, press: DismissMember) -> Reply:
    form = drafts.message_of(request.work, press.employee)
    person = employees.dismiss(request.work, press.employee)
    old_messages.take_down(request.work, person, form)
    said = request.t("{name} больше не в команде", name=person.name)
    handovers.dismissed(request.work, person)
    found = absences.left(request.work, person.id)
    if found:
        visits = request.t.plural("{n} выезд нужно перенести", "{n} выездов нужно перенести", len(found))
        said = f"{said}. {visits}"
    return show(request, said)


def _changeable(request: Request, employee_id: EmployeeId) -> Employee:
    person = employees.get(request.work, employee_id)
    if not team.can_change(request.me, person):
        raise NotAllowed
    return person
