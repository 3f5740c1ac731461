"""Compiled statements are found by which statement it is, and by what it says where it is a new one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Connection, bindparam, column, create_engine, event, select, table

from bot.databases import statement_cache
from bot.databases.statement_cache import StatementCache

THING = table("thing", column("id", BigInteger), column("name"))
BY_ID = select(THING).where(THING.c.id == bindparam("key"))


class Said:
    """What a statement says: asked for its hash it counts."""

    def __init__(self, said: str) -> None:
        self.said, self.asked = said, 0

    def __hash__(self) -> int:
        self.asked += 1
        return hash(self.said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and self.said == other.said


def key(said: Said, *columns: str, many: bool = False) -> tuple[Any, ...]:
    """A key as the library makes it."""
    return "dialect", said, columns, False, many


def made() -> Any:
    """Something compiled."""
    return object()


def test_the_same_statement_is_not_hashed_again() -> None:
    cache, said, compiled = StatementCache(), Said("select 1"), made()
    cache[key(said)] = compiled
    assert cache.get(key(said)) is compiled
    asked = said.asked
    assert [cache.get(key(said)) for _ in range(5)] == [compiled] * 5
    assert said.asked == asked


def test_another_statement_that_says_the_same_shares_what_was_compiled() -> None:
    cache, compiled = StatementCache(), made()
    cache[key(Said("select 1"))] = compiled
    assert cache.get(key(Said("select 1"))) is compiled
    assert cache.get(key(Said("select 2"))) is None


def test_other_columns_and_many_rows_are_other_statements() -> None:
    cache, said = StatementCache(), Said("insert")
    cache[key(said, "a")] = one = made()
    cache[key(said, "a", "b")] = two = made()
    cache[key(said, "a", many=True)] = three = made()
    for _ in range(2):
        assert cache.get(key(said, "a")) is one
        assert cache.get(key(said, "a", "b")) is two
        assert cache.get(key(said, "a", many=True)) is three


def test_statements_made_for_one_use_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_cache, "MOST", 10)
    cache = StatementCache()
    for number in range(100):
        cache[key(Said(str(number)))] = made()
        assert cache.get(key(Said(str(number)))) is not None
    assert len(cache) <= 10
    assert len(cache._known) <= 10


def test_an_engine_reads_and_writes_by_it() -> None:
    engine = create_engine("sqlite://").execution_options(compiled_cache=StatementCache())
    compiled: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_: Connection, __: object, statement: str, *___: object) -> None:
        compiled.append(statement)

    with engine.begin() as tx:
        tx.exec_driver_sql("CREATE TABLE thing (id INTEGER, name TEXT)")
        tx.execute(THING.insert(), [{"id": 1, "name": "стол"}, {"id": 2, "name": "шкаф"}])
        tx.execute(THING.insert().values(id=3))
        for number, name in ((1, "стол"), (2, "шкаф"), (3, None)):
            assert tx.execute(BY_ID, {"key": number}).one().name == name
        for wanted in ([1], [1, 2], [1, 2, 3]):
            assert list(tx.execute(select(THING.c.id).where(THING.c.id.in_(wanted))).scalars()) == wanted
    assert len({one for one in compiled if "WHERE thing.id = ?" in one}) == 1
