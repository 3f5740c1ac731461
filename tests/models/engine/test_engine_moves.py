"""Moves: the guard's every reason, ways on, ways back, and what a move brings along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine_shop import NOW, build, codes, deal_at, later, moment, planned, refused
from pydantic import TypeAdapter

from models.engine import effects as e
from models.engine import guards, moves, transitions
from models.engine.effects import CloseTask, Fill
from models.process.conditions import AllOf, Condition

ORDER = build(
    """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    contract:
      title: Договор
      tasks: {sign: {title: Подписать, due: {after: 2d}}}
      leave:
        requires: [total, {field: note, if: {is: {kind: corner}}}]
        tasks: sign
        if: {at_least: {paid: 100}, why: Сначала предоплата}
      next: [making, {to: won, if: {is: {urgent: true}, why: Сразу — только срочные}}]
    making:
      title: Производство
      enter: {requires: [ready_on]}
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Стоит}
    checking:
      title: Проверка
      one_way: true
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Стоит}
    paying:
      title: Оплата
      enter: {if: {known: paid_in_full, why: Остаток не оплачен}}
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Стоит}
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true, enter: {requires: note}}
"""
)
READY = {"total": Decimal(500), "paid": Decimal(100), "ready_on": date(2026, 4, 1)}


def signed(**fields: object) -> e.Plan | e.Refusal:
    deal = replace(deal_at("order.contract", **fields), tasks={"sign": "done"})
    return moves.plan_move(ORDER, deal, "making", moment())


def test_a_move_changes_the_stage_first_and_sets_the_timers_of_the_new_one() -> None:
    changed, *rest = planned(signed(**READY))
    assert changed == e.StageChanged("order", "contract", "order", "making", "open")
    assert [(t.rule, t.due_at) for t in rest if isinstance(t, e.TimerSet)] == [
        ("order.making.stuck1440.notify", later(days=1)),
        ("silence", later(days=7)),
    ]


def test_a_refusal_lists_every_reason_with_its_cure() -> None:
    found = refused(moves.plan_move(ORDER, deal_at("order.contract", paid=Decimal(50)), "making", moment()))
    assert [(reason.code, dict(reason.data), reason.why, reason.cure) for reason in found.reasons] == [
        ("missing", {"field": "total"}, None, Fill(("total",))),
        ("task_open", {"task": "sign"}, None, CloseTask("sign")),
        ("at_least", {"field": "paid", "limit": Decimal(100)}, "Сначала предоплата", Fill(("paid",))),
        ("missing", {"field": "ready_on"}, None, Fill(("ready_on",))),
    ]
    assert found.missing == ("total", "ready_on")
    assert not found.only_missing


def test_a_refusal_that_only_misses_fields_says_so() -> None:
    found = refused(signed(total=Decimal(500)))
    assert found.only_missing
    assert found.missing == ("paid", "ready_on")


def test_a_condition_on_an_unknown_field_counts_as_missing_and_names_its_rule_once_it_is_known() -> None:
    assert refused(signed(**{**READY, "paid": None})).only_missing
    [reason] = refused(signed(**{**READY, "paid": Decimal(1)})).reasons
    assert (reason.code, reason.why) == ("at_least", "Сначала предоплата")


def test_a_requirement_under_a_condition_is_asked_only_where_the_condition_holds() -> None:
    assert codes(signed(**READY, kind="corner")) == [("missing", "note")]
    assert planned(signed(**READY, kind="straight"))
    assert planned(signed(**READY))


def test_a_way_under_a_condition_is_shut_with_its_sentence() -> None:
    ready = replace(deal_at("order.contract", **READY, urgent=False), tasks={"sign": "done"})
    [reason] = refused(moves.plan_move(ORDER, ready, "won", moment())).reasons
    assert (reason.code, reason.why) == ("is", "Сразу — только срочные")
    assert planned(moves.plan_move(ORDER, ready.with_fields({"urgent": True}), "won", moment()))


def test_a_reason_that_two_doors_share_is_told_once() -> None:
    deal = deal_at("order.contract", kind="corner")
    assert codes(moves.plan_move(ORDER, deal, "making", moment())).count(("missing", "total")) == 1


def test_losing_a_deal_asks_for_the_door_of_the_ending_and_not_for_what_the_stage_still_needs() -> None:
    assert codes(moves.plan_move(ORDER, deal_at("order.contract"), "lost", moment())) == [("missing", "note")]


def test_there_is_no_move_to_the_same_stage_to_no_stage_and_where_no_way_leads() -> None:
    deal = deal_at("order.contract")
    assert codes(moves.plan_move(ORDER, deal, "contract", moment())) == [("already_here", "contract")]
    assert codes(moves.plan_move(ORDER, deal, "nowhere", moment())) == [("no_stage", "nowhere")]
    assert codes(moves.plan_move(ORDER, deal, "paying", moment())) == [("no_way", "paying")]


def test_a_deal_goes_back_without_the_leave_gate_but_through_the_enter_gate() -> None:
    assert planned(moves.plan_move(ORDER, deal_at("order.making"), "contract", moment()))
    lost = deal_at("order.lost", NOW, "making")
    assert codes(moves.plan_move(ORDER, lost, "making", moment())) == [("missing", "ready_on")]
    assert codes(moves.plan_move(ORDER, deal_at("order.checking"), "making", moment()))[0] == ("one_way", "making")


def test_a_one_way_stage_shuts_every_way_back_behind_it() -> None:
    found = refused(moves.plan_move(ORDER, deal_at("order.paying"), "contract", moment()))
    assert [(reason.code, reason.data["behind"]) for reason in found.reasons] == [("one_way", "checking")]
    assert planned(moves.plan_move(ORDER, deal_at("order.paying"), "checking", moment()))


def test_a_fact_has_no_field_to_fill_and_gives_its_sentence() -> None:
    [reason] = refused(moves.plan_move(ORDER, deal_at("order.checking"), "paying", moment())).reasons
    assert (reason.code, reason.data["fact"], reason.why, reason.cure) == (
        "known",
        "paid_in_full",
        "Остаток не оплачен",
        None,
    )
    paid = replace(deal_at("order.checking"), facts=frozenset({"paid_in_full"}))
    assert planned(moves.plan_move(ORDER, paid, "paying", moment()))


def test_a_lost_deal_goes_back_to_where_it_came_from_or_before_and_a_won_one_nowhere() -> None:
    lost = deal_at("order.lost", NOW, "making", ready_on=date(2026, 4, 1))
    assert [option.stage for option in transitions.options(ORDER, lost, moment())] == ["making", "contract"]
    assert planned(moves.plan_move(ORDER, lost, "making", moment()))
    won = deal_at("order.won", NOW, "paying")
    assert transitions.options(ORDER, won, moment()) == ()
    assert codes(moves.plan_move(ORDER, won, "paying", moment())) == [("no_way", "paying")]


def test_a_lost_deal_does_not_come_back_behind_a_one_way_stage() -> None:
    lost = deal_at("order.lost", NOW, "paying")
    assert codes(moves.plan_move(ORDER, lost, "contract", moment())) == [("one_way", "contract")]


def test_the_stage_menu_shows_ways_on_then_endings_then_ways_back_with_what_blocks_each() -> None:
    menu = transitions.options(ORDER, deal_at("order.checking", note="нет"), moment())
    assert [(option.stage, option.direction, len(option.reasons)) for option in menu] == [
        ("paying", "on", 1),
        ("lost", "ending", 0),
        ("making", "back", 1),
        ("contract", "back", 1),
    ]


def test_the_way_on_without_next_leads_to_the_following_stage() -> None:
    assert [way.to for way in ORDER.ways("order", "making")] == ["checking", "lost"]
    assert [way.to for way in ORDER.ways("order", "paying")] == ["won", "lost"]
    assert ORDER.ways("order", "won") == ()


def test_a_won_ending_that_stands_earlier_in_the_file_still_asks_what_the_stage_needs() -> None:
    process = build(
        """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    first: {title: Начало, next: [work, won], tasks: {call: {title: Позвонить, due: {after: 1d}}}}
    won: {title: Успех, ending: won}
    work:
      title: Работа
      leave: {requires: total}
      next: won
      tasks: {do: {title: Сделать, due: {after: 1d}}}
    lost: {title: Отказ, ending: lost, from_any: true}
