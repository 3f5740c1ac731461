"""Papers of a deal: looked at, sent again, with the client (K-11, K-12). How they are made: `paper_making`."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.notices.composers import composes
from handlers.request import Request, on_callback
from keyboards import refusals
from keyboards.callbacks.paper_callbacks import (
    ListPapers,
    MarkPaperSent,
    OpenPaper,
    RemindOwner,
    SendPaperAgain,
)
from keyboards.documents import papers as screens
from keyboards.documents.papers import PaperVersion, PaperView
from keyboards.forms import field_words
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import DealFile, Reply, Screen
from keyboards.translator import Translator, translator
from models import access
from models.engine import balances
from models.engine.effects import MakePaper, Refusal
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.ids import PaperId, TaskId
from models.notices.document_notices import PaperReady
from models.process.process import Process
from services.deals import deal_queries
from services.documents import empty_places, papers, printing, stored_requisites
from services.documents.papers import Paper
from services.documents.requisites import TITLES
from services.files import stored_files
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


def shown(work: UnitOfWork, process: Process, deal: Deal) -> Mapping[str, str]:
    """A deal's fields as text in the company's language, "" where nothing is known: papers leave a line there."""
    t = translator(work.company.locale, work.company.calendar.zone)
    names: dict[int, str] = {one.id: one.name for one in employees.staff(work)}
    return {
        name: "" if (value := deal.fields.get(name)) in (None, "", ()) else field_words.value(t, field, value, names)
        for name, field in process.fields.items()
    }


# --- looking ----------------------------------------------------------------------------------------------------


def page(request: Request, deal_id: int, toast: str | None = None) -> Reply:
    """All papers of the deal that the person may see."""
    deal = deal_queries.get(request.work, deal_id)
    process = request.work.process(deal.process)
    every = papers.of_deal(request.work, deal.id)
    seen = [name for name, one in process.papers.items() if access.can_see_paper(request.me, one)]
    found = [_view(request, deal, process, name, every) for name in seen]
    return Reply(screens.papers(deal, found, request.work.now, request.t), toast)


def one_page(request: Request, deal: Deal, name: str, toast: str | None = None) -> Reply:
    """One paper with its versions."""
    view = _seen(request, deal, name)
    task = next(
        (one for one in task_queries.of_deal(request.work, deal.id) if task_queries.can_act(request.work, one)), None
    )
    return Reply(screens.paper(deal, view, request.work.now, request.t, task), toast)


def _seen(request: Request, deal: Deal, name: str) -> PaperView:
    process = request.work.process(deal.process)
    if name not in process.papers:
        raise NotFound("paper")
    if not access.can_see_paper(request.me, process.papers[name]):
        raise NotAllowed
    return _view(request, deal, process, name, papers.of_deal(request.work, deal.id))


def _view(request: Request, deal: Deal, process: Process, name: str, every: list[Paper]) -> PaperView:
    own = [one for one in every if one.name == name]
    made = [one for one in own if one.state == papers.MADE]
    last = own[-1] if own else None
    failure = last.failure if last and last.state == papers.FAILED else None
    titles = {key: field.title for key, field in process.fields.items()}
    return PaperView(
        name,
        process.papers[name].title,
        tuple(map(_version, made)),
        last is not None and last.state == papers.ASKED,
        screens.why(failure, titles, request.t) if failure else None,
        not made or printing.is_fresh(request.work, deal, made[-1], every, shown),
        access.can_make_papers(request.me, deal),
        process.papers[name].pays and balances.is_paid_in_full(process, deal),
    )


def _version(one: Paper) -> PaperVersion:
    return PaperVersion(one.id, one.number, one.version, one.file_id, one.author, one.made_at or one.at, one.sent_at)


@on_callback(ListPapers, access.SALES)
def open_all(request: Request, press: ListPapers) -> Reply:
    return page(request, press.deal)


@on_callback(OpenPaper, access.SALES)
def open_one(request: Request, press: OpenPaper) -> Reply:
    return one_page(request, deal_queries.get(request.work, press.deal), press.name)


# --- making -----------------------------------------------------------------------------------------------------


def being_made(request: Request, deal: Deal, name: str) -> str:
    """What is said at once; the document comes as a message of its own."""
    return request.t("Готовлю: {paper}…", paper=request.t(request.work.process(deal.process).papers[name].title))


def without_requisites(request: Request, deal: Deal) -> Reply | None:
    """What stands in the way of any paper: the company's requisites are not filled in."""
    missing = stored_requisites.get(request.work).missing()
    if not missing:
        return None
    titles = [TITLES[name] for name in missing]
    return Reply(screens.no_requisites(deal, titles, request.t, is_owner=request.me.role in access.OWNER))


