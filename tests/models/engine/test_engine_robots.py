"""Robots: what wakes each, what each action brings, and that none gets past the guard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_shop import NOW, build, codes, deal_at, later, moment, of_kind, planned, refused

from models.engine import effects as e
from models.engine import moves

SHOP = build(
    """
leads:
  title: Лиды
  kind: lead
  new: {button: Лид, ask: [name], title: "{name}"}
  stages:
    fresh:
      title: Новый
      robots:
        - {on: {stuck: 1d}, notify: responsible, text: Стоит}
      next: [good]
    good:
      title: Хороший
      ending: won
      robots:
        - {on: enter, create_clients: create}
        - {on: enter, do: [{convert: order}, {convert: order.making}]}
    bad: {title: Плохой, ending: lost, from_any: true}
order:
  title: Заказ
  stages:
    contract:
      title: Договор
      tasks: {sign: {title: Подписать, due: {after: 2d}}}
      robots:
        - {on: {filled: note}, comment: Заметка появилась}
        - {on: {changed: note}, comment: Заметка изменилась}
        - {on: {filled: total}, do: [{put: {note: Есть сумма}}, {notify: owner, text: Сумма}]}
        - {on: {filled: urgent}, move: making}
        - {on: {filled: urgent}, comment: Уже не здесь}
        - {on: {becomes: paid_in_full}, notify: owner, text: Оплачено}
        - {on: {tap: Ускорить, ask: kind}, if: {not: {is: {urgent: true}}, why: Уже срочно}, put: {urgent: true}}
      next: [making]
    making:
      title: Производство
      enter: {requires: total}
      robots:
        - {on: {stuck: 1d}, do: [{ask: ready_on, of: owner, text: Когда?}, {escalate: supervisor, text: Стоит}]}
        - {on: enter, if: {is: {kind: corner}}, move: check}
        - {on: enter, comment: Осталась}
        - {on: {filled: phone}, carry: service.repair}
      next: [check]
    check:
      title: Проверка
      enter: {requires: note}
      tasks: {look: {title: Посмотреть, due: {after: 1d}}}
      robots:
        - {on: {becomes: claim_settled}, move: previous}
        - {on: {filled: ready_on}, move: won}
        - {on: {changed: kind}, do: [{move: won}, {comment: После хода}]}
    won: {title: Успех, ending: won, enter: {if: {known: paid_in_full}}}
    lost:
      title: Отказ
      ending: lost
      from_any: true
      robots:
        - {on: {tap: Вернуть}, move: previous}
