"""Finding clients and deals: by a name, a phone, a number; and a new lead with the phone that was looked for."""

from __future__ import annotations

from handlers.forms import form_runner, purpose_registry
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from keyboards.callbacks.client_callbacks import AskSearch, BeginLead
from keyboards.clients import client_card as screens
from keyboards.clients.client_card import DealLine
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.process.process import Process
from models.values import phone as phones
from models.values.product_text import ProductText
from services import search
from services.oversight import client_looks
from services.purposes.client_purposes import SearchPurpose
from services.purposes.deal_purposes import NewDealPurpose, NewLeadPurpose
from services.unit_of_work import UnitOfWork


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
    if incoming.contact is not None:
        return results(request, incoming.contact.phone)
    text = (incoming.text or "").strip()
    return results(request, text) if text and not text.startswith("/") else None


def results(request: Request, text: str) -> Reply:
    """What was found; for a phone also the button that begins a lead with it."""
    work = request.work
    found = search.look(work, text)
    shown = client_looks.look(work, found.clients, "list_seen", ("search", None))
    new = _starter(work)
    lines = tuple(deal_line(request, one) for one in found.deals)
    lead = new[1] if new and found.phone else None
    screen = screens.found_screen(screens.FoundView(found.asked, shown, lines, found.phone, lead), request.t)
    return Reply(request.kept_here(screen) if len(shown.clients) + len(lines) > 1 else screen)


def deal_line(request: Request, one: Deal) -> DealLine:
    """A deal in a list."""
    process = request.work.company.processes.get(one.process)
    stage = process.find_stage(one.pipeline, one.stage) if process else None
    return DealLine(one.id, one.number, one.title, request.t(stage.title) if stage else one.stage, one.status)


def _starter(work: UnitOfWork) -> tuple[Process, ProductText] | None:
    """The process that takes leads, and the title of its button for a new one."""
    process = work.company.intake_process()
    if process is None or process.intake is None:
        return None
    new = process.pipelines[process.intake.pipeline].new
    return (process, new.button) if new else None


@on_callback(BeginLead, access.SALES)
def new_with(request: Request, press: BeginLead) -> Reply:
    """A new lead whose phone is known already: the other questions are asked (F-L1)."""
    number_ = phones.parse_phone(f"+{press.phone}")
    found = _starter(request.work)
    if found is None:
        raise NotFound("button")
    process, title = found
    assert process.intake is not None
    pipeline = process.intake.pipeline
    new = process.pipelines[pipeline].new
    fields = [name for name in (new.ask if new else ()) if name != process.client.phone]
    purpose = NewLeadPurpose(process.process, pipeline, number_)
    intro = request.t("{button}: {phone}", button=request.t(title), phone=request.t.phone(number_))
    optional = frozenset(fields) - {process.client.name}
    return form_runner.begin(request, purpose, fields, process=process, optional=optional, intro=intro)


@on_finish(NewLeadPurpose, access.SALES)
def begun(request: Request, purpose: NewLeadPurpose, values: FieldValues) -> Reply:
    """The same as a new lead whose phone was asked."""
    process = request.work.process(purpose.process)
    whole = {**values, process.client.phone: purpose.phone}
    return purpose_registry.finish(request, NewDealPurpose(purpose.process, purpose.pipeline), whole)
