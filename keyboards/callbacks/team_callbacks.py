"""Presses of «Команда»."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import EmployeeId
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
