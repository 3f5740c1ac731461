"""The client's card, what is changed on it, and two cards of one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.clients import client_search
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.undo import shows_undone
from keyboards.callbacks.client_callbacks import (
    AddClientPhone,
    AskMerge,
    CompareClients,
    MergeClients,
    OpenClient,
    RenameClient,
    WriteCompany,
)
from keyboards.clients import client_card as screens
from keyboards.clients.client_card import ClientView, OthersLine
from keyboards.oversight import look_words
from keyboards.screen import Reply
from models import access
from models.entities import Client
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.ids import ClientId
from models.oversight.looks import ShownClients
from models.undo import CardsBefore, Undo
from models.values import phone as phones
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, InvalidValue
from services import client_requests, undo
from services.clients import client_cards
from services.deals import client_access, client_merge, deal_queries
from services.oversight import client_looks
from services.personal import consents, person_keys
from services.purposes.client_purposes import ClientNamePurpose, ClientPhonePurpose
from services.search import finder

LONGEST_NAME = 120
MOST = 8  # people of a company, cards with the same phone


# --- the card ---------------------------------------------------------------------------------------------------


def show(request: Request, client_id: int, toast: str | None = None) -> Reply:
    """The card of a client, as far as the person may look at it: NotFound, NotAllowed."""
    view = _view(request, client_cards.get(request.work, client_id))
    shown = _look(request, view)
    if not shown.has(view.client):
        return _closed(request, shown)
    return Reply(screens.client_card(_within(view, shown), request.t), toast)


@on_callback(OpenClient, access.SALES)
def open_(request: Request, press: OpenClient) -> Reply:
    return show(request, press.client)


def _view(request: Request, client: Client) -> ClientView:
    work = request.work
    return ClientView(
        client,
        client_cards.get(work, client.company_id) if client.company_id else None,
        tuple(client_cards.contacts(work, client, MOST)) if client.kind == "company" else (),
        tuple(client_search.deal_line(request, one) for one in deal_queries.of_client(work, client.id)),
        tuple(client_cards.duplicates(work, client, MOST)),
        undo.find(work, CardsBefore, client.id),
        tuple(client_access.led_by(work, [client])),
        work.moment.today,
        consents.find(work, person_keys.near(work, client.id)),
        request.me.role in access.OWNER,
        tuple(OthersLine(one.number, one.led_by) for one in finder.of_colleagues(work, client.id)),
    )


def _look(request: Request, *views: ClientView) -> ShownClients:
    """These cards are looked at, with all whom they name."""
    every = [view.client for view in views]
    for view in views:
        every += [*((view.company,) if view.company else ()), *view.contacts, *view.duplicates]
    return client_looks.look(request.work, every, "client_seen", ("client", every[0].id))


def _within(view: ClientView, shown: ShownClients) -> ClientView:
    """The card without those whom the person may not see."""
    company = view.company if view.company and shown.has(view.company) else None
    contacts = tuple(one for one in view.contacts if shown.has(one))
    return replace(
        view, company=company, contacts=contacts, duplicates=tuple(one for one in view.duplicates if shown.has(one))
    )


def _closed(request: Request, shown: ShownClients) -> Reply:
    """In the card's place, what keeps it from the person: NotAllowed where a colleague leads the client."""
    if shown.hidden:
        raise NotAllowed(", ".join(shown.led_by))
    return Reply(look_words.past_screen(shown, request.t))


def _to_change(request: Request, client_id: ClientId, then: Callable[[Client], Reply]) -> Reply:
    """Ask for a change of a card that the person may change and look at."""
    client = client_cards.get(request.work, client_id)
    client_access.check(request.work, client)
    shown = client_looks.look(request.work, [client], "client_seen", ("client", client.id))
    return then(client) if shown.has(client) else _closed(request, shown)


@on_callback(AddClientPhone, access.SALES)
def ask_phone(request: Request, press: AddClientPhone) -> Reply:
    def ask(client: Client) -> Reply:
        hint = request.t("Например: {example}", example=phones.EXAMPLE)
        title = request.t("Телефон: {name}", name=client.name)
        return form_runner.begin_text(request, ClientPhonePurpose(client.id), title, hint, longest=100)

    return _to_change(request, press.client, ask)


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
    def ask(client: Client) -> Reply:
        hint = request.t("Сейчас: {name}", name=client.name)
        return form_runner.begin_text(
            request, ClientNamePurpose(client.id), request.t("Новое имя клиента"), hint, longest=LONGEST_NAME
        )

    return _to_change(request, press.client, ask)


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


@on_callback(WriteCompany, access.MANAGEMENT)
def write_company(request: Request, press: WriteCompany) -> Reply:
    """What a colleague has asked for: the firm stands in the card."""
    client, company = (client_cards.get(request.work, one) for one in (press.client, press.company))
    client_access.write_company(request.work, client, company)
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
    one, other = _view(request, first), _view(request, second)
    shown = _look(request, one, other)
    if not (shown.has(first) and shown.has(second)):
        return _closed(request, shown)
    led = client_access.led_by(request.work, (first, second))
    return Reply(screens.merge_screen(_within(one, shown), _within(other, shown), request.t, led))


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
