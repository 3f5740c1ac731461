"""The furniture maker's own process, driven through the engine: what its stages let through, give, say and refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from engine_shop import MOSCOW, NOW, codes, deal_at, furniture, later, moment, of_kind, planned

from models.engine import effects as e
from models.engine import moves, transitions
from models.engine.deal_state import DealState
from models.process.triggers import OnDate, Stuck

NOON = moment(NOW, MOSCOW)
PREPAID = {"budget": Decimal(2), "prepayment": Decimal(1)}
DIRECTIONS = [("design", "to_design"), ("order", "to_order"), ("repair", "to_repair")]


def move(deal: DealState, to: str) -> e.Plan | e.Refusal:
    return moves.plan_move(furniture(), deal, to, NOON)


def told(found: e.Plan | e.Refusal) -> list[tuple[str, bool]]:
    return [(notice.to, notice.escalated) for notice in of_kind(e.NoticePlanned, found)]


def stages(found: e.Plan | e.Refusal) -> list[str]:
    return [f"{change.to_pipeline}.{change.to_stage}" for change in of_kind(e.StageChanged, found)]


# --- leads ------------------------------------------------------------------------------------------------------


def test_a_new_lead_is_told_at_once_and_rings_after_one_and_three_days() -> None:
    """F-L3."""
    plan = moves.plan_begin(furniture(), deal_at("leads.new"), NOON)
    assert told(plan) == [("responsible", False)]
    due = {timer.rule: timer.due_at for timer in of_kind(e.TimerSet, plan)}
    assert due == {
        "leads.new.stuck1440.notify": later(days=1),
        "leads.new.stuck4320.escalate": later(days=3),
        "silence": later(days=4, hours=-3),  # when the company opens
    }
    three = moves.plan_timer(furniture(), deal_at("leads.new"), "leads.new.stuck4320.escalate", NOW.isoformat(), NOON)
    assert told(three) == [("supervisor", True)]


def test_a_good_lead_asks_what_to_make_of_it_and_then_for_what_that_needs() -> None:
    """F-L5."""
    lead = deal_at("leads.in_work")
    assert codes(move(lead, "good")) == [("missing", "to_create")]
    assert codes(move(lead.with_fields({"to_create": ("deal", "company")}), "good")) == [
        ("missing", "direction"),
        ("missing", "company"),
    ]
    assert stages(move(lead.with_fields({"to_create": ("contact",)}), "good")) == ["leads.good"]


@pytest.mark.parametrize(("direction", "route"), DIRECTIONS)
def test_a_good_lead_with_a_direction_goes_on_by_itself_and_becomes_a_deal_there(direction: str, route: str) -> None:
    """F-L5, F-L6: client cards once, one deal, in the direction chosen."""
    lead = deal_at("leads.in_work", to_create=("contact", "deal"), direction=direction)
    plan = move(lead, "good")
    assert stages(plan) == ["leads.good", f"leads.{route}"]
    assert of_kind(e.ClientsCreated, plan) == [e.ClientsCreated(frozenset({"contact"}))]
    assert of_kind(e.Converted, plan) == [e.Converted(direction, furniture().pipelines[direction].first)]


@pytest.mark.parametrize(("direction", "route"), DIRECTIONS)
def test_a_lead_can_be_sent_to_a_department_right_away(direction: str, route: str) -> None:
    """F-L6."""
    plan = move(deal_at("leads.in_work", to_create=("deal",)), route)
    assert [converted.pipeline for converted in of_kind(e.Converted, plan)] == [direction]
    [refusal] = _reasons(move(deal_at("leads.in_work", to_create=("contact",)), route))
    assert refusal.why == "Чтобы передать лид в отдел, отметьте «Сделку» в поле «Что создать»"


def test_a_bad_lead_ends_from_every_open_stage() -> None:
    """F-L2."""
    for stage in ("new", "in_work"):
        [changed] = of_kind(e.StageChanged, move(deal_at(f"leads.{stage}"), "bad"))
        assert changed.status == "lost"


# --- the order --------------------------------------------------------------------------------------------------


def test_assembly_is_only_for_those_who_need_it() -> None:
    """F-O5."""
    deal = deal_at("order.delivery", **PREPAID, delivery_at=NOW, assembly_at=later(days=2), assembler="7")
    assert codes(move(deal, "payment")) == [("missing", "needs_assembly")]
    needs = deal.with_fields({"needs_assembly": True})
    assert stages(move(needs, "assembly")) == ["order.assembly"]
    assert [reason.why for reason in _reasons(move(needs, "payment"))] == ["Клиенту нужна сборка — сначала «Монтаж»"]
    assert stages(move(deal.with_fields({"needs_assembly": False}), "payment")) == ["order.payment"]


def test_assembly_gives_the_job_and_the_control_call_and_reminds_the_evening_before() -> None:
    """F-O5, C-4."""
    visit = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
    deal = deal_at("order.delivery", **PREPAID, delivery_at=NOW, needs_assembly=True, assembly_at=visit, assembler="7")
    plan = move(deal, "assembly")
    assert {(task.name, task.due_at) for task in of_kind(e.TaskGiven, plan)} == {
        ("job", visit),
        ("check_quality", visit + timedelta(hours=4)),
    }
    due = {timer.rule: timer.due_at for timer in of_kind(e.TimerSet, plan)}
    evening = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)
    assert due["order.assembly.before-assembly_at-1440-1800.notify"] == evening
    assert due["order.assembly.before-assembly_at-1440-1800.notify.2"] == evening
    assert due["order.assembly.after-assembly_at-180.notify"] == datetime(2026, 3, 14, 10, 0, tzinfo=UTC)


def test_a_claim_closes_the_job_with_an_open_checklist_and_calls_the_supervisor() -> None:
    deal = replace(deal_at("order.assembly", claim="Царапина"), tasks={"job": None})
    job = furniture().task("order", "assembly", "job")
    plan = moves.plan_close(furniture(), deal, "job", job, "claim", ("Собрано, фото сделаны",), NOON)
    assert told(plan) == [("responsible", False), ("supervisor", True)]
    signed = moves.plan_close(furniture(), deal, "job", job, "signed", ("На месте",), NOON)
    assert [code for code, _ in codes(signed)] == ["missing", "items_open"]


# --- design and repair ------------------------------------------------------------------------------------------


def test_a_design_that_goes_to_assembly_is_carried_over_to_production_as_the_same_deal() -> None:
    """F-D6."""
    prepaid = {"design_price": Decimal(2), "design_prepayment": Decimal(1)}
    plan = move(deal_at("design.approval", design=("file",), budget=Decimal(1), **prepaid), "to_assembly")
    assert stages(plan) == ["design.to_assembly", "order.contract"]
    assert of_kind(e.Converted, plan) == []


def test_warranty_repair_is_only_for_a_warranty_that_has_not_run_out() -> None:
    """F-R3: the last day counts."""
    deal = deal_at("repair.warranty_check", warranty_case="warranty", warranty_until=date(2026, 3, 10))
    assert stages(move(deal, "warranty_repair")) == ["repair.warranty_repair"]
    over = deal.with_fields({"warranty_until": date(2026, 3, 9)})
    assert [reason.why for reason in _reasons(move(over, "warranty_repair"))] == [
        "Срок гарантии истёк: оформите платный ремонт"
    ]
    assert codes(move(deal.with_fields({"warranty_until": None}), "warranty_repair")) == [("missing", "warranty_until")]
    paid = deal.with_fields({"warranty_case": "paid"})
    assert len(_reasons(move(paid, "warranty_repair"))) == 2  # the way and the door say so, the term is good
    assert stages(move(paid, "prepayment")) == ["repair.prepayment"]


def test_at_the_appointed_time_of_the_visit_the_manager_is_asked_to_make_sure() -> None:
    """F-R3, F-R5."""
    visit = later(days=1, hours=3)
    for stage in ("warranty_repair", "paid_repair"):
        plan = moves.plan_fields(furniture(), deal_at(f"repair.{stage}"), {"visit_at": visit}, NOON)
        [timer] = of_kind(e.TimerSet, plan)
        assert (timer.due_at, timer.anchor) == (visit, visit.isoformat())
        rung = moves.plan_timer(furniture(), deal_at(f"repair.{stage}", visit_at=visit), timer.rule, timer.anchor, NOON)
        assert told(rung) == [("responsible", False)]


# --- endings ----------------------------------------------------------------------------------------------------


def lose(reason: str, now: datetime = NOW) -> e.Plan | e.Refusal:
    deal = deal_at("order.making", budget=Decimal(1), refusal_reason=reason)
    return moves.plan_move(furniture(), deal, "refused", moment(now, MOSCOW))


def test_a_refusal_asks_for_its_reason_and_offers_the_four() -> None:
    """F-E1, F-E4."""
    assert codes(move(deal_at("order.making"), "refused")) == [("missing", "refusal_reason")]
    options = furniture().fields["refusal_reason"].options  # type: ignore[union-attr]
    assert list(options.values()) == ["Дорого", "Неактуально", "Клиент не вышел на связь", "Другое"]
    assert [asked.fields for asked in of_kind(e.FieldsAsked, lose("expensive"))] == [("refusal_note",)]


def test_a_refusal_for_another_reason_gives_the_task_to_name_it() -> None:
    """F-E2, F-E3."""
    assert [task.name for task in of_kind(e.TaskGiven, lose("other"))] == ["state_reason", "call_back"]
    assert [task.name for task in of_kind(e.TaskGiven, lose("expensive"))] == ["call_back"]


@pytest.mark.parametrize(
    ("day", "due"), [(15, datetime(2026, 4, 1, 6, tzinfo=UTC)), (16, datetime(2026, 4, 15, 6, tzinfo=UTC))]
)
def test_the_call_back_is_due_by_the_half_of_the_month(day: int, due: datetime) -> None:
    """F-E5."""
    [task] = of_kind(e.TaskGiven, lose("silent", datetime(2026, 3, day, 12, tzinfo=UTC)))
    assert (task.task.list, task.due_at) == ("Повторный обзвон", due)


def test_a_discount_is_offered_only_after_the_supervisor_agreed() -> None:
    """F-E5: nothing that the manager could fill in himself opens it."""
    deal = replace(
        deal_at("order.refused", NOW, "making", discount="5 %", discount_approved=True), tasks={"call_back": None}
    )
    call = furniture().tasks["call_back"]

    def offer(state: DealState) -> e.Plan | e.Refusal:
        return moves.plan_close(furniture(), state, "call_back", call, "offered", (), NOON)

    assert [(reason.code, reason.cure) for reason in _reasons(offer(deal))] == [
        ("task_open", e.CloseTask("approve_discount"))
    ]
    [rule] = [rule for rule, _ in furniture().rules_of("order", "refused") if ".tap." in rule]
    [request] = of_kind(e.TaskGiven, moves.plan_tap(furniture(), deal, rule, NOON))
    assert (request.name, request.task.to) == ("approve_discount", "supervisor")
    for outcome, opens in (("decline", False), ("approve", True)):
        answered = replace(deal, tasks={"call_back": None, "approve_discount": outcome})
        assert isinstance(offer(answered), e.Plan) is opens


def test_back_to_work_takes_the_deal_to_the_stage_where_it_was_lost() -> None:
    deal = replace(deal_at("order.refused", NOW, "making", refusal_reason="silent"), tasks={"call_back": None})
    call = furniture().tasks["call_back"]
    assert stages(moves.plan_close(furniture(), deal, "call_back", call, "back", (), NOON)) == ["order.making"]
    returned = replace(deal_at("order.making", NOW, "refused", refusal_reason="silent"), tasks={"call_back": None})
    assert stages(moves.plan_close(furniture(), returned, "call_back", call, "back", (), NOON)) == []


def test_back_to_work_asks_what_the_stage_wants_before_the_call_is_done() -> None:
    deal = replace(deal_at("order.refused", NOW, "assembly", refusal_reason="silent"), tasks={"call_back": None})
    call = furniture().tasks["call_back"]
    wanted = [("missing", "assembly_at"), ("missing", "assembler")]
    assert codes(moves.plan_close(furniture(), deal, "call_back", call, "back", (), NOON)) == wanted


# --- all of it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", [f"{line}.{name}" for line, name, stage in furniture().every_stage if not stage.ending]
)
def test_every_open_stage_speaks_up_by_itself_and_can_be_left(place: str) -> None:
    process, deal = furniture(), deal_at(place)
    if place != "design.to_assembly":  # every deal leaves it at once
        robots = [robot for _, robot in process.rules_of(deal.pipeline, deal.stage)]
        assert any(isinstance(robot.on, Stuck | OnDate) for robot in robots)
        assert "silence" in [timer.rule for timer in of_kind(e.TimerSet, moves.plan_begin(process, deal, NOON))]
    directions = {option.direction for option in transitions.options(process, deal, NOON)}
    assert {"on", "ending"} & directions
    assert planned(moves.plan_begin(process, deal, NOON))


def _reasons(found: e.Plan | e.Refusal) -> tuple[e.Reason, ...]:
    assert isinstance(found, e.Refusal), found
    return found.reasons
