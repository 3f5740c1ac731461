"""All handlers, imported so that they register; and the one door through which an update reaches its handler."""

from __future__ import annotations

from handlers import claims, field_chat, home, payments, register, sms
from handlers.clients import client_pages
from handlers.deals import deal_actions, deferred_months, escalations, practice
from handlers.documents import paper_templates, papers, requisites
from handlers.files import deal_files, uploads
from handlers.forms import form_finishers, form_inputs, form_runner
from handlers.people import preferences, start, team
from handlers.request import COMMANDS, MESSAGES, TAPS, Visit
from handlers.tasks import checklist_editor, task_actions, task_snooze, task_templates
from handlers.visits import hours
from keyboards import buttons
from keyboards.screen import Answer
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
    form_finishers,
    form_inputs,
    form_runner,
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


def handle(visit: Visit) -> Answer:
    """What happens on this update. Errors of the CRM pass; who calls rolls back and shows them."""
    return _tapped(visit) if visit.incoming.kind == "tap" else _written(visit)


def _tapped(visit: Visit) -> Answer:
    tap = buttons.decode(visit.incoming.data)
    known = TAPS.get(tap.action) if tap else None
    if tap is None or known is None:
        raise NotFound("button")
    roles, handler = known
    if visit.me.role not in roles:
        raise NotAllowed
    try:
        return handler(visit, *tap.args)
    except TypeError as error:
        # a cut-off or padded button has too few or too many arguments; any other TypeError is ours
        if error.__traceback__ is not None and error.__traceback__.tb_next is None:
            raise NotFound("button") from error
        raise


def _written(visit: Visit) -> Answer:
    text = visit.incoming.text or ""
    if text.startswith("/"):
        name = text[1:].split(maxsplit=1)[0].partition("@")[0].lower() if len(text) > 1 else ""
        known = COMMANDS.get(name)
        if known is not None:
            roles, handler = known
            if visit.me.role not in roles:
                raise NotAllowed
            answer = handler(visit)
            if answer is not None:
                return answer
    for _, roles, handler in MESSAGES:
        if visit.me.role in roles:
            answer = handler(visit)
            if answer is not None:
                return answer
    return home.show(visit)
