"""Finding clients and deals, the client's card, duplicates."""

from __future__ import annotations

from handlers.forms import form_runner, purpose_registry
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from handlers.undo import shows_undone
from keyboards.callbacks.client_callbacks import (
    AddClientPhone,
    AskMerge,
    AskSearch,
    BeginLead,
    CompareClients,
    MergeClients,
    OpenClient,
    RenameClient,
)
from keyboards.clients import client_card as screens
from keyboards.clients.client_card import ClientView, DealLine
from keyboards.screen import Reply
from models import access
from models.entities import Client, Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.ids import ClientId
from models.process.process import Process
from models.undo import CardsBefore, Undo
from models.values import phone as phones
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText
from services import client_requests, search, undo
from services.clients import client_cards
from services.deals import client_access, client_merge, deal_queries
from services.personal import consents, person_keys
from services.purposes.client_purposes import ClientNamePurpose, ClientPhonePurpose, SearchPurpose
from services.purposes.deal_purposes import NewDealPurpose, NewLeadPurpose
from services.unit_of_work import UnitOfWork

LONGEST_NAME = 120


# --- search -----------------------------------------------------------------------------------------------------


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
    new = _starter(work)
    lines = tuple(_line(request, one) for one in found.deals)
    lead = new[1] if new and found.phone else None
    return Reply(
        screens.found_screen(screens.FoundView(found.asked, found.clients, lines, found.phone, lead), request.t)
    )


def _line(request: Request, one: Deal) -> DealLine:
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


# --- the card ---------------------------------------------------------------------------------------------------


def show(request: Request, client_id: int, toast: str | None = None) -> Reply:
    """The card of a client: NotFound."""
    return Reply(screens.client_card(_view(request, client_cards.get(request.work, client_id)), request.t), toast)


@on_callback(OpenClient, access.SALES)
def open_(request: Request, press: OpenClient) -> Reply:
    return show(request, press.client)


def _view(request: Request, client: Client) -> ClientView:
    work = request.work
    return ClientView(
        client,
        client_cards.get(work, client.company_id) if client.company_id else None,
        tuple(search.contacts(work, client)) if client.kind == "company" else (),
        tuple(_line(request, one) for one in deal_queries.of_client(work, client.id)),
        tuple(search.duplicates(work, client)),
        undo.find(work, CardsBefore, client.id),
        tuple(client_access.led_by(work, [client])),
        work.moment.today,
        consents.find(work, person_keys.near(work, client.id)),
        request.me.role in access.OWNER,
    )


@on_callback(AddClientPhone, access.SALES)
def ask_phone(request: Request, press: AddClientPhone) -> Reply:
    client = client_cards.get(request.work, press.client)
    client_access.check(request.work, client)
    hint = request.t("Например: {example}", example=phones.EXAMPLE)
    purpose = ClientPhonePurpose(client.id)
    return form_runner.begin_text(request, purpose, request.t("Телефон: {name}", name=client.name), hint, longest=100)


@on_finish(ClientPhonePurpose, access.SALES)
def add_phone(request: Request, purpose: ClientPhonePurpose, values: FieldValues) -> Reply:
    """Raises Wrong for what is no phone; a number that others have too shows them as duplicates."""
    client = client_cards.get(request.work, purpose.client)
    client_access.check(request.work, client)
    others = client_cards.add_phone(request.work, client.id, phones.parse_phone(str(values["text"])))
    said = request.t("Телефон добавлен. Он есть и в другой карточке") if others else request.t("Телефон добавлен")
    return show(request, client.id, said)


@on_callback(RenameClient, access.SALES)
def ask_name(request: Request, press: RenameClient) -> Reply:
    client = client_cards.get(request.work, press.client)
    client_access.check(request.work, client)
    hint = request.t("Сейчас: {name}", name=client.name)
    return form_runner.begin_text(
        request, ClientNamePurpose(client.id), request.t("Новое имя клиента"), hint, longest=LONGEST_NAME
    )


@on_finish(ClientNamePurpose, access.SALES)
def rename(request: Request, purpose: ClientNamePurpose, values: FieldValues) -> Reply:
    """Raises Wrong for a name without a letter or digit: it could not be read aloud or found again."""
    name = one_line(str(values["text"]), limit=LONGEST_NAME)
    if not is_meaningful_name(name):
        raise InvalidValue("name.meaningless", N_("Имя должно содержать хотя бы одну букву."), N_("Мария Иванова"))
    client = client_cards.get(request.work, purpose.client)
    client_access.check(request.work, client)
    client_cards.rename(request.work, client.id, name)
    return show(request, client.id, request.t("Готово"))


# --- duplicates -------------------------------------------------------------------------------------------------


def _pair(request: Request, one: ClientId, other: ClientId) -> tuple[Client, Client]:
    """Two cards that may become one: different ones, of one kind, with a phone in common."""
    first, second = client_cards.get(request.work, one), client_cards.get(request.work, other)
    if first.id == second.id or first.kind != second.kind or not set(first.phones) & set(second.phones):
        raise NotFound("button")
    return first, second


@on_callback(CompareClients, access.SALES)
def merge(request: Request, press: CompareClients) -> Reply:
    """Show both before they become one."""
    first, second = _pair(request, press.one, press.other)
    led = client_access.led_by(request.work, (first, second))
    return Reply(screens.merge_screen(_view(request, first), _view(request, second), request.t, led))


@on_callback(AskMerge, access.SALES)
def ask_merge(request: Request, press: AskMerge) -> Reply:
    """Who may not join them asks those above, who see both."""
    first, second = _pair(request, press.one, press.other)
    told = client_requests.ask_merge(request.work, first, second)
    return show(request, first.id, request.t("Спросил: {names}", names=", ".join(one.name for one in told)))


@on_callback(MergeClients, access.SALES)
def merged(request: Request, press: MergeClients) -> Reply:
    first, second = _pair(request, press.keep, press.drop)
    kept = client_merge.merge(request.work, first.id, second.id)
    return show(request, kept.id, request.t("Карточки объединены"))


@shows_undone(CardsBefore)
def parted(request: Request, done: Undo) -> Reply:
    """The card that was kept, alone again."""
    return show(request, done.about, request.t("Карточки снова разделены"))
