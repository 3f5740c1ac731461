"""No step undoes itself: what is drawn as open has been played to the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from textwrap import dedent
from typing import Any

from engine_shop import PREAMBLE, Standing, moment

from models.engine import effects as e
from models.engine import foresight, moves
from models.engine.deal_state import Moment
from models.process import checks, parse
from models.process.actions import CarryOver, Move
from models.process.process import Process

SHUT = "Уже не успеть: нужно до 16:00 накануне"
PIPELINES = dedent(
    """
    tasks:
      stamp: {title: Печать, due: {after: 1d}, lasts: [making, visiting]}
    pipelines:
      order:
        title: Заказ
        new: {button: Новый, ask: [name], title: "{name}"}
        stages:
          making:
            title: Делаем
            tasks:
              agree:
                title: Договориться
                due: {after: 1d}
                outcomes:
                  done: {title: Готово, do: [{move: visiting}]}
            robots:
              - {on: {tap: Запросить, ask: note}, give: stamp}
              - {on: {tap: Поехать}, move: visiting}
            next: [visiting, later, passing]
          visiting:
            title: Визит
            robots:
              - on: {before: ready_on, by: 1d, clock: "16:00"}
                if: {not: {done: stamp}}
                shuts: "Уже не успеть: нужно до 16:00 накануне"
                comment: Визита не будет
              - {on: {after: ready_on, by: 1d, clock: "10:15"}, if: {empty: note}, move: later}
            next: [later, won]
          later:
            title: Потом
            robots:
              - {on: {stuck: 1d}, notify: responsible, text: Стоит}
            next: [won]
          passing:
            title: Мимо
            robots:
              - {on: enter, if: {is: {urgent: true}}, move: later}
              - {on: {stuck: 1d}, notify: responsible, text: Стоит}
            next: [later]
          won: {title: Успех, ending: won}
          lost: {title: Отказ, ending: lost, from_any: true}
    """
)
NOON, EVENING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC), datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
TODAY, TOMORROW, THURSDAY = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)


def _read(text: str) -> tuple[Process | None, list[str]]:
    process, problems, lines = parse.read(text, "shop.yaml")
    found = checks.find_problems(process, "shop.yaml", lines) if process else problems
    return process, [str(one) for one in found]


READ, PROBLEMS = _read(PREAMBLE + PIPELINES)


def shop() -> Process:
    assert READ is not None, PROBLEMS
    return READ


def test_the_shop_of_these_tests_is_sound() -> None:
    assert PROBLEMS == []


def begun(now: datetime, stage: str = "making", **fields: object) -> Standing:
    return Standing.begin(shop(), ("order", stage), moment(now), {"name": "Мария", **fields})


def menu(standing: Standing, now: datetime) -> dict[str, list[str]]:
    found = foresight.options(shop(), standing.deal, moment(now))
    return {one.stage: [reason.why or reason.code for reason in one.reasons] for one in found}


def stamped(standing: Standing, now: datetime) -> Standing:
    task, at = shop().find_task("stamp"), moment(now)
    standing.deal = standing.deal.with_task("stamp", None)
    standing.tasks["stamp"] = now
    plan = moves.plan_close(shop(), standing.deal, "stamp", task, "done", (), at)
    assert isinstance(plan, e.Plan)
    standing.take(plan, at)
    return standing


def reasons(found: e.Plan | e.Refusal) -> list[str]:
    assert isinstance(found, e.Refusal), found
    return [one.why or one.code for one in found.reasons]


# --- a stage that would be called off at once ---------------------------------------------------------------------


def test_a_stage_that_would_be_called_off_in_the_same_moment_is_shut_with_the_reason() -> None:
    assert menu(begun(EVENING, ready_on=TOMORROW), EVENING)["visiting"] == [SHUT]
    assert menu(begun(NOON, ready_on=TODAY), NOON)["visiting"] == [SHUT], "for today its hour has passed as well"


def test_in_time_or_with_what_it_needs_it_is_open() -> None:
    assert menu(begun(NOON, ready_on=TOMORROW), NOON)["visiting"] == []
    assert menu(begun(EVENING, ready_on=THURSDAY), EVENING)["visiting"] == []
    assert menu(stamped(begun(EVENING, ready_on=TOMORROW), EVENING), EVENING)["visiting"] == []


def test_what_is_drawn_is_what_happens() -> None:
    """The move is refused with the same reason, whoever asks for it: a button, an outcome, a robot's own button."""
    standing = begun(EVENING, ready_on=TOMORROW)
    at = moment(EVENING)
    assert reasons(moves.plan_move(shop(), standing.deal, "visiting", at)) == [SHUT]
    task = shop().task("order", "making", "agree")
    assert reasons(moves.plan_close(shop(), standing.deal, "agree", task, "done", (), at)) == [SHUT]
    rule = "order.making.tap.move"
    assert reasons(moves.plan_tap(shop(), standing.deal, rule, at)) == [SHUT]
    task = shop().find_task("agree")
    open_ = moves.plan_close(shop(), begun(NOON, ready_on=TOMORROW).deal, "agree", task, "done", (), moment(NOON))
    assert isinstance(open_, e.Plan)


