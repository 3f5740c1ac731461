"""Each column says whether it tells of a client; one that says nothing fails here."""

from __future__ import annotations

from bot import features
from models.history.line import LINES
from models.personal import line_marks
from models.personal.marks import MARKS, Whose
from models.tables import metadata
from services.personal import mixed_columns

LINKS = {Whose.CLIENT: "client_id", Whose.DEAL: "deal_id", Whose.TASK: "task_id"}


def test_every_column_has_one_mark() -> None:
    there = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns}
    marked = [(name, column) for name, marks in MARKS.items() for column in marks.columns()]
    assert sorted(marked) == sorted(there)


def test_every_column_of_which_a_part_tells_has_an_eraser() -> None:
    assert mixed_columns.ERASERS.keys() == {(name, one) for name, marks in MARKS.items() for one in marks.mixed.split()}


def test_whatever_tells_of_a_client_is_found_by_him() -> None:
    for name, marks in MARKS.items():
        assert not marks.tells or marks.whose is not Whose.NOBODY, name
        link = LINKS.get(marks.whose)
        assert link is None or link in metadata.tables[name].columns or name == link.removesuffix("_id"), name


def test_every_line_of_the_history_says_what_of_it_stays() -> None:
    """Of one that says nothing all would go, who moved the deal and when among it."""
    features.load()
    assert set(line_marks.KEPT) == {one.kind for one in LINES}
