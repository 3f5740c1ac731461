"""«Учёт клиентов» in the bot: statuses, entries, files; the status changes by moving the deal (M-5, M-14)."""

from __future__ import annotations

from handlers.deals import deal_actions as deal_handlers
from handlers.request import Visit, number, on_tap
from keyboards import register as screens
from keyboards.screen import Answer, Attachment
from models import access
from models.errors import NotFound
from models.process.process import Process
from services.deals import deal_queries
from services.register import register_changes, register_entries, register_export, register_status
from services.register.register_entries import Entry

MOST = 3000  # entries in a file made within a press; more would keep everybody else waiting


@on_tap("ledger", access.SALES)
def show(visit: Visit, process: str) -> Answer:
    """The statuses, and how many entries of the person's reach have each."""
    found = register_entries.find(visit.work, process)
    places = {words: place for place, words in enumerate(register_status.every(found))}
    counts = register_entries.counts(visit.work, found)
    listed = [(places[words], words, n) for words, n in counts.items() if words in places]
    return Answer(screens.statuses(process, _title(found), listed, visit.t))


@on_tap("ledger_of", access.SALES)
def entries(visit: Visit, process: str, place: str, after: str = "") -> Answer:
    """A page of the entries with one status, or with any."""
    found = register_entries.find(visit.work, process)
    status = None if place == screens.EVERY else _status(found, number(place))
    page = register_entries.entries(visit.work, found, status=status, after=number(after, "deal") if after else None)
    lines = [screens.LedgerLine(one.deal_id, one.client, one.date, one.status) for one in page.entries]
    return Answer(screens.page(process, _title(found), place, lines, page.after, visit.t))


def _status(process: Process, place: int) -> str:
    known = list(register_status.every(process))
    if not 0 <= place < len(known):
        raise NotFound("button")
    return known[place]


@on_tap("ledger_one", access.SALES)
def entry(visit: Visit, deal_id: str) -> Answer:
    """One entry, as the deal stands now."""
    deal, found = register_entries.get(visit.work, number(deal_id, "deal"))
    today = visit.work.company.calendar.today(visit.work.now)
    return Answer(screens.entry(_view(deal.process, found), today, visit.t))


@on_tap("ledger_st", access.SALES)
def status(visit: Visit, deal_id: str) -> Answer:
    """The status follows the stage: the responsible gets the stage menu, others are sent to the supervisor (M-14)."""
    key = number(deal_id, "deal")
    found = deal_queries.find(visit.work, key)  # even if it is a colleague's by now: that is when one has to ask
    if found is None or register_entries.find_entry(visit.work, found) is None:
        raise NotFound("deal")
    if register_changes.may_change(visit.work, found):
        return deal_handlers.stages(visit, deal_id)
    return Answer(screens.not_yours(found.number, key, visit.t))


@on_tap("ledger_ask", access.SALES)
def ask(visit: Visit, deal_id: str) -> Answer:
    """The supervisor is asked, with a button to answer."""
    text = visit.t("Прошу изменить статус в учёте клиентов")
    told = register_changes.ask_above(visit.work, number(deal_id, "deal"), text)
    return Answer(screens.asked(", ".join(one.name for one in told), visit.t))


@on_tap("ledger_file", access.SALES)
def file(visit: Visit, process: str, ending: str) -> Answer:
    """All entries of the person's reach as a file."""
    if ending not in ("xlsx", "csv"):
        raise NotFound("button")
    found = register_entries.find(visit.work, process)
    every = list(register_entries.every(visit.work, found, MOST + 1))
    shown = every[:MOST]
    title = _title(found)
    data = register_export.xlsx({title: shown}) if ending == "xlsx" else register_export.as_csv(shown)
    day = visit.work.company.calendar.today(visit.work.now)
    made = Attachment(f"{title} {day:%Y-%m-%d}.{ending}", data)
    return Answer(screens.file(title, made, len(shown), len(every) > MOST, visit.t), new=True)


def _title(process: Process) -> str:
    assert process.ledger is not None
    return process.ledger.title


def _view(process: str, one: Entry) -> screens.EntryView:
    return screens.EntryView(
        one.deal_id, process, one.number, one.client, one.status, one.date, one.sum, one.result, one.contract_number,
        one.contract_sum, one.discount, one.full_name, one.phones, one.address, one.responsible,
    )  # fmt: skip