def test_the_reason_is_cured_by_another_day_and_the_first_one_is_known() -> None:
    standing = begun(EVENING, ready_on=TOMORROW)
    (reason,) = foresight.why_not(shop(), standing.deal, "visiting", moment(EVENING))
    assert reason.cure == e.Fill(("ready_on",)) and reason.data["field"] == "ready_on"
    assert foresight.find_day(shop(), standing.deal, "visiting", "ready_on", moment(EVENING)) == (THURSDAY, "visiting")
    assert foresight.find_day(shop(), standing.deal, "visiting", "ready_on", moment(NOON)) == (TOMORROW, "visiting")
    assert foresight.find_day(shop(), standing.deal, "visiting", "note", moment(NOON)) is None


def test_a_robot_that_moves_the_deal_looks_as_well() -> None:
    """It tells the responsible what stands in the way, and moves nothing."""
    run = moves.EngineRun(shop(), begun(EVENING, ready_on=TOMORROW).deal, moment(EVENING))
    run.act(Move(move="visiting"), "some.rule")
    (blocked,) = run.effects
    assert isinstance(blocked, e.MoveBlocked) and reasons(blocked.refusal) == [SHUT]
    assert foresight.of_actions(shop(), run.deal, [CarryOver(carry="order")], run.moment) == ()


# --- a stage that the deal would leave at once --------------------------------------------------------------------


def test_a_stage_from_which_a_rule_by_the_clock_would_take_the_deal_at_once_is_shut() -> None:
    """Back to a visit whose day is over: the rule of the morning after moves it on in the same second."""
    standing = begun(NOON, "later", ready_on=TODAY - timedelta(days=3))
    assert menu(standing, NOON)["visiting"] == ["undone"]
    (reason,) = foresight.why_not(shop(), standing.deal, "visiting", moment(NOON))
    assert reason.data["stage"] == "later"
    noted = begun(NOON, "later", ready_on=TODAY - timedelta(days=3), note="есть")
    assert menu(noted, NOON)["visiting"] == []


def test_a_stage_that_passes_the_deal_on_as_it_enters_is_open() -> None:
    """That is where it leads."""
    standing = begun(NOON, urgent=True)
    assert menu(standing, NOON)["passing"] == []
    run = moves.plan_move(shop(), standing.deal, "passing", moment(NOON))
    assert isinstance(run, e.Plan) and [one.to_stage for one in run.effects if isinstance(one, e.StageChanged)] == [
        "passing", "later",
    ]  # fmt: skip


# --- a day that would be called off at once -----------------------------------------------------------------------


def test_a_day_that_would_be_called_off_at_once_is_known_before_it_is_kept() -> None:
    standing = begun(NOON, "visiting", ready_on=THURSDAY)
    at: Moment = moment(EVENING)

    def against(day: Any) -> list[str]:
        return [str(one.why) for one in foresight.of_values(shop(), standing.deal, {"ready_on": day}, at)]

    assert against(TOMORROW) == [SHUT]
    assert against(date(2026, 3, 13)) == []


# --- verstak check ------------------------------------------------------------------------------------------------


def test_only_a_rule_by_a_date_can_shut_a_stage() -> None:
    planted = PIPELINES.replace("{stuck: 1d}, notify", "{stuck: 1d}, shuts: Нельзя, notify", 1)
    (problem,) = _read(PREAMBLE + planted)[1]
    assert "`shuts` is of robots by a date" in problem
