"""What was typed was no answer to the question that was open: a reminder, a search, a client's words, a place."""

from __future__ import annotations

from handlers import home
from handlers.clients import client_search
from handlers.deals import places
from handlers.files import uploads
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.request import Request
from handlers.tasks import next_steps
from keyboards.callbacks.forms.question_callbacks import NotAnswer
from keyboards.screen import Reply
from models import access
from models.values.dates import step_phrases
from models.values.geo_point import GeoPoint
from services import drafts


@on_question(NotAnswer)
def other(request: Request, form: Form, press: NotAnswer) -> Reply:
    """The question waits to be taken up again (it stands on the home screen); the words do what they were meant for."""
    heard, sender, place = form.draft.heard, form.draft.heard_from, form.draft.heard_place
    form.draft.heard, form.draft.heard_from, form.draft.heard_place, form.draft.stands = "", None, None, "parked"
    drafts.save(request.work, form.draft)
    if place is not None:
        return places.offer(request, GeoPoint(*place))
    if sender is not None:
        return uploads.ask_of_words(request, heard, sender)
    if step_phrases.is_asked(heard):
        return next_steps.asked(request, heard)
    return client_search.results(request, heard) if heard and request.me.role in access.SALES else home.show(request)
