"""All handlers, imported so that they register; and the one door through which an update reaches its handler."""

from __future__ import annotations

from handlers import claims, field_chat, forms, home, payments, register, sms
from handlers.clients import client_pages
from handlers.deals import deal_actions, deferred_months, escalations, practice
from handlers.documents import paper_templates, papers, requisites
from handlers.files import deal_files, uploads
from handlers.people import preferences, start, team
from handlers.request import CALLBACKS, COMMANDS, MESSAGES, Request
from handlers.tasks import checklist_editor, task_actions, task_snooze, task_templates
from handlers.visits import hours
from keyboards import buttons
from keyboards.screen import Reply
from models import discovery
from models.errors import NotAllowed, NotFound

ALL = (
    checklist_editor,
    claims,
    client_pages,
    deal_actions,
    deal_files,
    deferred_months,
    escalations,
    field_chat,
    forms,
    home,
    hours,
    paper_templates,
    papers,
    payments,
    practice,
    preferences,
    register,
    requisites,
    sms,
    start,
    task_actions,
    task_snooze,
    task_templates,
    team,
    uploads,
)
discovery.import_all(forms)


def handle(request: Request) -> Reply:
    """What happens on this update. Errors of the CRM pass; who calls rolls back and shows them."""
    return _tapped(request) if request.incoming.kind == "tap" else _written(request)


def _tapped(request: Request) -> Reply:
    tap = buttons.decode(request.incoming.data)
    known = CALLBACKS.get(tap.action) if tap else None
    if tap is None or known is None:
        raise NotFound("button")
    roles, handler = known
    if request.me.role not in roles:
        raise NotAllowed
    try:
        return handler(request, *tap.args)
    except TypeError as error:
        # a cut-off or padded button has too few or too many arguments; any other TypeError is ours
        if error.__traceback__ is not None and error.__traceback__.tb_next is None:
            raise NotFound("button") from error
        raise


def _written(request: Request) -> Reply:
    text = request.incoming.text or ""
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
