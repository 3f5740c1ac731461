"""A task that only asks for fields closes by itself once they are known, wherever they were filled in (F-E2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_shop import build, deal_at, moment, of_kind

from models.engine import effects as e
from models.engine import moves

SHOP = build(
    """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    contract:
      title: Договор
      tasks:
        plain:
          title: Узнать вид и сумму
          due: {after: 1d}
          checklist: [{title: Вид, fill: kind}, {title: Сумма, fill: total}]
        told:
          title: Узнать вид и сумму, можно и заметку
          due: {after: 1d}
          checklist: [{title: Вид, fill: [kind, total]}, {title: Заметка, fill: note, optional: true}]
        printed:
          title: Узнать вид и сумму для договора
          due: {after: 1d}
          checklist: [{title: Сделать договор, fill: [kind, total], paper: contract}]
        called:
          title: Позвонить и узнать
          due: {after: 1d}
          checklist: [{title: Позвонить}, {title: Вид и сумма, fill: [kind, total]}]
        chosen:
          title: Узнать и выбрать
          due: {after: 1d}
          checklist: [{title: Вид и сумма, fill: [kind, total]}]
          outcomes: {yes: {title: Да}, no: {title: Нет}}
        asked:
          title: Узнать и спросить ещё
          due: {after: 1d}
          checklist: [{title: Вид и сумма, fill: [kind, total]}]
          outcomes: {done: {title: Готово, ask: paid}}
        guarded:
          title: Узнать, если оплачено
          due: {after: 1d}
          checklist: [{title: Вид и сумма, fill: [kind, total]}]
          outcomes: {done: {title: Готово, if: {filled: paid}}}
    lost: {title: Отказ, ending: lost, from_any: true}
""",
    checked=False,  # a paper that the process does not have, a task that nobody can close
)
KNOWN = {"kind": "corner", "note": "Просила перезвонить"}


def closed(task: str, *, by_hand: bool = False, outcome: str | None = None, **values: object) -> list[e.TaskClosed]:
    """What closes by itself when these are filled in; the kind and a note are known before."""
    hands = frozenset({task}) if by_hand else frozenset[str]()
    deal = replace(deal_at("order.contract", **KNOWN), tasks={task: outcome}, by_hand=hands)
    return of_kind(e.TaskClosed, moves.plan_fields(SHOP, deal, values, moment()))


def test_the_last_answer_closes_it() -> None:
    assert closed("plain", total=5) == [e.TaskClosed("plain", "done")]


def test_while_an_answer_is_missing_it_stays_open() -> None:
    assert closed("plain", kind="straight") == []


def test_what_it_does_not_ask_for_does_not_close_it() -> None:
    """Its fields were known when it was given: it was given all the same, and a person looks at it."""
    deal = replace(deal_at("order.contract", kind="corner", total=5), tasks={"plain": None})
    assert of_kind(e.TaskClosed, moves.plan_fields(SHOP, deal, {"name": "Мария"}, moment())) == []


def test_what_is_closed_already_does_not_close_again() -> None:
    assert closed("plain", outcome="done", total=5) == []


@pytest.mark.parametrize("task", ["told", "printed", "called", "chosen", "asked", "guarded"])
def test_what_a_person_has_to_choose_do_or_pass_over_is_closed_by_a_person(task: str) -> None:
    assert closed(task, total=5) == []


def test_a_checklist_to_which_the_owner_has_added_a_line_to_tick_is_closed_by_a_person_K5() -> None:
    assert closed("plain", by_hand=True, total=5) == []
