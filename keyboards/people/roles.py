"""The roles by name."""

from __future__ import annotations

from keyboards.translator import Translator
from models.roles import ROLES, Role
from models.values.invalid_value import N_

TITLES = {
    "owner": N_("владелец"),
    "supervisor": N_("руководитель"),
    "manager": N_("менеджер"),
    "installer": N_("мастер"),
    "technologist": N_("технолог"),
    "measurer": N_("замерщик"),
    "dispatcher": N_("менеджер по коммуникациям"),
}
assert set(TITLES) == set(ROLES)


def title(role: Role | None, t: Translator) -> str:
    """«менеджер»; nothing for nobody's role, and a role that is not known any more stays as it is."""
    return t(TITLES[role]) if role in TITLES else role or ""


def capital(role: Role, t: Translator) -> str:
    """«Менеджер», for a button."""
    named = title(role, t)
    return named[:1].upper() + named[1:]
