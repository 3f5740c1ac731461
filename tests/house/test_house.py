"""The house keeps its shape: what `make house` measures, what the documents say of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import pytest

from bot import features
from tests.house import measures, source
from tests.house.__main__ import ASKED
from tests.house.source import ROOT

ROW = re.compile(r"\b([CKM]-[0-9]{1,2}|F-[LODRECS][0-9])\b")
PROMISE = re.compile(r"\b[Pp]romise ([0-9]+)\b")
DOCUMENTS = ("GLOSSARY.md", "docs/architecture.md", "docs/how-to-add.md", "DECISIONS.md", "README.md")
TOPS = (*source.LAYERS, "tests", "processes", "docs")
CITING = (*source.LAYERS, "tests", "processes")


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def cited(what: re.Pattern[str]) -> set[str]:
    """Everything of a kind that code, tests and process files cite."""
    files = (
        path for folder in CITING for ending in ("py", "yaml", "typ") for path in (ROOT / folder).rglob(f"*.{ending}")
    )
    return {found for path in files for found in what.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("measure", ASKED.values(), ids=ASKED.keys())
def test_the_house_is_what_it_should_be(measure: Callable[[], list[str]]) -> None:
    assert measure() == []


def test_no_part_is_missing() -> None:
    assert features.missing() == []


def test_every_cited_row_stands_among_the_requirements() -> None:
    assert cited(ROW) <= set(re.findall(r"^\| ([A-Z]-[A-Z]?[0-9]+) \|", text_of("docs/requirements.md"), re.MULTILINE))


def test_every_cited_promise_stands_among_the_promises() -> None:
    assert cited(PROMISE) <= set(re.findall(r"^([0-9]+)\. \*\*", text_of("docs/promises.md"), re.MULTILINE))


@pytest.mark.parametrize(
    "document", ["GLOSSARY.md", "docs/architecture.md", "docs/how-to-add.md", "DECISIONS.md", "README.md"]
)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    named = re.findall(rf"`((?:{'|'.join(TOPS)})/[a-z_0-9/]*(?:\.(?:py|yaml|md|txt))?)`", text_of(document))
    examples = ("email", "/reports/test_")
    lost = [path for path in named if not (ROOT / path).exists() and not any(word in path for word in examples)]
    assert lost == []


def test_every_name_of_the_glossary_is_one_of_the_code() -> None:
    known = {
        node.name
        for module in source.modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    known |= {word for module in source.modules().values() for word in re.findall(r"\b[A-Z]\w+\b", module.text)}
    rows = [line.split("|") for line in text_of("GLOSSARY.md").splitlines() if line.startswith("| ")]
    names = {word for row in rows for word in re.findall(r"`([A-Z][A-Za-z]+)\b", row[2])}
    assert names - known == set()


def test_a_circle_of_files_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measures can fail: two files that import one another are told of."""
    one, other = "services.claims", "services.payments"
    really = source.imports_of
    planted = {one: {other}, other: {one}}
    monkeypatch.setattr(source, "imports_of", lambda module: really(module) | planted.get(module.name, set()))
    assert measures.circles() != []
