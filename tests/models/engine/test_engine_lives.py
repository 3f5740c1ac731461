"""Answers have a life: the deal's, one stay on a stage, or one day. What is over is put aside, and asked for anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from textwrap import dedent

from engine_shop import NOW, PREAMBLE, Standing, later, moment, of_kind

from models.engine import effects as e
from models.engine import moves
from models.process import checks, parse
from models.process.process import Process

FIELDS = """\
  reason: {title: Почему отказ, type: text, section: about, lasts: lost}
  word: {title: Слово, type: text, section: about, lasts: [making, visiting]}
  visit_on: {title: День, type: date, section: about}
  photos: {title: Снимок, type: text, section: about, lasts: {with: visit_on}}
  again_on: {title: Ещё раз, type: date, section: about, lasts: making}
  promised: {title: Обещал, type: yes_no, section: about, lasts: {with: again_on}}
"""
PIPELINES = dedent(
    """
    tasks:
      stamp:
        title: Печать
        due: {after: 1d}
        lasts: [making, visiting]
        outcomes: {done: {title: Есть}}
    pipelines:
      order:
        title: Заказ
        new: {button: Новый, ask: [name], title: "{name}"}
        stages:
          making:
            title: Делаем
            tasks:
              agree: {title: Договориться, due: {after: 1d}}
              paper: {title: Бумага, due: {after: 1d}, lasts: deal}
            robots:
              - {on: enter, if: {not: {done: stamp}}, give: stamp}
            next: [visiting]
          visiting:
            title: Визит
            tasks:
              call: {title: Позвонить, due: {on: visit_on, before: 1d}}
              look: {title: Посмотреть, due: {on: visit_on}, lasts: visiting, checklist: [{title: Видел}]}
            robots:
              - {on: {stuck: 1d}, notify: responsible, text: Стоит}
            next: [after]
          after:
            title: Потом
            robots:
              - {on: {stuck: 1d}, notify: responsible, text: Стоит}
            next: [won]
          won: {title: Успех, ending: won}
          lost: {title: Отказ, ending: lost, from_any: true, enter: {requires: reason}}
    """
)
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 20)


def _read(text: str) -> tuple[Process, list[str]]:
    process, problems, lines = parse.read(text, "shop.yaml")
    assert process is not None, problems
    return process, [str(one) for one in checks.find_problems(process, "shop.yaml", lines)]


SHOP, PROBLEMS = _read(PREAMBLE + FIELDS + PIPELINES)


def test_the_shop_of_these_tests_is_sound() -> None:
    assert PROBLEMS == []


def begun(stage: str = "making", **fields: object) -> Standing:
    return Standing.begin(SHOP, ("order", stage), moment(), {"name": "Мария", **fields})


def move(standing: Standing, to: str, hours: int = 1) -> e.Plan:
    now = moment(later(standing.deal.entered_at, hours=hours))
    plan = moves.plan_move(SHOP, standing.deal, to, now)
    assert isinstance(plan, e.Plan), plan
    standing.take(plan, now)
    return plan


def close(standing: Standing, name: str) -> None:
    task = SHOP.task("order", standing.deal.stage, name)
    plan = moves.plan_close(SHOP, standing.deal, name, task, "done", (), moment())
    assert isinstance(plan, e.Plan), plan
    standing.take(plan, moment())


def fill(standing: Standing, now: object = NOW, **values: object) -> e.Plan:
    plan = moves.plan_fields(SHOP, standing.deal, values, moment(NOW))
    standing.take(plan, moment(NOW))
    return plan


# --- a stage ----------------------------------------------------------------------------------------------------


def test_a_value_of_one_stage_is_put_aside_when_the_deal_leaves_it_and_is_missing_the_second_time() -> None:
    """A second refusal asks for its reason anew: the first one stands in the history alone."""
    standing = begun(reason="Дорого")
    assert of_kind(e.FieldsPutAside, move(standing, "lost")) == [], "on its stage it counts"
    assert of_kind(e.FieldsPutAside, move(standing, "making")) == [e.FieldsPutAside(("reason",))]
    refusal = moves.plan_move(SHOP, standing.deal, "lost", moment())
    assert isinstance(refusal, e.Refusal) and refusal.missing == ("reason",)


def test_a_value_of_several_stages_stays_between_them() -> None:
    standing = begun(word="да")
    move(standing, "visiting")
    assert standing.deal.fields["word"] == "да"
    move(standing, "after")
    assert "word" not in standing.deal.fields


def test_with_a_date_that_is_put_aside_goes_what_was_about_its_day() -> None:
    standing = begun(again_on=FRIDAY, promised=True)
    assert of_kind(e.FieldsPutAside, move(standing, "visiting")) == [e.FieldsPutAside(("again_on", "promised"))]


def test_robots_that_wait_for_a_field_are_not_woken_by_its_being_put_aside() -> None:
    """What is over is not a change that somebody made."""
    standing = begun(reason="Дорого")
    move(standing, "lost")
    assert of_kind(e.FieldsSet, move(standing, "making")) == []


# --- a day ------------------------------------------------------------------------------------------------------


def test_a_value_of_a_day_ends_when_the_day_becomes_another_one_or_is_emptied() -> None:
    for other in (FRIDAY, None):
        standing = begun("visiting", visit_on=MONDAY, photos="снято")
        assert of_kind(e.FieldsPutAside, fill(standing, visit_on=other)) == [e.FieldsPutAside(("photos",))]


def test_what_is_said_together_with_the_new_day_is_about_the_new_day() -> None:
    standing = begun("visiting", visit_on=MONDAY, photos="старое")
    assert of_kind(e.FieldsPutAside, fill(standing, visit_on=FRIDAY, photos="новое")) == []
    assert standing.deal.fields["photos"] == "новое"


def test_a_day_that_is_put_right_after_it_has_passed_is_the_same_visit() -> None:
    standing = begun("visiting", visit_on=date(2026, 3, 8), photos="снято")
    fill(standing, visit_on=date(2026, 3, 7))
    assert standing.deal.fields["photos"] == "снято"


def test_the_first_day_ends_nothing() -> None:
    standing = begun("visiting", photos="снято")
    fill(standing, visit_on=MONDAY)
    assert standing.deal.fields["photos"] == "снято"


# --- outcomes ---------------------------------------------------------------------------------------------------


def test_an_outcome_counts_for_the_stay_in_which_its_task_was_given() -> None:
    """Back on the stage, what was done there before is done no longer, and is given anew."""
    standing = begun()
    close(standing, "agree")
    assert of_kind(e.OutcomesPutAside, move(standing, "visiting")) == [], "further on it counts"
    assert standing.deal.tasks["agree"] == "done"
    plan = move(standing, "making")
    assert of_kind(e.OutcomesPutAside, plan) == [e.OutcomesPutAside({"agree": "done"})]
    assert "agree" in [one.name for one in of_kind(e.TaskGiven, plan)]


def test_an_outcome_of_the_deal_is_not_asked_for_again() -> None:
    standing = begun()
    close(standing, "paper")
    move(standing, "visiting")
    plan = move(standing, "making")
    assert standing.deal.tasks["paper"] == "done"
    assert "paper" not in [one.name for one in of_kind(e.TaskGiven, plan)]


def test_a_task_of_several_stages_goes_along_while_it_is_open_and_is_taken_back_behind_them() -> None:
    standing = begun()
    assert "stamp" in standing.deal.tasks
    (changed,) = of_kind(e.StageChanged, move(standing, "visiting"))
    assert changed.kept == {"stamp"}, "what is of one stage or of the whole deal is taken back"
    (changed,) = of_kind(e.StageChanged, move(standing, "after"))
    assert changed.kept == frozenset()


def test_its_outcome_lasts_on_those_stages_and_no_longer() -> None:
    """Months later the deal is back: what was stamped then counts no more."""
    standing = begun()
    close(standing, "stamp")
    move(standing, "visiting")
    move(standing, "making")
    assert standing.deal.tasks["stamp"] == "done", "within its stages it holds, there and back"
    move(standing, "visiting")
    assert of_kind(e.OutcomesPutAside, move(standing, "after"))[0].outcomes["stamp"] == "done"
    assert "stamp" in [one.name for one in of_kind(e.TaskGiven, move(standing, "making"))]


def test_what_was_said_of_a_day_is_asked_for_anew_when_the_day_becomes_another_one() -> None:
    """The client was ready for Monday; nobody has asked him about Friday."""
    standing = begun("visiting", visit_on=MONDAY)
    close(standing, "call")
    plan = fill(standing, visit_on=FRIDAY)
    assert of_kind(e.OutcomesPutAside, plan) == [e.OutcomesPutAside({"call": "done"})]
    assert [one.name for one in of_kind(e.TaskGiven, plan)] == ["call"]
    assert standing.deal.tasks["call"] is None


def test_a_day_taken_away_gives_no_task_about_it() -> None:
    standing = begun("visiting", visit_on=MONDAY)
    close(standing, "call")
    plan = fill(standing, visit_on=None)
    assert of_kind(e.OutcomesPutAside, plan) and not of_kind(e.TaskGiven, plan)


def test_what_lasts_otherwise_outlives_the_day() -> None:
    standing = begun("visiting", visit_on=MONDAY)
    close(standing, "look")
    plan = fill(standing, visit_on=FRIDAY)
    assert standing.deal.tasks["look"] == "done" and not of_kind(e.OutcomesPutAside, plan)


def test_the_ticks_of_an_open_task_are_about_its_day() -> None:
    standing = begun("visiting", visit_on=MONDAY)
    moved = {one.name: one.anew for one in of_kind(e.TaskMoved, fill(standing, visit_on=TUESDAY))}
    assert moved == {"call": True, "look": False}


def test_nobody_has_the_same_task_twice() -> None:
    standing = begun()
    assert "agree" in standing.tasks
    run = moves.EngineRun(SHOP, standing.deal, moment())
    run.give("agree", SHOP.task("order", "making", "agree"), "again")
    assert run.plan().effects == ()


# --- coming back ------------------------------------------------------------------------------------------------


STAMP = "- {on: enter, if: {not: {done: stamp}}, give: stamp}"
GREETS = """- {on: enter, give: stamp}
          - {on: {enter: first}, comment: Новая}
          - {on: {enter: again}, comment: Вернулась}"""
ENTERED = _read(PREAMBLE + FIELDS + PIPELINES.replace(STAMP, GREETS))[0]


def greeting(plan: e.Plan) -> list[str]:
    return [one.text for one in of_kind(e.Commented, plan)]


def test_a_new_deal_is_greeted_as_a_new_one() -> None:
    deal = begun().deal
    assert greeting(moves.plan_begin(ENTERED, deal, moment())) == ["Новая"]


def test_a_deal_taken_back_or_reopened_is_greeted_as_one_that_comes_back() -> None:
    standing = begun(reason="Дорого")
    for way in ("visiting", "lost"):
        move(standing, way)
        plan = moves.plan_move(ENTERED, standing.deal, "making", moment())
        assert isinstance(plan, e.Plan) and greeting(plan) == ["Вернулась"]
        standing.deal = begun(reason="Дорого").deal


def test_a_deal_carried_over_is_new_where_it_has_never_stood_and_back_where_it_has() -> None:
    elsewhere = replace(begun().deal, pipeline="other", stage="first", origins={})
    run = moves.EngineRun(ENTERED, replace(elsewhere, tasks={}), moment())
    run.move("making", None, "order")
    assert greeting(run.plan()) == ["Новая"]
    run = moves.EngineRun(ENTERED, replace(elsewhere, tasks={}, facts=frozenset({"stood:order.making"})), moment())
    run.move("making", None, "order")
    assert greeting(run.plan()) == ["Вернулась"]


# --- verstak check ----------------------------------------------------------------------------------------------


def test_check_finds_a_flag_that_robots_set_and_that_never_ends() -> None:
    text = PREAMBLE + FIELDS + PIPELINES.replace("notify: responsible, text: Стоит}", "put: {urgent: true}}", 1)
    (problem,) = _read(text)[1]
    assert problem.startswith("shop.yaml:15: fields.urgent: `urgent` is set by robots and never ends; say how long")
    assert _read(text.replace("type: yes_no, section", "type: yes_no, lasts: deal, section", 1))[1] == []


def test_check_finds_a_required_field_that_would_be_put_aside_on_entering() -> None:
    (problem,) = _read(PREAMBLE + FIELDS + PIPELINES.replace("requires: reason", "requires: again_on"))[1]
    assert "`again_on` lasts on making only: required here, it would be put aside on entering" in problem


def test_check_knows_the_names_in_lasts() -> None:
    text = PREAMBLE + FIELDS.replace("lasts: lost", "lasts: lsot").replace("with: visit_on", "with: note") + PIPELINES
    first, second = _read(text)[1]
    assert "`lsot` is no stage; allowed: deal, making, visiting, after, won, lost; did you mean `lost`?" in first
    assert "`note` is of type text, here it must be date or datetime" in second


def test_an_answer_has_one_end() -> None:
    for life in ("{}", "[deal, lost]", "{with: visit_on, stages: lost}"):
        process, problems, _ = parse.read(PREAMBLE + FIELDS.replace("lasts: lost", f"lasts: {life}") + PIPELINES, "x")
        assert process is None and "an answer lasts as long as the `deal`" in problems[0].reason
