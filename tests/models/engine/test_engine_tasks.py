"""Tasks: given, asked about, snoozed, closed, and what each outcome brings."""

from __future__ import annotations

from dataclasses import replace

from engine_shop import NOW, build, codes, deal_at, later, moment, of_kind, planned, refused

from models.engine import effects as e
from models.engine import moves
from models.engine.deal_state import DealState

SHOP = build(
    """
order:
  title: Заказ
  new: {button: Новый, ask: [name], title: "{name}"}
  stages:
    assembly:
      title: Монтаж
      tasks:
        job:
          title: Сборка
          due: {on: visit_at}
          checklist: [{title: Собрано}, {title: Отзыв, fill: note, optional: true}]
          outcomes:
            signed: {title: Акт подписан, ask: total, do: [{move: paying}]}
            claim: {title: Претензия, unchecked: true, do: [{give: settle}, {notify: owner, text: Претензия}]}
            later: {title: Позже, snooze: 2h}
            free: {title: Бесплатно, if: {is: {urgent: false}, why: Срочное не бывает бесплатным}}
      robots:
        - {on: {task: job}, comment: Закрыта}
        - {on: {task: job, outcome: claim}, comment: С претензией}
      next: [paying]
    paying:
      title: Оплата
      tasks: {bill: {title: Счёт, due: {after: 1d}}}
      robots:
        - {on: {task: job}, comment: Закрыта позже}
    won: {title: Успех, ending: won}
    lost: {title: Отказ, ending: lost, from_any: true}
""",
    """
settle:
  title: Уладить
  to: supervisor
  due: {after: 1d}
  outcomes: {done: {title: Улажено, do: [{give: bill_again}]}}
bill_again: {title: Счёт снова, due: {after: 1d}}
""",
)
JOB = SHOP.task("order", "assembly", "job")


def given(**fields: object) -> DealState:
    return replace(deal_at("order.assembly", NOW, None, **fields), tasks={"job": None})


def close(deal: DealState, outcome: str, *open_items: str, name: str = "job") -> e.Plan | e.Refusal:
    return moves.plan_close(SHOP, deal, name, SHOP.find_task(name), outcome, open_items, moment())


def test_entering_gives_the_tasks_of_the_stage() -> None:
    """K-4."""
    [task] = of_kind(e.TaskGiven, moves.plan_begin(SHOP, deal_at("order.assembly", visit_at=later(days=3)), moment()))
    assert (task.name, task.task, task.due_at, task.rule) == ("job", JOB, later(days=3), "order.assembly.task.job")


def test_an_outcome_with_questions_and_an_open_checklist_is_refused_with_every_reason() -> None:
    found = refused(close(given(), "signed", "Собрано"))
    assert [reason.code for reason in found.reasons] == ["missing", "items_open"]
    assert found.missing == ("total",)
    assert dict(found.reasons[1].data) == {"items": ("Собрано",)}


def test_an_outcome_closes_the_task_then_does_what_it_says() -> None:
    plan = close(given(total=5), "signed")
    closed, changed, *_ = planned(plan)
    assert closed == e.TaskClosed("job", "signed")
    assert changed == e.StageChanged("order", "assembly", "order", "paying", "open", "order.assembly.task.job")
    assert of_kind(e.Commented, plan) == []  # the deal has gone on: robots of the stage it left fall silent


def test_an_outcome_that_may_leave_the_checklist_open_wakes_the_robots_of_the_task() -> None:
    plan = close(given(), "claim", "Собрано")
    assert [effect.text for effect in of_kind(e.Commented, plan)] == ["Закрыта", "С претензией"]
    assert [task.name for task in of_kind(e.TaskGiven, plan)] == ["settle"]


def test_snoozing_does_not_close_the_task_and_asks_for_no_checklist() -> None:
    assert planned(close(given(), "later", "Собрано")) == (e.TaskSnoozed("job", "later", later(hours=2)),)


def test_an_outcome_under_a_condition_is_shut_with_its_sentence() -> None:
    [reason] = refused(close(given(urgent=True), "free")).reasons
    assert (reason.code, reason.why) == ("is", "Срочное не бывает бесплатным")
    assert codes(close(given(), "free")) == [("missing", "urgent")]
    assert of_kind(e.TaskClosed, close(given(urgent=False), "free")) == [e.TaskClosed("job", "free")]


def test_a_button_that_the_task_does_not_have_closes_nothing() -> None:
    assert codes(close(given(), "done")) == [("no_button", None)]


def test_a_task_whose_description_is_gone_from_the_file_can_still_be_closed() -> None:
    deal = replace(deal_at("order.assembly"), tasks={"old": None})
    assert planned(close(deal, "done", name="old")) == (e.TaskClosed("old", "done"),)


def test_a_task_closed_on_a_later_stage_still_gives_what_its_outcome_says() -> None:
    deal = replace(deal_at("order.paying"), tasks={"job": None, "settle": None})
    assert [effect.text for effect in of_kind(e.Commented, close(deal, "claim"))] == ["Закрыта позже"]
    assert [task.name for task in of_kind(e.TaskGiven, close(deal, "done", name="settle"))] == ["bill_again"]


def test_the_description_of_a_task_is_found_from_any_stage() -> None:
    assert SHOP.task("order", "paying", "job") is JOB
    assert SHOP.task("order", "gone", "settle") is SHOP.tasks["settle"]


def test_a_robot_that_waits_for_one_outcome_hears_of_no_other() -> None:
    assert [effect.text for effect in of_kind(e.Commented, close(given(urgent=False), "free"))] == ["Закрыта"]
