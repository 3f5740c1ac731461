"""Finding clients and deals: by a name, a phone, a number; and a new lead with the phone that was looked for."""

from __future__ import annotations

from handlers.clients import new_leads
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from keyboards.callbacks.client_callbacks import AskSearch
from keyboards.clients import client_card as screens
from keyboards.clients.client_card import DealLine
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.field_values import FieldValues
from services import search
from services.clients import lead_words
from services.files import uploads
from services.oversight import client_looks
from services.purposes.client_purposes import SearchPurpose


@on_callback(AskSearch, access.SALES)
def search_pressed(request: Request, press: AskSearch) -> Reply:
    return find(request)


def find(request: Request) -> Reply:
    """Ask what to look for."""
    t = request.t
    hint = t("Имя, телефон или номер сделки — например, Иванова, 912 345-67-89 или 0042")
    return form_runner.begin_text(request, SearchPurpose(), t("Кого или что найти?"), hint, longest=200)


@on_finish(SearchPurpose, access.SALES)
def asked(request: Request, purpose: SearchPurpose, values: FieldValues) -> Reply:
    return results(request, str(values["text"]))


@on_message(50, access.SALES)
def written(request: Request) -> Reply | None:
    """Any text or contact that no form is waiting for is looked for."""
    incoming = request.incoming
    if incoming.file is not None or incoming.location is not None:
        return None
    if incoming.forwarded is not None:  # somebody else's words: where do they belong? (handlers/files/uploads)
        return None
    if incoming.contact is not None:
        return results(request, incoming.contact.phone, name=incoming.contact.name)
    text = (incoming.text or "").strip()
    return results(request, text) if text and not text.startswith("/") else None


def results(request: Request, text: str, name: str = "") -> Reply:
    """What was found; for a phone also the button that begins a lead with it, and with the words and the name that
    came along."""
    work = request.work
    found = search.look(work, text)
    shown = client_looks.look(work, found.clients, "list_seen", ("search", None))
    new = new_leads.starter(work)
    lines = tuple(deal_line(request, one) for one in found.deals)
    lead = new[1] if new and found.phone else None
    words = _words(request, text, name) if lead else None
    screen = screens.found_screen(screens.FoundView(found.asked, shown, lines, found.phone, lead, words), request.t)
    return Reply(request.kept_here(screen) if len(shown.clients) + len(lines) > 1 else screen)


def deal_line(request: Request, one: Deal) -> DealLine:
    """A deal in a list."""
    process = request.work.company.processes.get(one.process)
    stage = process.find_stage(one.pipeline, one.stage) if process else None
    return DealLine(one.id, one.number, one.title, request.t(stage.title) if stage else one.stage, one.status)


def _words(request: Request, text: str, name: str) -> str | None:
    """Words beside a number wait for the lead that may begin with them; their token."""
    if not name and not lead_words.read(text).is_more:
        return None
    heap = uploads.begin(request.work, None, None, request.work.now, text)
    heap.hear(text, None)
    heap.name = name
    uploads.save(request.work, heap)
    return heap.token