service:
  title: Сервис
  stages:
    visit: {title: Визит, tasks: {go: {title: Съездить, due: {after: 1d}}}, robots: [{on: enter, comment: Визит}]}
    repair:
      title: Ремонт
      enter: {requires: note}
      tasks: {fix: {title: Чинить, due: {after: 1d}}}
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
""",
    checked=False,  # nothing leads to `visit`: it is here for the other way of naming where to carry
)


def comments(found: e.Plan | e.Refusal) -> list[str]:
    return [effect.text for effect in of_kind(e.Commented, found)]


def fill(deal: object, **values: object) -> e.Plan:
    return moves.plan_fields(SHOP, deal, values, moment())  # type: ignore[arg-type]


def test_filled_wakes_on_the_first_value_and_changed_on_every_other() -> None:
    empty = deal_at("order.contract")
    assert comments(fill(empty, note="раз")) == ["Заметка появилась"]
    assert comments(fill(empty.with_fields({"note": "раз"}), note="два")) == ["Заметка изменилась"]
    assert comments(fill(empty.with_fields({"note": "раз"}), note=None)) == ["Заметка изменилась"]


def test_the_same_value_again_changes_nothing() -> None:
    assert planned(fill(deal_at("order.contract", note="раз"), note="раз")) == ()
    assert planned(fill(deal_at("order.contract"), note=None)) == ()


def test_only_what_really_changed_is_set() -> None:
    assert of_kind(e.FieldsSet, fill(deal_at("order.contract", name="А"), name="А", note="раз")) == [
        e.FieldsSet({"note": "раз"}, None)
    ]


def test_a_field_that_a_robot_sets_wakes_the_robots_that_wait_for_it_in_turn() -> None:
    plan = fill(deal_at("order.contract"), total=5)
    rule = "order.contract.filled-total.put"
    assert planned(plan) == (
        e.FieldsSet({"total": 5}, None),
        e.FieldsSet({"note": "Есть сумма"}, rule),
        e.Commented("Заметка появилась", "order.contract.filled-note.comment"),
        e.NoticePlanned("owner", "Сумма", rule),
    )


def test_a_robots_move_goes_on_the_same_way_as_a_button_and_the_old_stage_falls_silent() -> None:
    plan = fill(deal_at("order.contract", total=5), urgent=True)
    [changed] = of_kind(e.StageChanged, plan)
    assert (changed.to_stage, changed.why) == ("making", "order.contract.filled-urgent.move")
    assert comments(plan) == ["Осталась"]


def test_a_robots_move_that_the_guard_refuses_is_told_with_its_reasons_and_the_deal_stays() -> None:
    plan = fill(deal_at("order.contract"), urgent=True)
    assert of_kind(e.StageChanged, plan) == []
    [blocked] = of_kind(e.MoveBlocked, plan)
    assert (blocked.to_stage, blocked.to_pipeline, blocked.refusal.missing) == ("making", None, ("total",))
    assert comments(plan) == ["Уже не здесь"]


def test_a_robot_that_moves_the_deal_on_entering_ends_what_the_stage_would_say() -> None:
    deal = deal_at("order.contract", total=5, kind="corner", note="x")
    plan = moves.plan_move(SHOP, deal, "making", moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["making", "check"]
    assert comments(plan) == []
    assert [given.name for given in of_kind(e.TaskGiven, plan)] == ["look"]


def test_an_action_after_a_move_is_still_done() -> None:
    deal = replace(deal_at("order.check", kind="corner"), facts=frozenset({"paid_in_full"}))
    plan = fill(deal, kind="straight")
    assert [changed.status for changed in of_kind(e.StageChanged, plan)] == ["won"]
    assert comments(plan) == ["После хода"]


def test_previous_goes_back_and_is_refused_where_there_is_no_stage_before() -> None:
    deal = deal_at("order.check", NOW, "contract", total=5)
    plan = moves.plan_fact(SHOP, deal, "claim_settled", moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["contract"]
    [blocked] = of_kind(e.MoveBlocked, moves.plan_fact(SHOP, deal_at("order.check"), "claim_settled", moment()))
    assert [reason.code for reason in blocked.refusal.reasons] == ["no_stage"]


def test_previous_never_means_back_into_an_ending() -> None:
    """A call-back task outlives its refusal: «Вернуть в работу» on a deal that is back at work already does nothing."""
    deal = deal_at("order.check", NOW, "lost")
    assert planned(moves.plan_fact(SHOP, deal, "claim_settled", moment())) == ()


def test_a_fact_wakes_the_robots_that_wait_for_it_and_no_others() -> None:
    deal = deal_at("order.contract")
    assert of_kind(e.NoticePlanned, moves.plan_fact(SHOP, deal, "paid_in_full", moment())) == [
        e.NoticePlanned("owner", "Оплачено", "order.contract.becomes-paid_in_full.notify")
    ]
    assert planned(moves.plan_fact(SHOP, deal, "claim_open", moment())) == ()


def test_a_carry_moves_the_same_deal_to_the_other_pipeline_with_its_tasks_and_timers() -> None:
    """F-D6."""
    plan = fill(deal_at("order.making", note="x"), phone="+79120000000")
    [changed] = of_kind(e.StageChanged, plan)
    assert (changed.pipeline, changed.to_pipeline, changed.to_stage) == ("order", "service", "repair")
    assert [given.name for given in of_kind(e.TaskGiven, plan)] == ["fix"]
    assert [timer.rule for timer in of_kind(e.TimerSet, plan)] == ["silence"]


def test_a_carry_does_not_get_past_the_door_of_the_stage_there() -> None:
    plan = fill(deal_at("order.making"), phone="+79120000000")
    assert of_kind(e.StageChanged, plan) == []
    [blocked] = of_kind(e.MoveBlocked, plan)
    assert (blocked.to_pipeline, blocked.to_stage, blocked.refusal.missing) == ("service", "repair", ("note",))


def test_a_conversion_begins_new_deals_and_leaves_the_lead_where_it_is() -> None:
    """F-L6: the pipeline's first stage, or the one that is named."""
    plan = moves.plan_move(SHOP, deal_at("leads.fresh"), "good", moment())
    assert of_kind(e.Converted, plan) == [e.Converted("order", "contract"), e.Converted("order", "making")]
    assert len(of_kind(e.StageChanged, plan)) == 1


