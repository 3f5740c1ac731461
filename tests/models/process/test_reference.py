"""The language told to others: the schema for editors and the page for people are what the models say, now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from models.process import parse
from models.process.actions import ACTIONS
from models.process.conditions import CONDITIONS
from models.process.reference import json_schema, language_page
from models.process.triggers import TRIGGERS
from models.process.vocabulary import Vocabulary

ROOT = Path(__file__).parents[3]
PROCESSES = sorted((ROOT / "processes").glob("*.yaml"))
SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")
VALIDATOR = Draft202012Validator(json_schema.schema())
LINK = re.compile(r"\]\(#([^)]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
STRUCTURE = {"properties", "additionalProperties", "items", "anyOf", "oneOf"}  # of a schema, not of the language
REQUIREMENT = re.compile(r"\b[A-Z]-[A-Z]?\d+\b")

# (what is planted, the text of the sound file, the mistake in its place)
MISTAKES = [
    ("unknown key of the file", "title: Мастерская", "title: Мастерская\ncolour: red"),
    ("unknown key of a field", "type: money, section", "type: money, colour: red, section"),
    ("unknown type of field", "type: yes_no", "type: maybe"),
    ("unknown action", "move: won", "shift: won"),
    ("unknown trigger", "{filled: kind}, if", "{fulfilled: kind}, if"),
    ("unknown condition", "if: {is: {kind: corner}}", "if: {was: {kind: corner}}"),
    ("unknown due rule", "due: {after: 1d}", "due: {soon: 1d}"),
    ("no due rule", "due: {after: 1d}", "due: {}"),
    ("due both before and after", "before: 1d}", "before: 1d, after: 1d}"),
    ("duration without a unit", "stuck: 1d", "stuck: 24"),
    ("duration of nothing", "stuck: 1d", "stuck: 0d"),
    ("clock time of no day", "10:00", "25:00"),
    ("name with a capital", "making:", "Making:"),
    ("name too long", "making:", "m23456789012345678901:"),
    ("role nobody has", "role: installer", "role: boss"),
    ("empty title", "title: Позвонить", "title: ''"),
    ("before, but by how much", "by: 1d, ", ""),
    ("snooze that does something", "snooze: 1d}", "snooze: 1d, do: [{give: call}]}"),
    ("stage without a title", "title: Хороший", "hint: Хороший"),
    ("no pipelines", SHOP[SHOP.index("pipelines:") :], "pipelines: {}"),
]


def refusals(text: str) -> list[str]:
    """What an editor would underline."""
    return [error.message for error in VALIDATOR.iter_errors(YAML(typ="safe").load(text))]


# --- the schema -----------------------------------------------------------------------------------------------


def test_the_schema_beside_the_processes_is_what_the_models_say() -> None:
    """`make docs` writes it."""
    assert (ROOT / "processes" / "process.schema.json").read_text("utf-8") == json_schema.text()


def test_the_schema_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(json_schema.schema())


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_process_keeps_to_the_schema(path: Path) -> None:
    assert refusals(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_an_editor_finds_the_schema_by_the_first_line_of_a_process(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=process.schema.json"
    assert (path.parent / first.partition("$schema=")[2]).exists()


def test_a_sound_process_keeps_to_the_schema() -> None:
    assert refusals(SHOP) == []


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_an_editor_sees_what_the_models_refuse(before: str, after: str) -> None:
    assert before in SHOP
    text = SHOP.replace(before, after)
    assert parse.read(text, "shop.yaml")[0] is None
    assert refusals(text)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=30), "30m"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=3), "3d"),
        (timedelta(days=14), "2w"),
        (timedelta(), None),
    ],
)
def test_a_duration_is_spelled_as_a_file_writes_it(span: timedelta, said: str | None) -> None:
    assert json_schema.spelled(span) == said


def unmarked(node: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every place of the schema where a text may stand of which nothing says what it is."""
    if isinstance(node, list):
        for one in node:
            yield from unmarked(one, path)
    elif isinstance(node, dict):
        if node.get("type") == "string" and not node.keys() & {"title", "enum", "const"}:
            yield ".".join(path)
        for key, one in node.items():
            inside = "title" in node and key in ("anyOf", "oneOf")  # what the choice is has been said
            yield from () if inside else unmarked(one, (*path, key) if key not in STRUCTURE else path)


def test_every_text_of_the_language_says_what_it_is() -> None:
    """Or no check would look at its placeholders, nor at the names in it, and nobody would translate it."""
    neither_shown_nor_named = ["PaperDefinition.number"]
    assert list(unmarked(json_schema.schema()["$defs"])) == neither_shown_nor_named


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_of_the_language_is_what_the_models_say() -> None:
    """`make docs` writes it."""
    assert (ROOT / "docs" / "process-language.md").read_text("utf-8") == language_page.markdown()


@pytest.mark.parametrize("vocabulary", [ACTIONS, CONDITIONS, TRIGGERS], ids=lambda one: one.kind)
def test_every_word_has_its_heading_on_the_page(vocabulary: Vocabulary[Any]) -> None:
    chapter = language_page.markdown().partition(f"\n## {vocabulary.kind.capitalize()}s\n")[2].partition("\n## ")[0]
    told = [word for heading in HEADING.findall(chapter) for word in re.findall(r"`(\w+)`", heading)]
    assert sorted(told) == sorted(vocabulary.allowed)


def test_every_link_of_the_page_leads_to_one_of_its_headings() -> None:
    page = language_page.markdown()
    anchors = {language_page.anchor(heading) for heading in HEADING.findall(page)}
    assert set(LINK.findall(page)) <= anchors


@pytest.mark.parametrize("told", [json_schema.text, language_page.markdown], ids=["schema", "page"])
def test_nothing_told_cites_a_requirement_by_its_number(told: Callable[[], str]) -> None:
    assert REQUIREMENT.findall(told()) == []
