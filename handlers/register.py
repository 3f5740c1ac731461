"""«Учёт клиентов» in the bot: statuses, entries, files; the status changes by moving the deal (M-5, M-14)."""

from __future__ import annotations

from handlers.deals import deal_actions as deal_handlers
from handlers.request import Request, on_callback
from keyboards import register as screens
from keyboards.callbacks.register_callbacks import (
    AskStatusChange,
    ChangeStatus,
    ExportRegister,
    ListEntries,
    OpenEntry,
    OpenRegister,
)
from keyboards.screen import InlineFile, Reply
from keyboards.translator import Translator
from models import access
from models.errors import NotFound
from models.fields.choice_field import ChoiceField
from models.process.process import Process
from models.values.product_text import ProductText
from services import sheet_export
from services.deals import deal_queries
from services.oversight import exports
from services.register import register_changes, register_entries, register_export, register_status
from services.register.register_entries import RegisterEntry

MOST = 3000  # entries in a file made within a press; more would keep everybody else waiting


@on_callback(OpenRegister, access.SALES)
def show(request: Request, press: OpenRegister) -> Reply:
    """The statuses, and how many entries of the person's reach have each."""
    found = register_entries.find(request.work, press.process)
    places = {words: place for place, words in enumerate(register_status.every(found))}
    counts = register_entries.counts(request.work, found)
    listed = [(places[words], words, n) for words, n in counts.items() if words in places]
    return Reply(screens.statuses(press.process, _title(found), listed, request.t))


@on_callback(ListEntries, access.SALES)
def entries(request: Request, press: ListEntries) -> Reply:
    """A page of the entries with one status, or with any."""
    found = register_entries.find(request.work, press.process)
    status = None if press.place is None else _status(found, press.place)
    page = register_entries.entries(request.work, found, status=status, after=press.after)
    lines = [screens.RegisterLineView(one.deal_id, one.client, one.date, one.status) for one in page.entries]
    shown = screens.page(press.process, _title(found), press.place, lines, page.after, request.t)
    return Reply(request.kept_here(shown) if lines else shown)


def _status(process: Process, place: int) -> ProductText:
    known = list(register_status.every(process))
    if not 0 <= place < len(known):
        raise NotFound("button")
    return known[place]


@on_callback(OpenEntry, access.SALES)
def entry(request: Request, press: OpenEntry) -> Reply:
    """One entry, as the deal stands now."""
    deal, found = register_entries.get(request.work, press.deal)
    today = request.work.company.calendar.today(request.work.now)
    return Reply(screens.entry(_view(request.work.process(deal.process), found, request.t), today, request.t))


@on_callback(ChangeStatus, access.SALES)
def status(request: Request, press: ChangeStatus) -> Reply:
    """The status follows the stage: the responsible gets the stage menu, others are sent to the supervisor (M-14)."""
    found = deal_queries.find(
        request.work, press.deal
    )  # even if it is a colleague's by now: that is when one has to ask
    if found is None or register_entries.find_entry(request.work, found) is None:
        raise NotFound("deal")
    if register_changes.can_change(request.work, found):
        return deal_handlers.stages(request, press.deal)
    return Reply(screens.not_yours(found.number, found.id, request.t))


@on_callback(AskStatusChange, access.SALES)
def ask(request: Request, press: AskStatusChange) -> Reply:
    """The supervisor is asked, with a button to answer."""
    text = request.t("Прошу изменить статус в учёте клиентов")
    told = register_changes.ask_above(request.work, press.deal, text)
    return Reply(screens.asked(", ".join(one.name for one in told), request.t))


@on_callback(ExportRegister, access.SALES)
def file(request: Request, press: ExportRegister) -> Reply:
    """All entries of the person's reach as a file."""
    found = register_entries.find(request.work, press.process)
    every = list(register_entries.every(request.work, found, MOST + 1))
    shown = every[:MOST]
    title = _title(found)
    data = (
        sheet_export.xlsx([register_export.sheet(title, shown)])
        if press.ending == "xlsx"
        else register_export.as_csv(shown)
    )
    exports.taken(request.work, "ledger", len(shown))
    day = request.work.company.calendar.today(request.work.now)
    made = InlineFile(f"{title} {day:%Y-%m-%d}.{press.ending}", data)
    whole = screens.file(title, made, len(shown), len(every) > MOST, request.t)
    return Reply(request.kept_here(whole), new=True)


def _title(process: Process) -> ProductText:
    assert process.ledger is not None
    return process.ledger.title


def _view(process: Process, one: RegisterEntry, t: Translator) -> screens.EntryView:
    return screens.EntryView(
        one.deal_id, process.process, one.number, one.client, one.status, one.date, one.sum,
        _result(process, one.result, t), one.contract_number,
        one.contract_sum, one.discount, one.full_name, one.phones, one.address, one.responsible,
    )  # fmt: skip


def _result(process: Process, said: str, t: Translator) -> str:
    """A choice in the reader's language, a text as it was typed."""
    field = process.fields.get((process.ledger.result if process.ledger else None) or "")
    titles = field.options.values() if isinstance(field, ChoiceField) else ()
    return next((t(one) for one in titles if one == said), said)
