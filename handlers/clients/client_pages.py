"""Finding clients and deals, the client's card, duplicates."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_message, on_tap
from keyboards.clients import client_card as screens
from keyboards.clients.client_card import ClientView, DealLine
from keyboards.screen import Answer
from models import access
from models.entities import Client, Deal
from models.errors import NotFound
from models.process.process import Process
from models.values import phone as phones
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, Wrong
from services import search
from services.clients import client_cards
from services.deals import deal_queries
from services.unit_of_work import Work

LONGEST_NAME = 120


# --- search -----------------------------------------------------------------------------------------------------


@on_tap("find", access.SALES)
def find(visit: Visit) -> Answer:
    """Ask what to look for."""
    t = visit.t
    hint = t("Имя, телефон или номер сделки — например, Иванова, 912 345-67-89 или 0042")
    return form_runner.begin_text(visit, {"do": "find"}, t("Кого или что найти?"), hint, longest=200)


@form_runner.on_finish("find")
def asked(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    return results(visit, str(values["text"]))


@on_message(50, access.SALES)
def written(visit: Visit) -> Answer | None:
    """Any text or contact that no form is waiting for is looked for."""
    incoming = visit.incoming
    if incoming.file is not None or incoming.location is not None:
        return None
    if incoming.contact is not None:
        return results(visit, incoming.contact.phone)
    text = (incoming.text or "").strip()
    return results(visit, text) if text and not text.startswith("/") else None


def results(visit: Visit, text: str) -> Answer:
    """What was found; for a phone also the button that begins a lead with it."""
    work = visit.work
    found = search.look(work, text)
    new = _starter(work)
    lines = tuple(_line(work, one) for one in found.deals)
    lead = new[1] if new and found.phone else None
    return Answer(
        screens.found_screen(screens.FoundView(found.asked, found.clients, lines, found.phone, lead), visit.t)
    )


def _line(work: Work, one: Deal) -> DealLine:
    process = work.company.processes.get(one.process)
    stage = process.find_stage(one.pipeline, one.stage) if process else None
    return DealLine(one.id, one.number, one.title, stage.title if stage else one.stage, one.status)


def _starter(work: Work) -> tuple[Process, str] | None:
    """The process that takes leads, and the title of its button for a new one."""
    process = work.company.intake_process()
    if process is None or process.intake is None:
        return None
    new = process.pipelines[process.intake.pipeline].new
    return (process, new.button) if new else None


@on_tap("new_with", access.SALES)
def new_with(visit: Visit, phone: str) -> Answer:
    """A new lead whose phone is known already: the other questions are asked (F-L1)."""
    number_ = phones.parse_phone(f"+{number(phone)}")
    found = _starter(visit.work)
    if found is None:
        raise NotFound("button")
    process, title = found
    assert process.intake is not None
    pipeline = process.intake.pipeline
    new = process.pipelines[pipeline].new
    fields = [name for name in (new.ask if new else ()) if name != process.client.phone]
    purpose = {"do": "new_with", "process": process.process, "pipeline": pipeline, "phone": number_}
    intro = visit.t("{button}: {phone}", button=visit.t(title), phone=visit.t.phone(number_))
    optional = frozenset(fields) - {process.client.name}
    return form_runner.begin(visit, purpose, fields, process=process, optional=optional, intro=intro)


@form_runner.on_finish("new_with")
def begun(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The same as a new lead whose phone was asked."""
    process = visit.work.process(str(purpose["process"]))
    whole = {**values, process.client.phone: str(purpose["phone"])}
    rest = {name: value for name, value in purpose.items() if name != "phone"}
    return form_runner.FINISHERS["new"](visit, {**rest, "do": "new"}, whole)


# --- the card ---------------------------------------------------------------------------------------------------


def show(visit: Visit, client_id: int, toast: str | None = None) -> Answer:
    """The card of a client: NotFound."""
    return Answer(screens.client_card(_view(visit.work, client_cards.get(visit.work, client_id)), visit.t), toast)


@on_tap("client", access.SALES)
def open_(visit: Visit, client_id: str) -> Answer:
    return show(visit, number(client_id, "client"))


def _view(work: Work, client: Client) -> ClientView:
    return ClientView(
        client,
        client_cards.get(work, client.company_id) if client.company_id else None,
        tuple(search.contacts(work, client)) if client.kind == "company" else (),
        tuple(_line(work, one) for one in deal_queries.of_client(work, client.id)),
        tuple(search.duplicates(work, client)),
    )


@on_tap("cl_phone", access.SALES)
def ask_phone(visit: Visit, client_id: str) -> Answer:
    client = client_cards.get(visit.work, number(client_id, "client"))
    hint = visit.t("Например: {example}", example=phones.EXAMPLE)
    purpose: dict[str, str | int] = {"do": "cl_phone", "client": client.id}
    return form_runner.begin_text(visit, purpose, visit.t("Телефон: {name}", name=client.name), hint, longest=100)


@form_runner.on_finish("cl_phone")
def add_phone(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """Raises Wrong for what is no phone; a number that others have too shows them as duplicates."""
    client = client_cards.get(visit.work, int(purpose["client"]))
    others = client_cards.add_phone(visit.work, client.id, phones.parse_phone(str(values["text"])))
    said = visit.t("Телефон добавлен. Он есть и в другой карточке") if others else visit.t("Телефон добавлен")
    return show(visit, client.id, said)


@on_tap("cl_name", access.SALES)
def ask_name(visit: Visit, client_id: str) -> Answer:
    client = client_cards.get(visit.work, number(client_id, "client"))
    hint = visit.t("Сейчас: {name}", name=client.name)
    return form_runner.begin_text(
        visit, {"do": "cl_name", "client": client.id}, visit.t("Новое имя клиента"), hint, longest=LONGEST_NAME
    )


@form_runner.on_finish("cl_name")
def rename(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """Raises Wrong for a name without a letter or digit: it could not be read aloud or found again."""
    name = one_line(str(values["text"]), limit=LONGEST_NAME)
    if not is_meaningful_name(name):
        raise Wrong("name.meaningless", N_("Имя должно содержать хотя бы одну букву."), N_("Мария Иванова"))
    client = client_cards.get(visit.work, int(purpose["client"]))
    client_cards.rename(visit.work, client.id, name)
    return show(visit, client.id, visit.t("Готово"))


# --- duplicates -------------------------------------------------------------------------------------------------


def _pair(visit: Visit, one: str, other: str) -> tuple[Client, Client]:
    """Two cards that may become one: different ones, of one kind, with a phone in common."""
    found = client_cards.get(visit.work, number(one, "client")), client_cards.get(visit.work, number(other, "client"))
    first, second = found
    if first.id == second.id or first.kind != second.kind or not set(first.phones) & set(second.phones):
        raise NotFound("button")
    return found


@on_tap("merge", access.SALES)
def merge(visit: Visit, one: str, other: str) -> Answer:
    """Show both before they become one."""
    first, second = _pair(visit, one, other)
    return Answer(screens.merge_screen(_view(visit.work, first), _view(visit.work, second), visit.t))


@on_tap("merge_do", access.SALES)
def merged(visit: Visit, keep: str, drop: str) -> Answer:
    first, second = _pair(visit, keep, drop)
    kept = client_cards.merge(visit.work, first.id, second.id)
    return show(visit, kept.id, visit.t("Карточки объединены"))
