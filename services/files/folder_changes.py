"""Changing a deal's folder: a file put under another name («это договор»), into another deal, or taken out (K-7).

A file lies under a field by its row; the field's value, which says that the field is filled, is kept in step. What is
taken out lies in the bin (`file_bin`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from models import access
from models.engine import moves
from models.entities import Deal, File
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.fields.groups import FileLike
from models.history.file_lines import FileMoved, FilesRemoved
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import NO_TEXT, ProductText
from services.deals import deal_commands, deal_queries, plans
from services.files import deal_files, incoming_files, stored_files, upload_targets
from services.unit_of_work import UnitOfWork

PLACE = (
    update(FileRow)
    .where(FileRow.id == bindparam("key"))
    .values(deal_id=bindparam("to_deal"), field=bindparam("to_field"))
)
DROP = delete(FileRow).where(FileRow.id == bindparam("key"))
REMOVE = (
    update(FileRow)
    .where(FileRow.id == bindparam("key"), deal_files.KEPT)
    .values(removed_at=bindparam("at_"), removed_by_id=bindparam("by"))
)
UNIQUE = select(FileRow.unique_id).where(FileRow.id == bindparam("id"))
IS_PAPER = (
    select(PaperRow.id).where(PaperRow.file_id == bindparam("id"), PaperRow.deal_id == bindparam("deal")).limit(1)
)


def can_change(work: UnitOfWork, one: File) -> bool:
    """Whether the actor may put the file elsewhere or take it out: the responsible and those above him, for what
    people sent; the papers that we made stay, every version of them (K-11)."""
    home = home_of(work, one)
    if home is None or one.paper is not None:
        return False
    return deal_files.CHANGE.allows(work.actor, own=home.responsible_id == work.actor_id)


def home_of(work: UnitOfWork, one: File) -> Deal | None:
    """The deal whose folder it is: what a converted lead has become has the lead's files too (F-L7)."""
    return deal_queries.successor_of(work, one.deal_id) or deal_queries.find(work, one.deal_id)


def places(work: UnitOfWork, one: File) -> list[tuple[str, ProductText]]:
    """(Name, title) of the fields that the file can be put under; first those that nothing lies under yet."""
    home = home_of(work, one)
    process = work.company.processes.get(home.process) if home else None
    if home is None or process is None:
        return []
    fitting = [
        (name, field.title)
        for name, field in process.fields.items()
        if name != one.field and isinstance(field, FileLike) and field.takes(picture=incoming_files.is_picture(one))
        if access.may_fill(work.actor, process, name)
    ]
    return sorted(fitting, key=lambda place: home.fields.get(place[0]) not in (None, ()))


def move(work: UnitOfWork, file_id: int, to: str | None) -> Deal:
    """Put a file under another field of its deal, or beside them all (None). The field counts as filled by it.

    NotFound, NotAllowed; robots that wait for the field run.
    """
    one, home = _for_change(work, file_id)
    if to is not None and to not in dict(places(work, one)):
        raise NotFound("button")
    process = work.process(home.process)
    values = _without(home, one)
    twin = _put(work, one.id, home.id, to)
    if to is not None:
        field = process.fields[to]
        many = isinstance(field, FileLike) and field.many
        present = home.fields.get(to) or ()
        values[to] = tuple(dict.fromkeys([*present, twin])) if many else (twin,)
    title = process.fields[to].title if to else NO_TEXT
    plans.note(work, home, FileMoved(one.name, title, places_of(one.field, to)))
    return write(work, home.id, values)


def remove(work: UnitOfWork, file_id: int) -> Deal:
    """Put a file that was sent by mistake into the bin; the history says who did. NotFound, NotAllowed."""
    one, home = _for_change(work, file_id)
    values = _without(home, one)
    _remove(work, one.id)
    plans.note(work, home, FilesRemoved(one.name, fields=places_of(one.field)))
    return write(work, home.id, values)