@on_callback(RemindOwner, access.EVERYONE)
def ask_owner(request: Request, press: RemindOwner) -> Reply:
    """One tap reminds the owner of the requisites, once a day."""
    deal = deal_queries.get(request.work, press.deal)
    if printing.remind_owner(request.work, deal):
        return Reply(None, request.t("Напомнил владельцу"))
    return Reply(None, request.t("В компании нет владельца: напомнить некому"), alert=True)


# --- sending ----------------------------------------------------------------------------------------------------


@on_callback(SendPaperAgain, access.SALES)
def send_again(request: Request, press: SendPaperAgain) -> Reply:
    """The file once more, below."""
    deal, one = _paper(request, press.paper)
    return Reply(toast=request.t("Присылаю"), also=(_document(request.work, request.t, deal, one),))


@on_callback(MarkPaperSent, access.SALES)
def sent(request: Request, press: MarkPaperSent) -> Reply:
    """The client has it (K-12). A second press changes nothing."""
    deal, one = _paper(request, press.paper)
    if not access.can_make_papers(request.me, deal):
        raise NotAllowed
    first = printing.sent(request.work, one)
    said = request.t("Записано: клиенту отправлено") if first else request.t("Уже записано")
    return one_page(request, deal, one.name, said)


def _paper(request: Request, paper_id: PaperId) -> tuple[Deal, Paper]:
    one = papers.find(request.work, paper_id)
    if one is None or one.state != papers.MADE:
        raise NotFound("paper")
    deal = deal_queries.get(request.work, one.deal_id)
    _seen(request, deal, one.name)
    return deal, one


# --- what waits for a paper -------------------------------------------------------------------------------------


def cured(request: Request, deal: Deal, refusal: Refusal) -> Reply | None:
    """The paper that a refused step waits for, with the reasons above; None if it waits for none."""
    process = request.work.process(deal.process)
    names = [one.cure.paper for one in refusal.reasons if isinstance(one.cure, MakePaper)]
    if not names or not access.can_make_papers(request.me, deal):
        return None
    said = refusals.reasons(refusal.reasons, process, request.t, request.hidden(process))
    view = _seen(request, deal, names[0])
    return Reply(screens.blocked(deal, view, said, request.work.now, request.t), said[0][:190])


# --- messages ---------------------------------------------------------------------------------------------------


@composes(PaperReady)
def notice(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """The paper itself, or why there is none; None if there is nothing to tell any more."""
    deal, me, said = sent.deal, work.actor, sent.notice
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or me is None or process is None or not isinstance(said, PaperReady):
        return None
    described = process.papers.get(said.name)
    if described is None or not access.can_see_paper(me, described):
        return None
    if said.failure:
        titles = {key: field.title for key, field in process.fields.items()}
        why, is_owner = screens.why(said.failure, titles, t), me.role in access.OWNER
        return screens.not_made(described.title, said.name, deal, said.failure, why, t, is_owner=is_owner)
    one = papers.find(work, said.paper)
    if one is None or one.file_id is None:
        return None
    return _document(work, t, deal, one, same=said.same, task=sent.job)


def _document(
    work: UnitOfWork, t: Translator, deal: Deal, one: Paper, *, same: bool = False, task: TaskId | None = None
) -> Screen:
    assert one.file_id is not None
    process, me = work.process(deal.process), work.actor
    may_mark = me is not None and access.can_make_papers(me, deal)
    document = DealFile(one.file_id, _file_name(work, one))
    empty = empty_places.left(work, deal, one)
    return screens.arrived(
        process.papers[one.name].title, _version(one), deal, document, t, same=same, may_mark=may_mark, task=task,
        empty=[place.title for place in empty], fill=one.name if any(place.fields for place in empty) else "",
    )  # fmt: skip


def _file_name(work: UnitOfWork, one: Paper) -> str:
    found = stored_files.find(work, one.file_id) if one.file_id else None
    return found.name if found else f"{one.number}.pdf"