@pytest.mark.parametrize(
    ("chosen", "made"),
    [
        (("contact", "deal"), [{"contact"}]),
        (("contact", "company"), [{"contact", "company"}]),
        (("deal",), []),
        ("contact", [{"contact"}]),
        (None, []),
    ],
)
def test_contact_and_company_are_made_as_chosen_and_a_deal_is_not_a_client(
    chosen: object, made: list[set[str]]
) -> None:
    """F-L5."""
    plan = moves.plan_move(SHOP, deal_at("leads.fresh", create=chosen), "good", moment())
    assert [effect.what for effect in of_kind(e.ClientsCreated, plan)] == made


def test_a_timer_can_ask_and_escalate() -> None:
    rule = "order.making.stuck1440.ask"
    plan = moves.plan_timer(SHOP, deal_at("order.making"), rule, NOW.isoformat(), moment())
    assert planned(plan) == (
        e.FieldsAsked("owner", ("ready_on",), "Когда?", rule),
        e.TimerSet("ask_ready_on", NOW.isoformat(), later(days=1)),
        e.NoticePlanned("supervisor", "Стоит", rule, escalated=True, anchor=NOW.isoformat()),
    )


def test_what_nobody_has_answered_is_a_task_on_the_next_working_day() -> None:
    """Truth 32: for the same person, with the question as its title and a line for each field."""
    deal = deal_at("order.making")
    (given,) = planned(moves.plan_timer(SHOP, deal, "ask_ready_on", NOW.isoformat(), moment(later(days=1))))
    assert isinstance(given, e.TaskGiven)
    assert (given.task.title, given.task.to, [line.fill for line in given.task.checklist]) == (
        "Когда?", "owner", [("ready_on",)],
    )  # fmt: skip


def test_what_was_answered_or_asked_on_an_earlier_stay_is_no_task() -> None:
    answered = deal_at("order.making", ready_on=NOW.date())
    assert planned(moves.plan_timer(SHOP, answered, "ask_ready_on", NOW.isoformat(), moment(later(days=1)))) == ()
    back = deal_at("order.making", later(hours=2))
    assert planned(moves.plan_timer(SHOP, back, "ask_ready_on", NOW.isoformat(), moment(later(days=1)))) == ()


# --- buttons of robots ------------------------------------------------------------------------------------------

TAP = "order.contract.tap.put"


