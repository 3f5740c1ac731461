"""All handlers, imported so that they register; and the one door through which an update reaches its handler."""

from __future__ import annotations

import structlog

from handlers import claims, corrections, field_chat, forms, home, payments, register, sms, typed_elsewhere, undo
from handlers.clients import client_pages, client_search
from handlers.deals import calls, deal_actions, deferred_months, escalations, places, practice
from handlers.documents import paper_making, paper_templates, papers, requisites
from handlers.files import deal_files, handed_files, upload_answers, upload_leads, uploads
from handlers.oversight import client_limits
from handlers.people import left_work, preferences, rights, start, team
from handlers.request import CALLBACKS, COMMANDS, MESSAGES, Request
from handlers.tasks import checklist_editor, next_steps, task_actions, task_handover, task_snooze, task_templates
from handlers.visits import hours
from keyboards import callback_data, callbacks
from keyboards.callback_data import CallbackData
from keyboards.screen import Reply
from models import discovery
from models.errors import NotAllowed, NotFound
from services import drafts
from services.deals import before_press

logger = structlog.get_logger("handlers.routes")
discovery.import_all(callbacks, deep=True)

ALL = (
    calls,
    checklist_editor,
    claims,
    client_limits,
    client_pages,
    client_search,
    deal_actions,
    deal_files,
    deferred_months,
    escalations,
    field_chat,
    forms,
    home,
    hours,
    left_work,
    next_steps,
    paper_making,
    paper_templates,
    papers,
    payments,
    places,
    practice,
    preferences,
    register,
    requisites,
    rights,
    sms,
    start,
    task_actions,
    task_handover,
    task_snooze,
    task_templates,
    team,
    typed_elsewhere,
    undo,
    upload_answers,
    handed_files,
    upload_leads,
    uploads,
)
discovery.import_all(forms)


def handle(request: Request) -> Reply:
    """What happens on this update. Errors of the CRM pass; who calls rolls back and shows them."""
    reply = _tapped(request) if request.incoming.kind == "tap" else _written(request)
    before_press.keep(request.work)
    if request.me.question == "asked" and _leads_elsewhere(request, reply):
        drafts.go_elsewhere(request.work)
    return reply


def _leads_elsewhere(request: Request, reply: Reply) -> bool:
    """Whether who is asked something looks at something else now (day 1). A photo on its way leads nowhere."""
    return reply.screen is not None and not reply.remember_form and request.incoming.file is None


def _tapped(request: Request) -> Reply:
    """NotFound for what nobody knows: a button of another version, one that is cut off or forged."""
    raw = request.incoming.data or ""
    form = callback_data.find_format(raw)
    known = CALLBACKS.get(form.made) if form else None
    if form is None or known is None:
        logger.info("a press of a button that this version does not know", action=callback_data.action_of(raw))
        raise NotFound("button")
    if request.me.role not in known.roles:
        raise NotAllowed
    press = form.read(raw)
    if press is None:
        logger.info("a press that is cut off or forged", action=form.word)
        raise NotFound("button")
    return known.handler(request, press)


def _written(request: Request) -> Reply:
    text = request.incoming.text or ""
    if request.incoming.edited:
        return corrections.corrected(request)
    if text.startswith("/"):
        name = text[1:].split(maxsplit=1)[0].partition("@")[0].lower() if len(text) > 1 else ""
        known = COMMANDS.get(name)
        if known is not None:
            roles, handler = known
            if request.me.role not in roles:
                raise NotAllowed
            answer = handler(request)
            if answer is not None:
                return answer
    for _, roles, handler in MESSAGES:
        if request.me.role in roles:
            answer = handler(request)
            if answer is not None:
                return answer
    return home.show(request)


def missing() -> list[str]:
    """Presses that nothing would answer: no handler, or one for nobody; and those without a word."""
    declared = {one.made for one in callback_data.FORMATS.values()}
    wordless = (one for one in discovery.leaves(CallbackData) if one not in declared)
    lone = (one for one in callback_data.FORMATS.values() if one.made not in CALLBACKS)
    barred = (press for press, known in CALLBACKS.items() if not known.roles)
    return [
        *(f"the press {one.made.__name__} ({one.word}) has no handler" for one in lone),
        *(f"the press {press.__name__} may be pressed by nobody" for press in barred),
        *(f"the press {press.__name__} has no word that a button carries" for press in wordless),
    ]
