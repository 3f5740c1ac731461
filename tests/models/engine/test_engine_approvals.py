"""An approval is of something: when that changes it counts no longer, and what it opened is shut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import dedent
from typing import Any

from engine_shop import NOW, PREAMBLE, Standing, moment, of_kind

from models.engine import effects as e
from models.engine import moves
from models.process import checks, parse
from models.process.process import Process

FIELDS = """\
  sum: {title: Сумма, type: money, section: about}
  agreed: {title: Согласовано, type: yes_no, lasts: deal}
  over: {title: Было, type: yes_no, section: about}
  visit_on: {title: День, type: date, section: about}
"""
REST = dedent(
    """
    tasks:
      go: {title: Поехать, due: {after: 1d}}
      plan: {title: Назначить, due: {after: 1d}, outcomes: {planned: {title: Назначено, do: [{give: go}]}}}
    pipelines:
      order:
        title: Заказ
        new: {button: Новый, ask: [name], title: "{name}"}
        stages:
          making:
            title: Делаем
            tasks:
              stamp:
                title: Печать
                to: supervisor
                due: {after: 1d}
                outcomes:
                  yes:
                    title: Да
                    covers: [note, {field: sum, if: {not: {is: {over: true}}}}]
                    do: [{put: {agreed: true}}]
                  no: {title: Нет, covers: note}
            robots:
              - {on: {task: stamp, outcome: yes}, give: plan}
              - {on: {lapsed: stamp}, notify: responsible, text: "Было {was}"}
              - {on: {before: visit_on, by: 1d, clock: "16:00"}, if: {not: {done: stamp}}, comment: Печати нет}
              - {on: {before: visit_on, by: 2d}, comment: Скоро}
            next: [after]
          after:
            title: Потом
            robots:
              - {on: {stuck: 1d}, notify: responsible, text: Стоит}
            next: [won]
          won: {title: Успех, ending: won}
          lost: {title: Отказ, ending: lost, from_any: true}
    """
)


def _read(text: str) -> tuple[Process | None, list[str]]:
    process, problems, lines = parse.read(text.replace("yes:", "'yes':").replace("no:", "'no':"), "shop.yaml")
    if process is None:
        return None, [str(one) for one in problems]
    return process, [str(one) for one in checks.find_problems(process, "shop.yaml", lines)]


READ, PROBLEMS = _read(PREAMBLE + FIELDS + REST)


def shop() -> Process:
    assert READ is not None, PROBLEMS
    return READ


def test_the_shop_of_these_tests_is_sound() -> None:
    assert READ is not None and PROBLEMS == []


def begun(**fields: object) -> Standing:
    return Standing.begin(shop(), ("order", "making"), moment(), {"name": "Мария", "sum": Decimal(100), **fields})


def close(standing: Standing, name: str, outcome: str) -> None:
    task = shop().find_task(name)
    standing.take(_planned(moves.plan_close(shop(), standing.deal, name, task, outcome, (), moment())), moment())


def fill(standing: Standing, **values: object) -> e.Plan:
    plan = moves.plan_fields(shop(), standing.deal, values, moment(NOW))
    standing.take(plan, moment())
    return plan


def _planned(plan: Any) -> e.Plan:
    assert isinstance(plan, e.Plan), plan
    return plan


def stamped(**fields: object) -> Standing:
    standing = begun(**fields)
    close(standing, "stamp", "yes")
    return standing


def test_when_what_was_approved_changes_the_approval_lapses_and_is_asked_for_anew() -> None:
    standing = stamped()
    plan = fill(standing, sum=Decimal(300))
    (lapsed,) = of_kind(e.ApprovalLapsed, plan)
    assert (lapsed.task, lapsed.outcome, lapsed.was) == ("stamp", "yes", e.Change("sum", Decimal(100)))
    assert "stamp" in [one.name for one in of_kind(e.TaskGiven, plan)]
    assert standing.deal.tasks["stamp"] is None


def test_what_the_approval_put_on_the_card_is_put_aside() -> None:
    standing = stamped()
    assert standing.deal.fields["agreed"] is True
    assert of_kind(e.FieldsPutAside, fill(standing, sum=Decimal(300))) == [e.FieldsPutAside(("agreed",))]


def test_what_it_opened_is_shut_whether_it_is_open_or_done() -> None:
    standing = stamped()
    assert of_kind(e.TasksTakenBack, fill(standing, sum=Decimal(300))) == [e.TasksTakenBack(("plan",))]

    standing = stamped()
    close(standing, "plan", "planned")
    plan = fill(standing, sum=Decimal(300))
    assert of_kind(e.TasksTakenBack, plan) == [e.TasksTakenBack(("go",))]
    assert of_kind(e.OutcomesPutAside, plan) == [e.OutcomesPutAside({"stamp": "yes", "plan": "planned"})]


def test_the_process_hears_of_it_with_the_value_before() -> None:
    (notice,) = of_kind(e.NoticePlanned, fill(stamped(), sum=Decimal(300)))
    assert notice.text == "Было {was}" and notice.was == e.Change("sum", Decimal(100))


def test_changed_back_it_has_lapsed_all_the_same() -> None:
    """Twice: the second change finds no approval; the first value back is no approval either."""
    standing = stamped()
    fill(standing, sum=Decimal(300))
    plan = fill(standing, sum=Decimal(100))
    assert not of_kind(e.ApprovalLapsed, plan) and standing.deal.tasks["stamp"] is None


def test_the_same_value_again_is_no_change() -> None:
    assert fill(stamped(), sum=Decimal(100)).effects == ()


def test_a_robot_that_changes_it_is_no_exception() -> None:
    standing = stamped(note="раз")
    run = moves.EngineRun(shop(), standing.deal, moment())
    run.fill({"note": "два"}, why="order.making.some.robot")
    assert [one.task for one in run.effects if isinstance(one, e.ApprovalLapsed)] == ["stamp"]


def test_filled_for_the_first_time_it_is_not_what_was_approved() -> None:
    (lapsed,) = of_kind(e.ApprovalLapsed, fill(stamped(), note="приложено"))
    assert lapsed.was == e.Change("note", None)


def test_while_its_condition_does_not_hold_it_covers_nothing() -> None:
    standing = stamped(over=True)
    assert not of_kind(e.ApprovalLapsed, fill(standing, sum=Decimal(300)))


def test_a_refusal_of_it_is_of_something_too() -> None:
    standing = begun(note="5 %")
    close(standing, "stamp", "no")
    assert of_kind(e.ApprovalLapsed, fill(standing, note="3 %"))
    standing = begun(note="5 %")
    close(standing, "stamp", "no")
    assert not of_kind(e.ApprovalLapsed, fill(standing, sum=Decimal(300))), "that one looked at the note alone"


def test_where_the_deal_has_gone_on_it_lapses_and_nobody_is_given_anything() -> None:
    standing = stamped()
    standing.take(_planned(moves.plan_move(shop(), standing.deal, "after", moment())), moment())
    plan = fill(standing, sum=Decimal(300))
    assert of_kind(e.ApprovalLapsed, plan) and not of_kind(e.TaskGiven, plan)


def test_a_rule_that_looked_when_it_was_approved_looks_again_once_its_hour_has_passed() -> None:
    """The stamp is taken off after the hour by which it had to be there: the rule of its want runs now."""
    standing = stamped(visit_on=date(2026, 3, 10))
    rule = "order.making.before-visit_on-1440-1600.comment"
    set_ = {one.rule: one.due_at for one in of_kind(e.TimerSet, fill(standing, sum=Decimal(300)))}
    assert set_ == {rule: NOW}, "and no other rule"


# --- verstak check ----------------------------------------------------------------------------------------------


def test_check_refuses_what_can_approve_nothing() -> None:
    (problem,) = _read(PREAMBLE + FIELDS + REST.replace("no: {title: Нет,", "no: {title: Нет, stays: true,"))[1]
    assert "one that leaves the task open approves nothing" in problem


def test_check_finds_a_robot_that_waits_for_what_never_lapses() -> None:
    (problem,) = _read(PREAMBLE + FIELDS + REST.replace("lapsed: stamp", "lapsed: plan"))[1]
    assert "the robot can never fire: `plan` is about no day, and its outcomes `cover` nothing" in problem


def test_check_knows_the_names_in_covers() -> None:
    (problem,) = _read(PREAMBLE + FIELDS + REST.replace("covers: note}", "covers: noet}"))[1]
    assert "`noet` is no field" in problem and "did you mean `note`?" in problem