def take_back(work: UnitOfWork, deal_id: int, keys: Sequence[int], to: Deal | None, sent_by: int | None) -> list[int]:
    """Files that were put into a deal by themselves go to another deal, or out (None): their sender said so.

    Only files that he sent and that still lie there. Gives their ids in the new place.
    """
    home = deal_queries.find(work, deal_id)
    found = [
        one
        for key in keys
        if (one := stored_files.find(work, key)) and one.deal_id == deal_id and one.author_id == sent_by
    ]
    if home is None or not found:
        return []
    gone = {one.id for one in found}
    lay = deal_files.fields_of(work, sorted(gone))
    values = {
        name: tuple(key for key in value if key not in gone) or None
        for name, value in home.fields.items()
        if isinstance(value, tuple) and gone.intersection(value)
    }
    placed = []
    for one in found:
        if to is None:
            _remove(work, one.id)
            continue
        placed.append(_put(work, one.id, to.id, upload_targets.field_for(work, to, one)))
    plans.note(work, home, FilesRemoved(found[0].name, len(found), lay))
    write(work, home.id, values)
    if to is not None:
        deal_files.tell(work, to.id, [one.name for one in found])
    return placed


def places_of(*fields: str | None) -> tuple[str, ...]:
    """The fields among which a file has moved, for the history."""
    return tuple(dict.fromkeys(one for one in fields if one))


def _for_change(work: UnitOfWork, file_id: int) -> tuple[File, Deal]:
    one = deal_files.get(work, file_id)
    home = home_of(work, one)
    if home is None:
        raise NotFound("deal")
    if one.paper is not None or work.tx.execute(IS_PAPER, {"id": one.id, "deal": one.deal_id}).first() is not None:
        raise InvalidValue("file.paper", N_("Это документ, который сделал бот. Его версии остаются в папке."))
    if not can_change(work, one):
        raise NotAllowed
    return one, home


def _remove(work: UnitOfWork, key: int) -> None:
    """Into the bin. NotFound if somebody else was faster."""
    if work.tx.execute(REMOVE, {"key": key, "at_": work.now, "by": work.actor_id}).rowcount != 1:
        raise NotFound("file")


def _put(work: UnitOfWork, key: int, deal_id: int, field: str | None) -> int:
    """The row in its new place; where the same file lies there already, that one."""
    unique = work.tx.execute(UNIQUE, {"id": key}).scalar_one()
    twin = work.tx.execute(deal_files.SAME, {"deal": deal_id, "unique": unique, "field": field}).scalar()
    if twin is not None and twin != key:
        work.tx.execute(DROP, {"key": key})
        return int(twin)
    work.tx.execute(PLACE, {"key": key, "to_deal": deal_id, "to_field": field})
    return key


def _without(home: Deal, one: File) -> dict[str, Any]:
    """What the fields hold without the file; a field that held nothing else becomes empty."""
    return {
        name: tuple(key for key in value if key != one.id) or None
        for name, value in home.fields.items()
        if name == one.field and isinstance(value, tuple) and one.id in value
    }


def lose(work: UnitOfWork, file_id: int) -> None:
    """A file that turned out to be none that can be kept is gone, out of the bin too: no guard can hold it."""
    one = stored_files.find_also_removed(work, file_id)
    if one is None:
        return
    work.tx.execute(DROP, {"key": one.id})
    home = deal_queries.successor_of(work, one.deal_id) or deal_queries.find(work, one.deal_id)
    if home is None or home.process not in work.company.processes:
        return
    plans.note(work, home, FilesRemoved(one.name))
    found = deal_queries.find(work, home.id)
    held = found.fields.get(one.field) if found is not None and one.field else None
    if found is not None and one.field and isinstance(held, tuple) and one.id in held:
        values = {one.field: tuple(key for key in held if key != one.id) or None}
        process, state = work.process(found.process), deal_queries.state_of(work, found)
        deal_commands.perform(work, found, moves.plan_fields(process, state, values, work.moment, lost=True))


def write(work: UnitOfWork, deal_id: int, values: FieldValues) -> Deal:
    """What the deal's fields hold after a change of its folder; robots that wait for them run. The deal as it is then;
    NotFound, and what `deal_commands.put` raises."""
    found = deal_queries.find(work, deal_id)  # anew: the note above has made a version of it
    if found is None:
        raise NotFound("deal")
    if not values:
        return found
    return deal_commands.put(work, found, values)
