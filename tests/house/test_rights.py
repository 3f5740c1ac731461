"""The one table of rights holds everything: what is stored, what a button or a form names, what HTTP serves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NewType, get_args, get_type_hints

import pytest

from bot import features
from bot.http import http_server
from bot.http.http_routes import HTTP_ROUTES
from keyboards import callback_data
from keyboards.people import rights as words
from models import access, ids, rights
from models.rights import THINGS, Reach
from models.tables.table_row import TableRow
from models.values.product_text import ProductText
from services import form_purposes
from tests.house import source

features.load()

NO_THING = {"Revision"}  # how often a deal has changed: it names no row


@pytest.fixture
def aside() -> Iterator[None]:
    """What a test registers is forgotten."""
    known = dict(THINGS)
    yield
    THINGS.clear()
    THINGS.update(known)


def test_every_table_is_somebodys_to_see_or_nobodys() -> None:
    listed = {name for one in THINGS.values() for name in one.tables}
    assert listed == set(TableRow.metadata.tables)


def test_every_id_that_a_button_or_a_form_names_is_of_a_thing() -> None:
    kinds = {name for name, kind in vars(ids).items() if isinstance(kind, NewType)}
    assert {kind.__name__ for one in THINGS.values() for kind in one.ids} == kinds - NO_THING  # type: ignore[attr-defined]


def test_a_button_names_a_row_by_its_type_of_id_only() -> None:
    """A bare number is a place, a page, a day: of what names a row it must be seen, or nobody asks whose it is."""
    bare = {
        f"{form.word}.{one.name}"
        for form in callback_data.FORMATS.values()
        for one in form.arguments
        if one.of is int and one.name in {kind.key for kind in THINGS.values()} | {"id"}
    }
    assert bare == set()


def test_every_purpose_of_a_form_names_rows_by_their_type_of_id() -> None:
    for form in form_purposes.FORMATS.values():
        for name, hint in get_type_hints(form.made).items():
            if name in THINGS and THINGS[name].ids:
                named = {hint, *get_args(hint)}
                assert any(rights.of_id(one) for one in named), f"{form.word}.{name} is {hint}"


def test_every_reach_has_its_words() -> None:
    assert set(words.REACHES) == set(get_args(Reach))
    assert set(rights.Ties.__annotations__) == set(get_args(Reach)) - {"any"}


def test_http_serves_what_is_listed_and_no_more() -> None:
    server = http_server.HttpServer(*[None] * 2, webhook_secret="x", leads=1, calendars=1)  # type: ignore[arg-type]
    every = server.application().router.routes()
    served = {(one.method, one.resource.canonical) for one in every if one.method != "HEAD" and one.resource}
    listed = {(one.method, one.path.split("{")[0]) for one in HTTP_ROUTES}
    assert {(method, path.split("{")[0]) for method, path in served} == listed


@pytest.mark.usefixtures("aside")
def test_a_thing_or_a_row_that_stands_twice_is_refused() -> None:
    title = ProductText("x")
    with pytest.raises(ValueError, match="one thing twice"):
        rights.thing("deal", title)
    with pytest.raises(ValueError, match="one thing twice"):
        rights.thing("another", title, tables=("deal",))
    with pytest.raises(ValueError, match="one thing twice"):
        rights.thing("another", title, ids=(ids.DealId,))
    made = rights.thing("another", title)
    made.right(title, (access.OWNER, ("any",)))
    with pytest.raises(ValueError, match="registered twice"):
        made.right(title, (access.OWNER, ("any",)))
    with pytest.raises(ValueError, match="two cells"):
        made.right(ProductText("y"), (access.OWNER, ("any",)), (access.SALES, ("own",)))


@dataclass(frozen=True)
class _Person:
    role: str


@pytest.mark.usefixtures("aside")
def test_a_right_reaches_as_far_as_its_cell() -> None:
    row = rights.thing("another", ProductText("x")).right(
        ProductText("y"), (access.OWNER, ("any",)), (access.MANAGER, ("own", "free")), robots=False
    )
    assert row.allows(_Person("owner"))  # type: ignore[arg-type]
    assert not row.allows(_Person("manager"))  # type: ignore[arg-type]
    assert not row.allows(_Person("manager"), own=False, at_work=True)  # type: ignore[arg-type]
    assert row.allows(_Person("manager"), own=False, free=True)  # type: ignore[arg-type]
    assert not row.allows(_Person("installer"), own=True)  # type: ignore[arg-type]
    assert not row.allows(None)


def test_whether_a_field_may_be_filled_in_is_asked_of_the_rights_alone() -> None:
    """`Field.can_fill` says whom the process asks, not from whom it hides the field: that is `access.may_fill`."""
    asking = {
        one.path
        for one in source.modules().values()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute) and node.attr == "can_fill"
    }
    assert asking == {"models/access.py"}
