"""Checklists of tasks: the answers that their lines ask for (C-3, C-5), and the lines themselves, as the manager edits
them for one deal (K-5).

Whoever has the task answers, though he may not edit the deal itself. Who may edit the deal edits the list; whoever
drives out does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, delete, insert, update

from models import access
from models.engine import effects as e
from models.engine import guards
from models.entities import Deal, Item, Task
from models.errors import ListChanged, NotAllowed, NotFound
from models.field_values import FieldValues
from models.history.task_lines import Change, ChecklistEdited
from models.process.actions import Move
from models.process.conditions import fields_of
from models.process.process import Process
from models.process.stages import Outcome
from models.tables.tasks import ItemRow
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import NO_TITLE, StoredTitle
from services.deals import before_press, deal_commands, deal_queries, plans
from services.tasks import checklist_lines, task_commands, task_queries
from services.unit_of_work import UnitOfWork

ADD = insert(ItemRow)
RENAME = update(ItemRow).where(ItemRow.id == bindparam("key")).values(title=bindparam("to_title"))
REMOVE = delete(ItemRow).where(ItemRow.id == bindparam("key"))
# out of the way first: two lines never hold one place, not even within a statement
ASIDE = update(ItemRow).where(ItemRow.task_id == bindparam("task")).values(position=-1 - ItemRow.position)
PLACE = update(ItemRow).where(ItemRow.id == bindparam("key")).values(position=bindparam("at"))


# --- answering --------------------------------------------------------------------------------------------------


def find_item(found: Task, item_id: int) -> Item:
    """A line of the task's checklist; NotFound if it has none such."""
    line = next((one for one in found.items if one.id == item_id), None)
    if line is None:
        raise NotFound("item")
    return line


def asked(process: Process, card: Deal, line: Item) -> tuple[str, ...]:
    """The fields that ticking the line asks for: what its paper still needs (K-11), then its own."""
    paper = process.papers.get(line.paper) if line.paper else None
    needed = paper.needs if paper else ()
    known = {name for name in needed if card.fields.get(name) not in (None, "", ())}
    names = (*(name for name in needed if name not in known), *line.asked)
    return tuple(name for name in dict.fromkeys(names) if name in process.fields)


def complete(work: UnitOfWork, task_id: int, item_id: int, values: FieldValues) -> Deal:
    """Tick a line of the checklist, fill the fields that it asks for, and make its paper (K-11); gives the deal as it
    is then.

    NotAllowed for any other field; AlreadyDone if the task is closed.
    """
    found = task_queries.get_mine(work, task_id)
    line = find_item(found, item_id)
    card = _card(work, found)
    process = work.process(card.process)
    allowed = asked(process, card, line)
    before_press.look(work, card)
    if line.done_at is None:  # first, because a robot on a filled field may take the whole task back
        task_commands.tick(work, task_id, item_id)
    _fill(work, found, allowed, values)
    card = _card(work, found)
    if line.done_at is None and line.paper in process.papers:
        return plans.apply(work, card, e.Plan((e.PaperMade(line.paper, ""),)))
    return card


def fill_line(work: UnitOfWork, task_id: int, item_id: int, values: FieldValues) -> Deal:
    """Fill the fields that a line asks for, without ticking it; gives the deal as it is then. NotAllowed for others."""
    found = task_queries.get_mine(work, task_id)
    card = _card(work, found)
    _fill(work, found, asked(work.process(card.process), card, find_item(found, item_id)), values)
    return _card(work, found)


def answer(work: UnitOfWork, task_id: int, outcome: str, values: FieldValues) -> Task:
    """Fill the fields that an outcome asks for, itself or for where it leads; the task stays open. NotAllowed for any
    other field.

    Wrong `same` if what must change would stay as it is: a date that has slipped is another one (K-16).
    """
    found = task_queries.get_mine(work, task_id)
    card = _card(work, found)
    described = task_queries.description_of(work.process(card.process), found)
    chosen = described.outcomes.get(outcome) if described else None
    for name in chosen.changes if chosen else ():
        if card.fields.get(name) is not None and values.get(name, card.fields[name]) == card.fields[name]:
            raise InvalidValue("same", N_("Так и записано сейчас. Нужно новое значение."))
    if chosen:
        _check_rules(work, card, chosen, values)
    _fill(work, found, (*chosen.ask, *_asked_there(work, card, chosen)) if chosen else (), values)
    return found


def _asked_there(work: UnitOfWork, card: Deal, chosen: Outcome) -> Iterator[str]:
    """What the stages to which the outcome leads want to know: it is asked before the task is closed."""
    process = work.process(card.process)
    for action in chosen.do:
        if isinstance(action, Move):
            to = card.came_from if action.move == "previous" else action.move
            stage = process.find_stage(card.pipeline, to or "")
            if stage is not None:
                yield from stage.enter.confirms
                yield from (need.field for need in stage.enter.requires)