def test_a_robots_button_asks_first_then_acts() -> None:
    deal = deal_at("order.contract", total=5)
    assert codes(moves.plan_tap(SHOP, deal, TAP, moment())) == [("missing", "kind")]
    plan = moves.plan_tap(SHOP, deal.with_fields({"kind": "straight"}), TAP, moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["making"]


def test_a_robots_button_gives_every_reason_against_it() -> None:
    found = refused(moves.plan_tap(SHOP, deal_at("order.contract", urgent=True), TAP, moment()))
    assert [(reason.code, reason.why) for reason in found.reasons] == [("missing", None), ("condition", "Уже срочно")]


@pytest.mark.parametrize("rule", ["order.making.tap.put", "order.contract.filled-note.comment", "nonsense"])
def test_a_button_that_is_not_on_the_card_of_this_deal_does_nothing(rule: str) -> None:
    assert codes(moves.plan_tap(SHOP, deal_at("order.contract"), rule, moment())) == [("no_button", None)]


def test_tap_takes_a_lost_deal_back_to_where_it_came_from() -> None:
    deal = deal_at("order.lost", NOW, "contract")
    plan = moves.plan_tap(SHOP, deal, "order.lost.tap.move", moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["contract"]


def test_an_emptied_field_that_was_empty_before_wakes_nobody() -> None:
    assert comments(fill(deal_at("order.contract"), note="")) == []


# --- many robots, and chains of them ----------------------------------------------------------------------------

BUSY = build(
    """
order:
  title: Заказ
  stages:
    calm: {title: Спокойно, tasks: {go: {title: Идти, due: {after: 1d}}}, next: [busy, one]}
    busy:
      title: Шумно
      robots:
"""
    + "".join(f"        - {{on: enter, comment: Робот {number}}}\n" for number in range(20))
    + """
    one: {title: Раз, robots: [{on: enter, move: two}]}
    two: {title: Два, robots: [{on: enter, move: three}]}
    three: {title: Три, robots: [{on: enter, move: four}]}
    four:
      title: Четыре
      next: [won]
      robots:
        - {on: enter, comment: Приехали}
        - {on: {changed: note}, notify: owner, text: "Было {was}"}
        - {on: {filled: total}, notify: owner, text: "Сумма"}
        - {on: {becomes: paid_in_full}, move: won}
        - {on: {becomes: paid_in_full}, comment: Уже не здесь}
        - {on: {filled: phone}, convert: "service:visits"}
    round: {title: Круг, next: [back], robots: [{on: enter, move: back}]}
    back: {title: И снова, next: [round], robots: [{on: enter, move: round}]}
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
school:
  title: Обучение
  kind: practice
  stages:
    lesson:
      title: Урок
      tasks: {learn: {title: Учиться, due: {after: 1d}}}
      robots:
        - {on: {filled: note}, carry: order.one}
        - {on: {filled: phone}, convert: "service:visits"}
    lost: {title: Отказ, ending: lost, from_any: true}
""",
    checked=False,  # a circle, stages that nothing leads to, a process that is not there: a file with them is refused
)


def busy(deal: object, **values: object) -> e.Plan:
    return moves.plan_fields(BUSY, deal, values, moment())  # type: ignore[arg-type]


def test_all_robots_of_a_stage_run_however_many_there_are() -> None:
    plan = moves.plan_move(BUSY, deal_at("order.calm"), "busy", moment())
    assert comments(plan) == [f"Робот {number}" for number in range(20)]


def test_a_chain_of_moves_runs_to_its_end() -> None:
    plan = moves.plan_move(BUSY, deal_at("order.calm"), "one", moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["one", "two", "three", "four"]
    assert comments(plan) == ["Приехали"]


def test_a_circle_of_moves_comes_to_an_end_too() -> None:
    plan = moves.plan_move(BUSY, deal_at("order.back"), "round", moment())
    assert 2 < len(of_kind(e.StageChanged, plan)) < 50


def test_only_who_tells_of_a_change_says_what_was_before() -> None:
    plan = busy(deal_at("order.four", note="раз"), note="два", total=5)
    assert [(one.text, one.was) for one in of_kind(e.NoticePlanned, plan)] == [
        ("Было {was}", e.Change("note", "раз")), ("Сумма", None),
    ]  # fmt: skip


def test_a_stage_that_a_fact_has_ended_falls_silent() -> None:
    plan = moves.plan_fact(BUSY, deal_at("order.four"), "paid_in_full", moment())
    assert [changed.to_stage for changed in of_kind(e.StageChanged, plan)] == ["won"]
    assert comments(plan) == []


def test_a_deal_of_another_process_is_begun_only_where_that_process_runs_K24() -> None:
    here = deal_at("order.four")
    running = replace(here, facts=frozenset({"runs:service"}))
    assert of_kind(e.Converted, busy(here, phone="+79120000000")) == []
    assert of_kind(e.Converted, busy(running, phone="+79120000000")) == [e.Converted("visits", "", "service")]


def test_a_robot_leads_nothing_out_of_practice_K2() -> None:
    lesson = replace(deal_at("school.lesson"), facts=frozenset({"runs:service"}))
    plan = busy(lesson, note="Готово", phone="+79120000000")
    assert of_kind(e.StageChanged, plan) == of_kind(e.Converted, plan) == []
    assert of_kind(e.MoveBlocked, plan) == [], "nor is it told as a failure"
