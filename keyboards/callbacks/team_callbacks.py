"""Presses of «Команда»."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, EmployeeId, InvitationId, TaskId
from models.roles import Role


@callback("team")
@dataclass(frozen=True, slots=True)
class OpenTeam(CallbackData):
    """Everybody who works now."""


@callback("member")
@dataclass(frozen=True, slots=True)
class OpenMember(CallbackData):
    """One of them."""

    employee: EmployeeId


@callback("invite")
@dataclass(frozen=True, slots=True)
class InviteMember(CallbackData):
    """A link for somebody new; without a role it is chosen first."""

    role: Role | None = None


@callback("invites")
@dataclass(frozen=True, slots=True)
class ListInvitations(CallbackData):
    """Which links would let somebody in."""


@callback("invite_off")
@dataclass(frozen=True, slots=True)
class RevokeInvitation(CallbackData):
    """That one lets nobody in any more."""

    invitation: InvitationId


@callback("role")
@dataclass(frozen=True, slots=True)
class ChooseRole(CallbackData):
    """Which role?"""

    employee: EmployeeId


@callback("role_set")
@dataclass(frozen=True, slots=True)
class ChangeRole(CallbackData):
    """That role."""

    employee: EmployeeId
    role: Role


@callback("phone_of")
@dataclass(frozen=True, slots=True)
class AskMemberPhone(CallbackData):
    """A colleague's phone for work."""

    employee: EmployeeId


@callback("dismiss")
@dataclass(frozen=True, slots=True)
class AskDismissal(CallbackData):
    """Is he really to go?"""

    employee: EmployeeId


@callback("dismiss_yes")
@dataclass(frozen=True, slots=True)
class DismissMember(CallbackData):
    """He is out."""

    employee: EmployeeId


@callback("left")
@dataclass(frozen=True, slots=True)
class ListLeftWork(CallbackData):
    """What hangs on an employee, page by page."""

    employee: EmployeeId
    page: int | None = None


@callback("left_to")
@dataclass(frozen=True, slots=True)
class ChooseColleague(CallbackData):
    """To whom does it go? `deals`: the deals as well, not only what they wait for."""

    employee: EmployeeId
    deals: bool


@callback("left_give")
@dataclass(frozen=True, slots=True)
class HandOverWork(CallbackData):
    """Hand it over to that colleague."""

    employee: EmployeeId
    to: EmployeeId
    deals: bool


@callback("left_leave")
@dataclass(frozen=True, slots=True)
class LeaveWork(CallbackData):
    """Leave it as it is until he is back."""

    employee: EmployeeId


@callback("left_deal")
@dataclass(frozen=True, slots=True)
class OpenLeftDeal(CallbackData):
    """A deal of the list, below it: the list stays in sight."""

    deal: DealId


@callback("left_task")
@dataclass(frozen=True, slots=True)
class OpenLeftTask(CallbackData):
    """A task of the list, below it."""

    task: TaskId
