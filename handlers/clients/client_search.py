"""Finding clients and deals: by a name, a phone, a number; and a new lead with the phone that was looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.clients import new_leads
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from keyboards.callbacks.client_callbacks import AskRange, AskSearch, NarrowSearch, SearchPage
from keyboards.clients import found_page, packed_words
from keyboards.clients.client_card import DealLine, OthersLine
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.field_values import FieldValues
from models.search import said_ranges, search_words
from models.values.invalid_value import N_
from services.clients import client_cards, lead_words
from services.files import uploads
from services.oversight import client_looks
from services.purposes.client_purposes import RangePurpose, SearchPurpose
from services.search import finder, narrowing, search_hits
from services.search.narrowing import SearchFilter


@on_callback(AskSearch, access.SALES)
def search_pressed(request: Request, press: AskSearch) -> Reply:
    return find(request)


def find(request: Request) -> Reply:
    """Ask what to look for."""
    t = request.t
    hint = t(
        "Имя, часть телефона, улица и дом, слова заказа, номер сделки или документа — например, Иванова, 6789, "
        "Садовая 7 или 0042"
    )
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


def results(request: Request, text: str, name: str = "", page: int = 0, only: str | None = None) -> Reply:
    """A page of what was found; for a phone also the button that begins a lead with it, and with the words and the name
    that came along."""
    work = request.work
    found = finder.look(work, text, page, only)
    shown = client_looks.look(work, found.clients, "list_seen", ("search", None))
    counts = (found.deals_count, found.clients_count - shown.hidden - shown.past, found.others_count)
    new = new_leads.starter(work)
    lead = new[1] if new and found.phone else None
    view = found_page.FoundView(
        found.asked,
        shown,
        tuple(found_lines(request, found.deals)),
        tuple(OthersLine(one.number, one.led_by) for one in found.others),
        counts,
        search_hits.MOST,
        found.page,
        found.pages,
        _packed(found.asked, found.only),
        found.phone,
        lead,
        found.guessed,
        found.digits,
        found.fault,
        found.only,
        _filter_title(request, found.only, text) if found.only else None,
        _words(request, text, name) if lead else None,
    )
    screen = found_page.found_screen(view, request.t)
    return Reply(request.kept_here(screen) if len(shown.clients) + len(found.deals) > 1 else screen)


def _packed(asked: str, only: str | None) -> str | None:
    """The words for the buttons of a page; None where they do not fit beside the filter."""
    packed = packed_words.pack(search_words.words(asked))
    return packed if packed is None or len(packed) + len(only or "") <= found_page.ROOM else None


@on_callback(SearchPage, access.SALES)
def turned(request: Request, press: SearchPage) -> Reply:
    """Another page: looked for anew, so that it shows what there is now."""
    return results(request, packed_words.unpack(press.words), page=press.page, only=press.only)


@on_callback(NarrowSearch, access.SALES)
def narrow(request: Request, press: NarrowSearch) -> Reply:
    """By what the deals that were found can be told apart."""
    text = packed_words.unpack(press.words)
    choices = [(one.word, _title(request, one), one.count) for one in finder.filters(request.work, text)]
    return Reply(found_page.narrow_screen(press.words, text, choices, request.t))


@on_callback(AskRange, access.SALES)
def range_pressed(request: Request, press: AskRange) -> Reply:
    """Sums or days, in one's own words."""
    t = request.t
    hint = t("От 100 000 до 200 000, больше 300 тыс., с 1 по 15 ноября, за октябрь, вчера: когда сделка пришла")
    return form_runner.begin_text(
        request, RangePurpose(press.words), t("Какая сумма или какие даты?"), hint, longest=100
    )


@on_finish(RangePurpose, access.SALES)
def range_said(request: Request, purpose: RangePurpose, values: FieldValues) -> Reply:
    said = said_ranges.read(str(values["text"]), request.work.moment.today)
    return results(request, packed_words.unpack(purpose.words), only=said.word)


def _title(request: Request, one: SearchFilter) -> str:
    """What a filter is called."""
    t = request.t
    kinds = {
        narrowing.WAITS: N_("Ждут меня"),
        narrowing.MINE: N_("Мои"),
        narrowing.OPEN: N_("Открытые"),
        narrowing.LATELY: N_("За 30 дней"),
    }
    if one.word in kinds:
        return t(kinds[one.word])
    if one.person is not None:
        return "👤 " + finder.leaders(request.work, [one.person])[one.person]
    if (said := said_ranges.of_word(one.word)) is not None:
        return found_page.range_title(said, t)
    process = request.work.company.processes.get(one.process)
    stage = process.find_stage(one.pipeline, one.stage) if process else None
    return t(stage.title) if stage else one.stage


def _filter_title(request: Request, only: str, text: str) -> str | None:
    if (said := said_ranges.of_word(only)) is not None:  # whatever it leaves, also nothing
        return found_page.range_title(said, request.t)
    found = (one for one in finder.filters(request.work, text) if one.word == only)
    return next((_title(request, one) for one in found), None)


def deal_line(request: Request, one: Deal) -> DealLine:
    """A deal in a list."""
    process = request.work.company.processes.get(one.process)
    stage = process.find_stage(one.pipeline, one.stage) if process else None
    return DealLine(one.id, one.number, one.title, request.t(stage.title) if stage else one.stage, one.status)


def found_lines(request: Request, deals: Sequence[Deal]) -> Iterator[DealLine]:
    """The same with whose each is: which client's, and which colleague's."""
    work = request.work
    cards = {one.id: one.name for one in client_cards.get_all(work, [one.client_id for one in deals if one.client_id])}
    leaders = finder.leaders(work, [one.responsible_id for one in deals if one.responsible_id != request.me.id])
    for one in deals:
        process = work.company.processes.get(one.process)
        said = one.fields.get(process.client.name) if process else None
        client = cards[one.client_id] if one.client_id in cards else str(said) if said else None
        led_by = None if one.responsible_id == request.me.id else leaders.get(one.responsible_id)
        yield replace(deal_line(request, one), client=client, led_by=led_by)


def _words(request: Request, text: str, name: str) -> str | None:
    """Words beside a number wait for the lead that may begin with them; their token."""
    if not name and not lead_words.read(text).is_more:
        return None
    heap = uploads.begin(request.work, None, None, request.work.now, text)
    heap.hear(text, None)
    heap.name = name
    uploads.save(request.work, heap)
    return heap.token
