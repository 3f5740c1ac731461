"""Claims in the engine: no claim is silent, none is worked on twice, none lets the deal close as success (K-24)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from keyboards import refusals
from models.engine import claim_runs, guards, moves
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.process import conditions as c
from tests.worlds.claim_shop import ALONE, KITCHENS, SHOP, read
from tests.worlds.office import russian

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MOMENT = Moment(NOW, ALONE.calendar)


def deal(stage: str = "assembly", pipeline: str = "general", **more: Any) -> DealState:
    return DealState(pipeline, stage, NOW, **more)


def of(plan: e.Plan | e.Refusal, kind: type) -> list[Any]:
    assert isinstance(plan, e.Plan)
    return [one for one in plan.effects if isinstance(one, kind)]


def test_a_robot_of_the_stage_tells_and_gives_the_task_K24() -> None:
    plan = moves.plan_claim(KITCHENS, deal(), "Скол", MOMENT)
    assert of(plan, e.ClaimOpened) == [e.ClaimOpened("Скол")]
    assert [one.rule for one in of(plan, e.NoticePlanned)] == ["general.assembly.becomes-claim_open.escalate"]
    assert [one.name for one in of(plan, e.TaskGiven)] == ["settle"]
    assert of(plan, e.FieldsSet)[0].values == {"claim": "Скол"}


@pytest.mark.parametrize("stage", ["contract", "lost"])
def test_where_the_file_says_nothing_somebody_is_told_and_has_the_task_all_the_same_K24(stage: str) -> None:
    plan = moves.plan_claim(KITCHENS, deal(stage), "Скол", MOMENT)
    assert [(one.to, one.rule, one.escalated) for one in of(plan, e.NoticePlanned)] == [
        ("supervisor", claim_runs.CLAIM, True)
    ]
    assert [one.name for one in of(plan, e.TaskGiven)] == ["settle"]


def test_a_second_claim_is_told_too_and_given_to_nobody_twice_K24() -> None:
    known = deal(facts=frozenset({"claim_open"}), tasks={"settle": None})
    plan = moves.plan_claim(KITCHENS, known, "Ещё скол", MOMENT)
    assert len(of(plan, e.NoticePlanned)) == 1 and len(of(plan, e.ClaimOpened)) == 1
    assert of(plan, e.TaskGiven) == []
    again = moves.plan_claim(KITCHENS, deal(tasks={"settle": "settled"}), "Третий", MOMENT)
    assert [one.name for one in of(again, e.TaskGiven)] == ["settle"]


def test_what_was_said_of_a_claim_is_over_with_it() -> None:
    """Settled: the next claim has a text and photos of its own, not those of this one."""
    field = KITCHENS.claim_fields[0]
    assert field is not None
    run = moves.EngineRun(KITCHENS, deal(facts=frozenset({"claim_open"}), fields={field: "Скол"}), MOMENT)
    claim_runs.settle_claim(run, "Всё хорошо")
    assert e.FieldsPutAside((field,)) in run.effects and field not in run.deal.fields


def test_what_was_put_off_is_told_again_while_the_claim_is_open_K24() -> None:
    open_ = deal(facts=frozenset({"claim_open"}))
    assert [
        one.to for one in of(moves.plan_timer(KITCHENS, open_, claim_runs.CLAIM, "any", MOMENT), e.NoticePlanned)
    ] == ["supervisor"]
    assert moves.plan_timer(KITCHENS, deal(), claim_runs.CLAIM, "any", MOMENT) == e.Plan()


def test_the_outcome_takes_text_and_photos_from_its_fields_K24() -> None:
    known = deal(fields={"claim": "Скол", "claim_photos": (3, 4)}, tasks={"job": None})
    task = KITCHENS.find_task("job")
    plan = moves.plan_close(KITCHENS, known, "job", task, "claim", (), MOMENT)
    assert of(plan, e.ClaimOpened) == [e.ClaimOpened("Скол", (3, 4))]
    assert task is not None and task.outcomes["claim"].asks_anew and not task.outcomes["done"].asks_anew


def test_settling_closes_nothing_that_is_not_open_and_robots_hear_of_it_K24() -> None:
    task = KITCHENS.find_task("settle")
    told = deal(facts=frozenset({"claim_open"}), fields={"word": "Спасибо"}, tasks={"settle": None})
    plan = moves.plan_close(KITCHENS, told, "settle", task, "settled", (), MOMENT)
    assert of(plan, e.ClaimSettled) == [e.ClaimSettled("Спасибо")]
    assert [one.text for one in of(plan, e.NoticePlanned)] == ["Претензия улажена: {word}"]
    nothing = deal(fields={"word": "Спасибо"}, tasks={"settle": None})
    assert of(moves.plan_close(KITCHENS, nothing, "settle", task, "settled", (), MOMENT), e.ClaimSettled) == []


def test_an_open_claim_bars_success_with_the_files_reason_or_ours_K24() -> None:
    refused = moves.plan_move(KITCHENS, deal(facts=frozenset({"claim_open"})), "won", MOMENT)
    assert isinstance(refused, e.Refusal)
    assert refusals.reasons(refused.reasons, KITCHENS, russian()) == ["Сначала уладьте претензию"]
    assert isinstance(moves.plan_move(KITCHENS, deal(), "won", MOMENT), e.Plan)
    (bare,) = guards.reasons([no_claim()], deal(facts=frozenset({"claim_open"})), MOMENT)
    assert refusals.reason(bare, KITCHENS, russian()) == "Есть открытая претензия: сначала уладьте её"
    (wanted,) = guards.reasons([c.Known(known="claim_open")], deal(), MOMENT)
    assert refusals.reason(wanted, KITCHENS, russian()) == "Нужна открытая претензия"


def no_claim() -> c.Not:
    return c.Not(**{"not": c.Known(known="claim_open")})


def test_every_fact_has_a_sentence_both_ways() -> None:
    facts = ("client", "responsible", "paid_in_full", "debt", "claim_open")
    assert set(refusals.FACTS) == set(refusals.FACTS_AGAINST) == set(facts)


def test_a_button_that_needs_a_process_is_offered_only_where_that_runs_K24() -> None:
    runs = c.Runs(runs="furniture")
    filled = c.Filled(filled="claim")
    assert guards.is_offered([runs, filled], {"furniture"}) and not guards.is_offered([runs, filled], {"kitchens"})
    assert guards.is_offered([filled], ())  # other conditions block the button, they do not hide it
    both, either = {"all": (filled, runs)}, {"any": (filled, runs)}
    assert not guards.is_offered([c.AllOf(**both)], ())
    assert guards.is_offered([c.AnyOf(**either)], ())
    not_there = c.Not(**{"not": runs})
    assert guards.is_offered([not_there], ()) and not guards.is_offered([not_there], {"furniture"})


def test_nothing_leads_out_of_practice_whatever_a_shared_task_would_do_K2() -> None:
    learnt = deal(pipeline="school", facts=frozenset({"claim_open", "runs:furniture"}), tasks={"settle": None})
    plan = moves.plan_close(KITCHENS, learnt, "settle", KITCHENS.find_task("settle"), "repair", (), MOMENT)
    assert of(plan, e.Converted) == []


def test_a_file_that_tells_the_supervisor_itself_is_not_told_over_again_K24() -> None:
    text = SHOP.replace('{escalate: supervisor, text: "Претензия по', '{notify: supervisor, text: "Претензия по')
    plan = moves.plan_claim(read(text), deal(), "Скол", MOMENT)
    assert [(one.to, one.rule) for one in of(plan, e.NoticePlanned)] == [
        ("supervisor", "general.assembly.becomes-claim_open.notify")
    ]
