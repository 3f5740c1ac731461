"""What happens after the last answer of a form: the wish that led to it completes itself (C-2)."""

from __future__ import annotations

from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.documents import papers as paper_handlers
from handlers.forms import form_runner
from handlers.forms.form_runner import on_finish
from handlers.request import Request
from handlers.tasks import task_actions as task_handlers
from keyboards import refusals
from keyboards.screen import Reply
from models.entities import Deal
from models.errors import MoveRefused, NotFound
from models.process.triggers import Tapped
from services.clients import client_cards
from services.deals import deal_commands, deal_queries
from services.tasks import checklists, task_commands, task_queries

Purpose = dict[str, str | int]
Values = dict[str, Any]


@on_finish("fill")
def fill(request: Request, purpose: Purpose, values: Values) -> Reply:
    """Fields of a deal."""
    deal = _filled(request, purpose, values)
    return deal_handlers.card(request, deal.id, request.t("Записано") if len(values) != 1 else None)


@on_finish("move")
def move(request: Request, purpose: Purpose, values: Values) -> Reply:
    """Fields, then the move that wanted them. What else is missing is asked; other reasons are said, and what was
    filled in stays."""
    deal, to = _filled(request, purpose, values), str(purpose["to"])
    if deal.stage == to:  # a robot was faster
        return deal_handlers.moved(request, deal)
    try:
        return deal_handlers.moved(request, deal_commands.move(request.work, deal.id, None, to))
    except MoveRefused as refused:
        return deal_handlers.refused_move(request, deal.id, to, refused.refusal)


@on_finish("tap")
def tap(request: Request, purpose: Purpose, values: Values) -> Reply:
    """The answers to what a robot's button asks, then the button itself."""
    deal, rule = _filled(request, purpose, values), str(purpose["rule"])
    process = request.work.process(deal.process)
    robot = process.rules.get(rule)
    try:
        deal_commands.tap(request.work, deal.id, rule, {})
    except MoveRefused as refused:
        said = refusals.reasons(refused.refusal.reasons, process, request.t)
        return deal_handlers.card(request, deal.id, "\n".join(said)[:190])
    title = robot.on.tap if robot and isinstance(robot.on, Tapped) else ""
    return deal_handlers.card(request, deal.id, request.t("Готово: «{stage}»", stage=request.t(title)))


@on_finish("item")
def item(request: Request, purpose: Purpose, values: Values) -> Reply:
    """A line of a checklist: its fields, and its tick (C-3)."""
    task_id = int(purpose["task"])
    deal = checklists.complete(request.work, task_id, int(purpose["item"]), values)
    return task_handlers.ticked(request, task_id, deal, int(purpose["item"]))


@on_finish("outcome")
def outcome(request: Request, purpose: Purpose, values: Values) -> Reply:
    """The answers to what an outcome asks, then the outcome. Refused, the answers stay."""
    task_id, name = int(purpose["task"]), str(purpose["outcome"])
    task = checklists.answer(request.work, task_id, name, values)
    deal = deal_queries.find(request.work, task.deal_id)
    if deal is None:
        raise NotFound("deal")
    found = task_queries.find(request.work, task_id)
    if found is None or found.state != "open":  # a robot on a filled field has taken it back
        return task_handlers.ticked(request, task_id, deal)
    try:
        return task_handlers.closed(request, task_id, task_commands.close(request.work, task_id, name), name)
    except MoveRefused as refused:
        process = request.work.process(deal.process)
        missing = refused.refusal.missing
        if refused.refusal.only_missing and missing:
            return form_runner.begin(request, purpose, missing, process=process, deal=deal)
        cured = paper_handlers.cured(request, deal, refused.refusal)
        if cured is not None:
            return cured
        said = refusals.reasons(refused.refusal.reasons, process, request.t)
        return task_handlers.show(request, task_id, "\n".join(said)[:190])


@on_finish("new")
def new(request: Request, purpose: Purpose, values: Values) -> Reply:
    """A new deal or lead; who begins it is responsible for it. Its client is whom the answer to «is it he?» named."""
    work = request.work
    process, pipeline = work.process(str(purpose["process"])), str(purpose["pipeline"])
    if pipeline not in process.pipelines:
        raise NotFound("button")
    chosen = purpose.get("client")
    client_id = client_cards.get(work, int(chosen)).id if chosen else None
    if chosen == 0:  # the same phone, another person
        name, phone = str(values.get(process.client.name) or ""), str(values[process.client.phone])
        client_id = client_cards.create(work, name, [phone]).id
    deal = deal_commands.begin(
        work, process, pipeline, values, source="manual", client_id=client_id, responsible_id=request.me.id
    )
    return deal_handlers.card(request, deal.id, request.t("Создано: № {number}", number=deal.number))


def _filled(request: Request, purpose: Purpose, values: Values) -> Deal:
    deal_id = int(purpose["deal"])
    return (
        deal_commands.fill(request.work, deal_id, values)
        if values
        else deal_queries.get_editable(request.work, deal_id)
    )