def _check_rules(work: UnitOfWork, card: Deal, chosen: Outcome, values: FieldValues) -> None:
    """An answer that the outcome's own rule forbids is asked again, not kept (M-3, M-18)."""
    after = deal_queries.state_of(work, card).with_fields(dict(values))
    for test in chosen.if_:
        asked = next((name for name in fields_of(test) if name in values), None)
        if asked is not None and not guards.holds(test, after, work.moment):
            raise InvalidValue("rule", test.why or N_("Такой ответ к этому шагу не подходит."), field=asked)


def _fill(work: UnitOfWork, found: Task, allowed: Sequence[str], values: FieldValues) -> None:
    if set(values) - set(allowed):
        raise NotAllowed
    if not values:
        return
    deal_commands.put(work, _card(work, found), values)


def _card(work: UnitOfWork, found: Task) -> Deal:
    card = deal_queries.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    return card


# --- editing the list for this deal -----------------------------------------------------------------------------


def can_edit(work: UnitOfWork, found: Task, card: Deal) -> bool:
    """Whether the actor may edit the checklist: the responsible and those above, not who drives out (K-5).

    The list of a task for somebody above him is not the responsible's to change.
    """
    actor = work.actor
    if found.state != "open" or actor is None:
        return False
    return task_queries.EDIT.allows(actor, **access.leads(actor, card)) and task_queries.can_act(work, found)


def get_editable(work: UnitOfWork, task_id: int) -> tuple[Task, Deal]:
    """The open task and its deal, for a change of its checklist: NotFound, NotAllowed, AlreadyDone."""
    found = task_queries.get_mine(work, task_id)
    card = _card(work, found)
    if not can_edit(work, found, card):
        raise NotAllowed
    return found, card


def add(work: UnitOfWork, task_id: int, text: str) -> Task:
    """Put a line at the end of this deal's checklist. Raises Wrong for a text that is no line, or for a full list."""
    found, card = get_editable(work, task_id)
    checklist_lines.check_room(len(found.items))
    title = checklist_lines.read(text, _titles(found))
    _note(work, card, found, "added", title)
    at = max((one.position for one in found.items), default=-1) + 1
    work.tx.execute(ADD, {"task_id": task_id, "position": at, "title": title, "fill": [], "optional": False})
    return task_queries.get(work, task_id)


def rename(work: UnitOfWork, task_id: int, item_id: int, text: str) -> Task:
    """Say a line in other words; what it asks stays. NotFound("item") if somebody has removed it."""
    found, card = get_editable(work, task_id)
    line = find_item(found, item_id)
    title = checklist_lines.read(text, _titles(found, but=item_id))
    if title != line.title:
        _note(work, card, found, "renamed", title, was=line.title)
        work.tx.execute(RENAME, {"key": item_id, "to_title": title})
    return task_queries.get(work, task_id)


def remove(work: UnitOfWork, task_id: int, item_id: int) -> Task:
    """Take a line off this deal's checklist. What a stage requires is still asked for by the stage."""
    found, card = get_editable(work, task_id)
    line = find_item(found, item_id)
    _note(work, card, found, "removed", line.title)
    work.tx.execute(REMOVE, {"key": item_id})
    return task_queries.get(work, task_id)


def move(work: UnitOfWork, task_id: int, item_id: int, at: int, to: int) -> Task:
    """Take a line from the place `at` to the place `to` (from 0); ListChanged if it does not stand there any more."""
    found, card = get_editable(work, task_id)
    find_item(found, item_id)
    ids: list[int] = [one.id for one in found.items]
    if ids.index(item_id) != at:
        raise ListChanged
    order = checklist_lines.moved(ids, at, to)
    if order != ids:
        _note(work, card, found, "moved", found.items[at].title, place=to + 1)
        work.tx.execute(ASIDE, {"task": task_id})
        work.tx.execute(PLACE, [{"key": key, "at": place} for place, key in enumerate(order)])
    return task_queries.get(work, task_id)


def _titles(found: Task, but: int | None = None) -> list[str]:
    return [one.title for one in found.items if one.id != but]


def _note(
    work: UnitOfWork,
    card: Deal,
    found: Task,
    change: Change,
    line: StoredTitle,
    was: StoredTitle = NO_TITLE,
    place: int | None = None,
) -> None:
    """Before the change itself: the deal's version decides which of two at once wins."""
    plans.note(work, card, ChecklistEdited(found.name, found.template, change, line, was, place))
