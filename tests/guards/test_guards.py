"""The catalogue of guards fits the code: what `make guards` takes out is still there, and so are the tests it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards.catalogue import ALL
from tests.guards.guard import Cut, Guard
from tests.guards.scratch import Scratch
from tests.house.source import ROOT


def test_every_guard_can_still_be_taken_out_and_its_tests_are_there() -> None:
    assert [f"{guard.name}: {problem}" for guard in ALL for problem in guard.misfits(ROOT)] == []


def test_every_guard_is_listed_once() -> None:
    names = [guard.name for guard in ALL]
    assert sorted(set(names)) == sorted(names)


def test_a_change_that_fits_no_more_is_named(tmp_path: Path) -> None:
    """The check above can fail: for a text that is gone or stands there twice, for a test that is gone."""
    (tmp_path / "one.py").write_text("a = 1\na = 1\nb = 2\n", "utf-8")
    (tmp_path / "test_one.py").write_text("def test_b() -> None: ...\n", "utf-8")

    def misfits(text: str, into: str, test: str = "test_one.py::test_b") -> list[str]:
        return list(Guard("b", "here", (Cut("one.py", text, into),), (test,)).misfits(tmp_path))

    assert misfits("b = 2", "b = 3") == []
    assert misfits("b = 2", "b = 3", "test_one.py::test_b[sqlite]") == []
    assert misfits("c = 3", "") == ["one.py has 0 times: 'c = 3'"]
    assert misfits("a = 1", "") == ["one.py has 2 times: 'a = 1'"]
    assert misfits("b = 2", "b =") == ["one.py, line 3, is no Python any more: 'b ='"]
    assert misfits("b = 2", "b = 3", "test_one.py::test_c") == ["there is no test test_one.py::test_c"]
    assert misfits("b = 2", "b = 3", "test_two.py::test_b") == ["there is no test test_two.py::test_b"]


def test_a_guard_is_taken_out_of_the_copy_only_and_put_back(tmp_path: Path) -> None:
    guard = ALL[0]
    copy = Scratch(tmp_path)
    paths = [Path(one.file) for one in guard.cuts]
    before = [(ROOT / path).read_bytes() for path in paths]
    with copy.without(guard.cuts):
        assert all((tmp_path / path).read_bytes() != text for path, text in zip(paths, before, strict=True))
        assert [(ROOT / path).read_bytes() for path in paths] == before
    assert [(tmp_path / path).read_bytes() for path in paths] == before
    with pytest.raises(ValueError, match="0 times"), copy.without([Cut("bot/log.py", "no such text", "")]):
        pass
