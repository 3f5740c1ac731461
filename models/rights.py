"""The one table of rights: whose role may do what with which thing, and how far that reaches.

A feature registers its things and their rows beside the code that asks them: whoever acts is asked at the act, with
what ties him to the thing just then. The same rows are shown to the owner in words and make `docs/rights.md`; what is
stored, pressed or asked for over HTTP and stands in no row fails the build (`tests/house/test_rights.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict, Unpack

from models.entities import Employee
from models.errors import NotAllowed
from models.roles import ROLES, Role
from models.values.product_text import ProductText

# What may tie somebody to a thing. `any`: nothing need. `own`: he leads the deal it hangs on, or it is his. `free`: it
# is nobody's yet. `at_work`: a task or a visit of his is on it. `author`: he did or made it. `addressed`: it was sent
# or given to him. `role`: it is for whoever has his role, and nobody has taken it. `unshared`: no colleague leads an
# open deal of it. `shown`: the process does not hide it from his role. `asked`: the process lets his role fill it.
# `below`: whose it is stands below him. `few`: of those that are not his so many in a day as the owner allows.
Reach = Literal[
    "any", "own", "free", "at_work", "author", "addressed", "role", "unshared", "shown", "asked", "below", "few"
]


class Ties(TypedDict, total=False):
    """Which of them hold, by name."""

    own: bool
    free: bool
    at_work: bool
    author: bool
    addressed: bool
    role: bool
    unshared: bool
    shown: bool
    asked: bool
    below: bool
    few: bool


@dataclass(frozen=True, slots=True, eq=False)
class Right:
    """A row of the table: what is done with a thing, and by whom. `robots`: what acts without a person may as well."""

    thing: Thing
    act: ProductText
    reach: Mapping[Role, frozenset[Reach]]
    robots: bool = True

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may at all."""
        return frozenset(self.reach)

    def allows(self, actor: Employee | None, **ties: Unpack[Ties]) -> bool:
        """Whether the actor may, tied to the thing like this; None is a robot, or the command line."""
        return self.robots if actor is None else self.allows_role(actor.role, **ties)

    def allows_role(self, role: Role, /, **ties: Unpack[Ties]) -> bool:
        """Whether somebody of that role may, tied to the thing like this."""
        reach = self.reach.get(role)
        return reach is not None and ("any" in reach or any(held and tie in reach for tie, held in ties.items()))

    def check(self, actor: Employee | None, **ties: Unpack[Ties]) -> None:
        """Raise NotAllowed unless the actor may."""
        if not self.allows(actor, **ties):
            raise NotAllowed


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that rights are about. `ids` are the types by which buttons and forms name it, `tables` where it is
    stored. One without rows is nobody's: no person ever sees it."""

    key: str
    title: ProductText
    ids: tuple[object, ...] = ()
    tables: tuple[str, ...] = ()
    rights: list[Right] = field(default_factory=list)

    def right(self, act: ProductText, *cells: tuple[Collection[Role], tuple[Reach, ...]], robots: bool = True) -> Right:
        """Register a row. Each cell says how far the right reaches for these roles; a role in none may not.

        Raises ValueError for a row that stands twice, for a role in two cells, and for a row that nobody has.
        """
        reach: dict[Role, frozenset[Reach]] = {}
        for roles, ties in cells:
            for role in roles:
                if role in reach:
                    raise ValueError(f"rights: {self.key}, {act}: {role} stands in two cells")
                reach[role] = frozenset(ties)
        if not reach or any(one.act == act for one in self.rights):
            raise ValueError(f"rights: {self.key}, {act}: for nobody, or registered twice")
        made = Right(self, act, {role: reach[role] for role in ROLES if role in reach}, robots)
        self.rights.append(made)
        return made


THINGS: dict[str, Thing] = {}


def thing(key: str, title: ProductText, *, ids: tuple[object, ...] = (), tables: tuple[str, ...] = ()) -> Thing:
    """Register a thing; ValueError for a key, a type of id or a table that another one has."""
    for one in THINGS.values():
        if one.key == key or not set(ids).isdisjoint(one.ids) or not set(tables).isdisjoint(one.tables):
            raise ValueError(f"rights: {key} and {one.key} are one thing twice")
    THINGS[key] = made = Thing(key, title, ids, tables)
    return made


def of_id(kind: object) -> Thing | None:
    """The thing that an id of that type names."""
    return next((one for one in THINGS.values() if kind in one.ids), None)
