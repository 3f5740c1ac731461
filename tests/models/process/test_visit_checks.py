"""Visits in a process file: what is checked, and what is filled in where the file says nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.process import checks, parse
from models.process.process import Process

SHOP = """
process: shop
title: Мастерская
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: Тишина}
sections: {about: {title: О сделке}}
visits:
  measuring: {title: Замер, day: measure_on, at: visit_at, by: visit_by, takes: 1h, travel: 30m}
  delivery: {title: Доставка, at: delivery_at}
fields:
  name: {title: Имя, type: text, section: about}
  phone: {title: Телефон, type: phone, section: about}
  measure_on: {title: День замера, type: date, section: about}
  visit_at: {title: Час замера, type: datetime, section: about}
  visit_by: {title: Замерщик, type: person, role: measurer, section: about}
  delivery_at: {title: Доставка, type: datetime, section: about}
  fitting: {title: Монтаж, type: booking, role: installer, takes: 4h, travel: 1h, section: about}
pipelines:
  sales:
    title: Продажи
    new: {button: Новая, ask: [name, phone], title: "{name}"}
    stages:
      calc:
        title: Просчёт
        robots:
          - {on: {stuck: 1d}, notify: responsible, text: Ждёт}
      measure:
        title: Замер
        enter: {requires: [measure_on]}
        fields: [delivery_at]
        robots:
          - {on: {stuck: 1d}, notify: responsible, text: Ждёт}
          - {on: {stuck: 2d}, if: {visit: measuring, in: [wished, planned]}, visit: measuring, to: off, why: некому}
          - {on: {visit: measuring, to: off}, notify: responsible, text: Отменён}
      won: {title: Готово, ending: won}
      lost: {title: Отказ, ending: lost, from_any: true}
"""


def read(text: str = SHOP) -> Process:
    found, problems, _ = parse.read(text, "shop.yaml")
    assert found is not None, problems
    return found


def problems_of(text: str) -> list[str]:
    process, problems, lines = parse.read(text, "shop.yaml")
    found = problems if process is None else checks.find_problems(process, "shop.yaml", lines)
    return [str(one) for one in found]


def test_a_sound_file_with_visits_has_no_problems() -> None:
    assert problems_of(SHOP) == []


def test_what_the_file_leaves_out_of_a_visit_is_filled_in() -> None:
    """Its role is that of whoever comes, its place is where one of its fields opens the stage, else where it is asked;
    a field of type booking is a visit of its own name."""
    kinds = read().visit_kinds
    assert set(kinds) == {"measuring", "delivery", "fitting"}
    measuring, delivery, fitting = kinds["measuring"], kinds["delivery"], kinds["fitting"]
    assert (measuring.role, measuring.takes, measuring.travel) == (
        "measurer",
        timedelta(hours=1),
        timedelta(minutes=30),
    )
    assert measuring.places == {("sales", "measure")} == delivery.places
    assert (delivery.role, delivery.takes, delivery.who) == (None, timedelta(hours=2), None)
    assert (fitting.role, fitting.takes, fitting.slot, fitting.places) == (
        "installer", timedelta(hours=4), "fitting", frozenset(),
    )  # fmt: skip


OFF = "visit: measuring, to: off, why: некому"
MISTAKES = [
    ("field of another type", "day: measure_on", "day: name", "`name` is of type text, here it must be date"),
    ("hour that is no moment", "at: delivery_at", "at: measure_on", "here it must be datetime"),
    ("person that is none", "by: visit_by", "by: phone", "here it must be person"),
    ("field that nothing bears", "at: delivery_at", "at: deliver_at", "`deliver_at` is no field"),
    ("field of two visits", "at: delivery_at", "at: visit_at", "is a view of the visit `measuring` already"),
    ("nothing says when", "Доставка, at: delivery_at}", "Доставка}", "needs a field that says when"),
    ("a day without an hour", "day: measure_on, at: visit_at, by", "day: measure_on, by", "has an `at` too"),
    ("a length that is no half hour", "takes: 1h", "takes: 45m", "whole half hours"),
    ("a flag that is a field", "travel: 30m}", "travel: 30m, was: {name: held}}", "`name` is a field that exists"),
    ("a stage that nothing bears", "travel: 30m}", "travel: 30m, from: measur}", "`measur`"),
    ("an unknown visit", OFF, "visit: measurin, to: off", "`measurin` is no visit"),
    ("an unknown state", "in: [wished, planned]", "in: [wished, gone]", "gone"),
    ("a confirmation by nobody", OFF, "visit: delivery, to: confirmed", "nobody can confirm"),
    ("a reason for what is not off", OFF, "visit: measuring, to: held, why: некому", "leave it out here"),
    ("a state that never comes", "{visit: measuring, to: off}", "{visit: measuring, to: under_way}", "never fire"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_planted_mistake_is_named(old: str, new: str, says: str) -> None:
    assert SHOP.count(old) == 1, old
    said = problems_of(SHOP.replace(old, new))
    assert any(says in one for one in said), said
