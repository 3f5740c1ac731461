"""How the code logs a caught exception: described, or as `exc_info`, and never by its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.house.source import LAYERS, ROOT

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
SAFE = ("describe", "type")  # log.describe(error), type(error).__name__
PLAIN = ("word", "problem")  # of UnknownKind: the names of kinds and keys


@cache
def logging_files() -> dict[str, str]:
    """The files of the product that know the log, by their paths from the root."""
    files = (path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
    texts = ((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in files)
    return {path: text for path, text in texts if "log" in text}


@cache
def trees() -> dict[str, ast.Module]:
    """Those of them that write lines."""
    return {path: ast.parse(text) for path, text in logging_files().items() if "logger." in text or "log.get(" in text}


def texts_in_calls(tree: ast.AST) -> Iterator[int]:
    """The lines in which a logger is given a caught exception as it is, or something made of its text."""
    for caught in ast.walk(tree):
        if not isinstance(caught, ast.ExceptHandler) or caught.name is None:
            continue
        for call in ast.walk(caught):
            if _is_log(call) and any(_tells(part, caught.name) for part in _parts(call)):
                yield call.lineno


def _is_log(node: ast.AST) -> bool:
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS
    return is_method and "log" in ast.unparse(node.func.value).lower()


def _parts(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords if one.arg != "exc_info")]


def _tells(part: ast.expr, name: str) -> bool:
    if isinstance(part, ast.Call) and ast.unparse(part.func).rpartition(".")[2] in (*SAFE, "verdict", "_story"):
        return False
    if isinstance(part, ast.Attribute) and part.attr in PLAIN:
        return False
    if isinstance(part, ast.Name):
        return part.id == name
    return any(_tells(one, name) for one in ast.iter_child_nodes(part) if isinstance(one, ast.expr)) or any(
        _tells(one.value, name) for one in ast.iter_child_nodes(part) if isinstance(one, ast.keyword)
    )


def test_no_line_of_ours_tells_the_text_of_an_exception() -> None:
    found = [f"{path}:{line}" for path, tree in trees().items() for line in texts_in_calls(tree)]
    assert len(trees()) > 40
    assert found == []


def test_no_line_of_ours_is_put_together() -> None:
    """What is told beside the constant stands in a field of its own, where it is cut."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if _is_log(node) and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


@pytest.mark.parametrize(
    "call",
    [
        'logger.error("failed", failure=str(error))',
        'logger.error("failed", failure=error)',
        'logger.error("failed", failure=error.message)',
        'logger.error(f"failed: {error}")',
        'log.get("x").warning("failed", one=[repr(error)])',
    ],
)
def test_such_a_line_would_be_seen(call: str) -> None:
    tree = ast.parse(f"try:\n    pass\nexcept Exception as error:\n    {call}\n")
    assert list(texts_in_calls(tree)) == [4]


def test_a_line_that_describes_passes() -> None:
    call = 'logger.error("failed", failure=log.describe(error), kind=type(error).__name__, exc_info=error)'
    assert list(texts_in_calls(ast.parse(f"try:\n    pass\nexcept Exception as error:\n    {call}\n"))) == []


def test_the_log_is_in_one_place() -> None:
    """Nothing of the product prints to stderr or asks for a logger past `bot.log`; the command line aside."""
    asking = [path for path, text in logging_files().items() if "logging.getLogger" in text]
    printing = [path for path, text in logging_files().items() if "print_exc" in text or "format_exc" in text]
    assert (asking, printing) == (["bot/log.py"], [])
