"""The file's own strictness: what the language does not know is refused, with line, allowed words, nearest spelling."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from models.process import parse
from models.process.actions import PutValues
from models.process.conditions import Is

SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")


def refused(old: str, new: str) -> list[tuple[int, str]]:
    assert old in SHOP
    process, problems, _ = parse.read(SHOP.replace(old, new, 1), "shop.yaml")
    assert (process is None) == bool(problems)
    return [(problem.line, problem.reason) for problem in problems]


def line_of(text: str) -> int:
    return next(number for number, row in enumerate(SHOP.splitlines(), 1) if text in row)


def test_a_sound_file_is_read() -> None:
    process, problems, _ = parse.read(SHOP, "shop.yaml")
    assert problems == []
    assert process is not None and process.process == "shop"


def test_a_key_that_stands_twice_is_refused() -> None:
    assert refused("  note: {", "  name: {title: Ещё, type: text}\n  note: {") == [
        (line_of("  note: {"), "the key `name` stands twice")
    ]


def test_an_unknown_key_is_refused_with_the_allowed_ones_and_the_nearest() -> None:
    [(line, reason)] = refused("        next: [good]", "        nxt: [good]")
    assert line == line_of("next: [good]")
    assert reason.startswith("pipelines.leads.stages.fresh.nxt: unknown key `nxt`; allowed: ending, enter, fields")
    assert reason.endswith("did you mean `next`?")


def test_an_unknown_type_of_field_is_refused_with_the_allowed_ones_and_the_nearest() -> None:
    [(line, reason)] = refused("type: yes_no", "type: yesno")
    assert line == line_of("type: yes_no")
    assert "`yesno` is not known here; allowed: text, money" in reason
    assert reason.endswith("did you mean `yes_no`?")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on: {stuck: 1d}", "on: {stuk: 1d}", "no such trigger; allowed: enter, stuck"),
        ("on: {stuck: 1d}", "on: {stuk: 1d}", "did you mean `stuck`?"),
        ("on: enter, give: call", "on: entr, give: call", "did you mean `enter`?"),
        ("notify: master", "notfy: master", "no such action; allowed: notify"),
        ("if: {is: {kind: corner}}", "if: {iss: {kind: corner}}", "no such condition; allowed: all, any, not, is"),
        ("due: {after: 1d}", "due: {aftr: 1d}", "no such due rule; allowed: after, on, half_month"),
        ("due: {after: 1d}", "due: {}", "tasks.call.due: `{}`: no such due rule; allowed: after, on, half_month"),
        ("on: {stuck: 1d}", "on: {}", "`{}`: no such trigger; allowed: enter, stuck"),
        ("if: {is: {kind: corner}}", "if: {}", "`{}`: no such condition; allowed: all, any, not, is"),
        ("stuck: 1d", "stuck: 1 day", "a duration is a number and a unit: 30m, 2h, 3d, 1w"),
        ("stuck: 1d", "stuck: 0d", "a duration is a number and a unit"),
        ('clock: "10:00"', 'clock: "25:00"', "a clock time is HH:MM"),
        ("escalate: supervisor", "escalate: superviser", "did you mean `supervisor`?"),
        ("  note: {", "  Note: {", "of a–z, 0–9 and _, and begins with a letter"),
        ("title: Мастерская", "title: ''", "at least 1 character"),
    ],
)
def test_a_word_that_the_language_does_not_know_is_refused(old: str, new: str, said: str) -> None:
    found = refused(old, new)
    assert [line for line, _ in found] == [line_of(old)], found
    assert said in found[0][1]


def test_a_missing_key_is_named() -> None:
    assert refused("silence: {every: 7d, escalate: supervisor, text: Тишина}\n", "") == [(1, "`silence` is missing")]


def test_no_and_on_stay_text() -> None:
    text = SHOP.replace("title: Мастерская", "title: no").replace("text: Подписано", "text: on")
    process, problems, _ = parse.read(text, "shop.yaml")
    assert problems == []
    assert process is not None and process.title == "no"
    assert process.stage("order", "contract").robots[1].do[0].text == "on"  # type: ignore[union-attr]


def test_one_in_the_file_is_the_number_one_and_not_true() -> None:
    is_one = Is.model_validate({"is": {"count": 1}})
    assert is_one.value == Decimal(1) and not isinstance(is_one.value, bool)
    put = PutValues.model_validate({"put": {"count": 0, "urgent": True}}).put
    assert put == {"count": Decimal(0), "urgent": True}
    assert not isinstance(put["count"], bool)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("process: shop\nfields: {name: [\n", 3),
        ("process: shop\n  title: x\n", 2),
        ("process: 'shop\n", 2),
        ("a: *b\n", 1),
    ],
    ids=["an open bracket", "a wrong indent", "an open quote", "an alias of nothing"],
)
def test_what_is_not_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    process, problems, _ = parse.read(text, "shop.yaml")
    assert process is None
    assert [(problem.file, problem.line) for problem in problems] == [("shop.yaml", line)]
    assert problems[0].reason


@pytest.mark.parametrize("text", ["", "- process\n", "process\n"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    process, problems, _ = parse.read(text, "shop.yaml")
    assert process is None
    assert "a process file is a mapping" in problems[0].reason


def test_every_mistake_of_a_file_is_told_at_once_in_the_order_of_its_lines() -> None:
    text = SHOP.replace("type: yes_no", "type: yesno").replace("due: {after: 1d}", "due: {after: 1x}")
    _, problems, _ = parse.read(text, "shop.yaml")
    assert [problem.line for problem in problems] == [line_of("type: yes_no"), line_of("due: {after: 1d}")]


def test_a_problem_reads_as_file_line_reason() -> None:
    assert str(parse.Problem("shop.yaml", 3, "no")) == "shop.yaml:3: no"
