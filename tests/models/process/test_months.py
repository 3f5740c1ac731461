"""Months as stages: made by themselves, numbered for buttons, and never left behind by an edit (M-17)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.process import months
from services import processes
from tests.models.engine.engine_shop import build

LATER = """
sales:
  title: Продажи
  new: {button: Новая продажа, ask: [name, phone], title: "{name}"}
  stages:
    calc:
      title: Просчёт
      robots: [{on: {tap: Отложить, ask: [ready_on]}, carry: later}, {on: {stuck: 1d}, notify: responsible, text: Ждёт}]
    won: {title: Успешна, ending: won}
    lost: {title: Проиграна, ending: lost, from_any: true}
later:
  title: Отложенный спрос
  kind: deferred
  monthly: ready_on
  stages:
    month:
      title: Отложенный спрос
      fields: [ready_on]
      robots: [{on: {stuck: 1d}, notify: responsible, text: Ждёт}]
      next: []
    lost: {title: Проиграна, ending: lost, from_any: true}
"""


@pytest.mark.parametrize(
    ("day", "stage", "title"),
    [
        (date(2027, 1, 1), "m202701", "Январь 2027"),
        (date(2026, 12, 31), "m202612", "Декабрь 2026"),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), "m202802", "Февраль 2028"),
    ],
)
def test_a_day_belongs_to_the_stage_of_its_month(day: date, stage: str, title: str) -> None:
    assert months.stage_of(day) == stage
    assert months.title_of(stage) == title
    assert months.of_number(months.number_of(stage)) == stage
    first = months.first_of(title)
    assert first == date(day.year, day.month, 1)


@pytest.mark.parametrize("stage", ["month", "m2027", "m202700", "m202713", "m20270", "xm202701", "m202701x", ""])
def test_what_is_no_month_is_none(stage: str) -> None:
    assert not months.is_month(stage)
    with pytest.raises(ValueError, match="no month"):
        months.title_of(stage)
    with pytest.raises(ValueError, match="no month"):
        months.number_of(stage)


@pytest.mark.parametrize("title", ["Продажи", "Январь", "Январь 27", "Январь 20270", "январь 2027", "Мартобрь 2027"])
def test_other_titles_name_no_month(title: str) -> None:
    assert months.first_of(title) is None


def test_two_years_lie_ahead_beginning_with_this_month() -> None:
    found = list(months.ahead(date(2026, 11, 23)))
    assert (found[0], found[2], found[-1], len(found)) == ("m202611", "m202701", "m202810", 24)
    assert found == sorted(found)


def test_every_month_is_a_stage_made_after_the_one_that_the_file_describes() -> None:
    process = build(LATER)
    stage = process.stage("later", "m202701")
    assert stage.title == "Январь 2027"
    assert stage.fields == process.stage("later", "month").fields
    assert process.stage("later", "m202701") is stage  # made once
    assert process.find_stage("sales", "m202701") is None  # only where months are kept
    assert process.find_stage("later", "m202713") is None


def test_rules_and_ways_of_a_month_are_those_that_the_file_describes() -> None:
    process = build(LATER)
    assert process.rules_of("later", "m203012") == process.rules_of("later", "month") != ()
    assert process.ways("later", "m203012") == process.ways("later", "month") != ()


def test_a_stage_has_a_number_for_buttons_and_the_number_leads_back() -> None:
    process = build(LATER)
    for stage in ("month", "lost", "m202612", "m202701"):
        assert process.at_place("later", process.place_of("later", stage)) == stage
    assert process.at_place("sales", months.number_of("m202701")) is None
    assert process.at_place("later", 10**9) is None
    assert process.at_place("later", -1) is None


def test_deals_on_months_are_not_stranded_until_the_file_keeps_no_months() -> None:
    standing = [("shop", "later", "m202701", 3), ("shop", "later", "m202912", 1)]
    assert processes.find_stranded({"shop": build(LATER)}, standing) == []
    plain = build(LATER.replace("  monthly: ready_on\n", ""))
    found = processes.find_stranded({"shop": plain}, standing)
    assert len(found) == 2
    assert "3 deals stand on `later.m202701`" in found[0]