"""
    )
    assert codes(moves.plan_move(process, deal_at("order.work"), "won", moment())) == [("missing", "total")]


def test_a_move_to_another_pipeline_leaves_no_way_back_to_a_stage_of_the_same_name() -> None:
    assert deal_at("design.contract").at("contract", NOW, "order").came_from is None
    assert deal_at("order.contract").at("making", NOW).came_from == "contract"


# --- conditions -------------------------------------------------------------------------------------------------


def condition(**said: object) -> Condition:
    adapter: TypeAdapter[Condition] = TypeAdapter(Condition)
    return adapter.validate_python(said)


@pytest.mark.parametrize(
    ("said", "fields", "holds"),
    [
        ({"is": {"urgent": True}}, {"urgent": True}, True),
        ({"is": {"urgent": False}}, {}, False),
        ({"is": {"total": 1}}, {"total": Decimal("1.00")}, True),
        ({"is": {"total": 1}}, {"total": Decimal(2)}, False),
        ({"is": {"kind": "corner"}}, {"kind": "corner"}, True),
        ({"in": {"kind": ["corner", "round"]}}, {"kind": "round"}, True),
        ({"in": {"kind": ["corner", "round"]}}, {"kind": "straight"}, False),
        ({"has": {"create": "deal"}}, {"create": ("contact", "deal")}, True),
        ({"has": {"create": "deal"}}, {}, False),
        ({"filled": "urgent"}, {"urgent": False}, True),
        ({"filled": "note"}, {"note": ""}, False),
        ({"empty": "create"}, {"create": ()}, True),
        ({"at_least": {"paid": "total"}}, {"paid": Decimal(5), "total": Decimal(5)}, True),
        ({"at_least": {"paid": "total"}}, {"paid": Decimal(5)}, False),
        ({"at_most": {"paid": 5}}, {"paid": Decimal("5.01")}, False),
        ({"not": {"is": {"urgent": True}}}, {}, True),
        ({"all": [{"filled": "note"}, {"empty": "kind"}]}, {"note": "x"}, True),
        ({"any": [{"filled": "note"}, {"empty": "kind"}]}, {"kind": "corner"}, False),
    ],
)
def test_a_condition_holds_or_not(said: dict[str, object], fields: dict[str, object], holds: bool) -> None:
    assert guards.holds(condition(**said), deal_at("order.contract", NOW, None, **fields), moment()) is holds


@pytest.mark.parametrize(("days", "holds"), [(3, False), (4, True), (32, True), (33, False), (-1, False)])
def test_days_until_counts_calendar_days_and_both_limits(days: int, holds: bool) -> None:
    """M-3: for more than 3 days ahead, and not for more than 32."""
    until = condition(days_until="ready_on", more_than=3, at_most=32)
    deal = deal_at("order.contract", ready_on=NOW.date() + timedelta(days=days))
    assert guards.holds(until, deal, moment()) is holds


def test_a_task_is_done_with_any_outcome_or_with_the_one_that_is_named() -> None:
    deal = replace(deal_at("order.contract"), tasks={"sign": "claim", "call": None})
    assert guards.holds(condition(done="sign"), deal, moment())
    assert not guards.holds(condition(done="sign", outcome="done"), deal, moment())
    assert not guards.holds(condition(done="call"), deal, moment())


def reasons_of(said: dict[str, object], **fields: object) -> list[tuple[str, object]]:
    found = guards.reasons([condition(**said)], deal_at("order.contract", NOW, None, **fields), moment())
    return [(reason.code, reason.data.get("field")) for reason in found]


def test_all_gives_the_reason_of_each_part_that_fails() -> None:
    both = {"all": [{"filled": "note"}, {"is": {"urgent": True}}, {"empty": "kind"}]}
    assert isinstance(condition(**both), AllOf)
    assert reasons_of(both, urgent=False) == [("missing", "note"), ("is", "urgent")]


def test_what_must_stay_empty_is_never_asked_for() -> None:
    both = {"all": [{"filled": "note"}, {"empty": "kind"}], "why": "Вид ещё не выбран"}
    assert reasons_of(both) == [("missing", "note")]
    assert reasons_of({"not": {"any": [{"filled": "kind"}, {"empty": "note"}]}}) == [("missing", "note")]
    assert reasons_of({"not": {"filled": "kind"}}, kind="corner") == [("condition", None)]


def test_any_asks_for_the_first_part_that_can_still_be_answered() -> None:
    either = {"any": [{"is": {"urgent": True}}, {"known": "paid_in_full"}, {"filled": "note"}]}
    assert reasons_of(either) == [("missing", "urgent")]
    assert reasons_of(either, urgent=False) == [("missing", "note")]
    assert reasons_of({"any": [{"is": {"urgent": True}}]}, urgent=False) == [("condition", None)]


def test_each_unknown_field_of_a_condition_is_a_reason_of_its_own() -> None:
    assert reasons_of({"at_least": {"paid": "total"}}) == [("missing", "paid"), ("missing", "total")]
