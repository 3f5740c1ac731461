"""The roles that employees have. They are not process words: what a role may do is in `models.access`."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["owner", "supervisor", "manager", "installer", "technologist", "measurer", "dispatcher"]
ROLES: tuple[str, ...] = get_args(Role)
