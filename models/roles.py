"""The roles that employees have. They are not process words: what a role may do is in `models.access`."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["owner", "supervisor", "manager", "installer", "technologist", "measurer", "dispatcher"]
ROLES: tuple[Role, ...] = get_args(Role)


def find_role(word: str | None) -> Role | None:
    """The role of that word; None for any other word."""
    return next((role for role in ROLES if role == word), None)
