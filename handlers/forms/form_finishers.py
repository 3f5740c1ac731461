"""What happens after the last answer of a form: the wish that led to it completes itself (C-2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.documents import papers as paper_handlers
from handlers.forms import form_runner
from handlers.forms.form_runner import after_answer, is_settled
from handlers.forms.form_state import Form
from handlers.forms.known_client import KnownClient
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request
from handlers.tasks import job_pages
from handlers.tasks import task_actions as task_handlers
from keyboards import refusals
from keyboards.screen import Reply
from models import access
from models.engine.effects import Refusal
from models.entities import Deal
from models.errors import MoveRefused, NotFound
from models.field_values import FieldValues
from models.ids import ClientId, DealId
from models.process.triggers import Tapped
from models.values.product_text import NO_TEXT
from services.clients import client_cards
from services.deals import deal_commands, deal_queries
from services.form_purposes import Purpose
from services.oversight import client_looks
from services.purposes.deal_purposes import SOMEBODY_ELSE, FillPurpose, MovePurpose, NewDealPurpose, TapPurpose
from services.purposes.task_purposes import OutcomePurpose, TickPurpose
from services.tasks import checklists, task_commands, task_queries


@on_finish(FillPurpose, access.SALES)
def fill(request: Request, purpose: FillPurpose, values: FieldValues) -> Reply:
    """Fields of a deal."""
    deal = _filled(request, purpose.deal, values)
    return deal_handlers.card(request, deal.id, request.t("Записано") if len(values) != 1 else None)


@on_finish(MovePurpose, access.SALES)
def move(request: Request, purpose: MovePurpose, values: FieldValues) -> Reply:
    """Fields, then the move that wanted them. What else is missing is asked; other reasons are said, and what was
    filled in stays."""
    deal, to = _filled(request, purpose.deal, values), purpose.to
    if deal.stage == to:  # a robot was faster
        return deal_handlers.moved(request, deal)
    try:
        return deal_handlers.moved(request, deal_commands.move(request.work, deal.id, None, to))
    except MoveRefused as refused:
        return deal_handlers.refused_move(request, deal.id, to, refused.refusal)


@is_settled(MovePurpose)
def is_shut(request: Request, form: Form, purpose: MovePurpose) -> bool:
    """Whether the answers so far shut the way that the form is for (C-1)."""
    if form.deal is None:
        return False
    reasons = deal_queries.foresee(request.work, form.deal, {**form.values, **form.sums()}, purpose.to)
    return any(not one.is_asked for one in reasons)


@on_finish(TapPurpose, access.SALES)
def tap(request: Request, purpose: TapPurpose, values: FieldValues) -> Reply:
    """The answers to what a robot's button asks, then the button itself."""
    deal, rule = _filled(request, purpose.deal, values), purpose.rule
    process = request.work.process(deal.process)
    robot = process.rules.get(rule)
    try:
        deal_commands.tap(request.work, deal.id, rule, {})
    except MoveRefused as refused:
        if refused.refusal.only_missing:
            return _asked_on(request, purpose, refused.refusal, deal)
        said = refusals.reasons(refused.refusal.reasons, process, request.t, request.hidden(process))
        return deal_handlers.card(request, deal.id, "\n".join(said)[:190])
    title = robot.on.tap if robot and isinstance(robot.on, Tapped) else NO_TEXT
    return deal_handlers.card(request, deal.id, request.t("Готово: «{stage}»", stage=request.t(title)))


@on_finish(TickPurpose, access.EVERYONE)
def item(request: Request, purpose: TickPurpose, values: FieldValues) -> Reply:
    """A line of a checklist: its fields, and its tick (C-3)."""
    task = task_queries.get_mine(request.work, purpose.task)
    complete = job_pages.completed if purpose.held else task_handlers.complete
    return complete(request, task, checklists.find_item(task, purpose.item), values)


@on_finish(OutcomePurpose, access.EVERYONE)
def outcome(request: Request, purpose: OutcomePurpose, values: FieldValues) -> Reply:
    """The answers to what an outcome asks, then the outcome. Refused, the answers stay."""
    task_id, name, held = purpose.task, purpose.outcome, bool(purpose.held)
    task = checklists.answer(request.work, task_id, name, values)
    deal = deal_queries.find(request.work, task.deal_id)
    if deal is None:
        raise NotFound("deal")
    found = task_queries.find(request.work, task_id)
    if found is None or found.state != "open":  # a robot on a filled field has taken it back
        return task_handlers.ticked(request, task_id, deal, held=held)
    try:
        return task_handlers.closed(request, task_id, task_commands.close(request.work, task_id, name), name, held=held)
    except MoveRefused as refused:
        process = request.work.process(deal.process)
        if refused.refusal.only_missing:
            return _asked_on(request, purpose, refused.refusal, deal)
        cured = paper_handlers.cured(request, deal, refused.refusal)
        if cured is not None:
            return cured
        said = refusals.reasons(refused.refusal.reasons, process, request.t, request.hidden(process))
        return task_handlers.show(request, task_id, "\n".join(said)[:190], held=held)


@after_answer(NewDealPurpose)
def is_known(request: Request, form: Form, purpose: NewDealPurpose, value: Any) -> bool:
    """Somebody we know has this phone: is the new deal for him?"""
    if form.process is None or form.name != form.process.client.phone:
        return False
    if purpose.pipeline in form.process.practice:  # a learner's client is nobody we know (K-2)
        return False
    form.draft.purpose = replace(purpose, client=None)
    found = client_cards.find_by_phone(request.work, str(value))
    if found:
        client_looks.look(request.work, found[:1], "list_seen", ("phone", None))
        form.draft.stand(KnownClient(ClientId(found[0].id)))
    return bool(found)


@on_finish(NewDealPurpose, access.SALES)
def new(request: Request, purpose: NewDealPurpose, values: FieldValues) -> Reply:
    """A new deal or lead."""
    return begun(request, make(request, purpose, values))


def begun(request: Request, deal: Deal) -> Reply:
    """Its card."""
    return deal_handlers.card(request, deal.id, request.t("Создано: № {number}", number=deal.number))


def make(request: Request, purpose: NewDealPurpose, values: FieldValues) -> Deal:
    """Who begins a deal is responsible for it. Its client is whom the answer to «is it he?» named."""
    work = request.work
    process, pipeline = work.process(purpose.process), purpose.pipeline
    if pipeline not in process.pipelines:
        raise NotFound("button")
    client_id = client_cards.get(work, purpose.client).id if purpose.client else None
    if purpose.client == SOMEBODY_ELSE:
        name, phone = str(values.get(process.client.name) or ""), str(values[process.client.phone])
        client_id = client_cards.create(work, name, [phone]).id
    return deal_commands.begin(
        work, process, pipeline, values, source="manual", client_id=client_id, responsible_id=request.me.id
    )


def _asked_on(request: Request, purpose: Purpose, refusal: Refusal, deal: Deal) -> Reply:
    """What only a conversation cures: the rest is asked, or what is known is shown together for a yes."""
    process = request.work.process(deal.process)
    return form_runner.begin(
        request, purpose, refusal.missing, process=process, deal=deal, together=refusal.unconfirmed
    )  # fmt: skip


def _filled(request: Request, deal_id: DealId, values: FieldValues) -> Deal:
    return (
        deal_commands.fill(request.work, deal_id, values)
        if values
        else deal_queries.get_editable(request.work, deal_id)
    )
