"""Papers of a deal: made by one tap, what is missing asked first; sent again; with the client (K-11, K-12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards import refusals
from keyboards.documents import papers as screens
from keyboards.documents.papers import PaperView, Version
from keyboards.notices.notices import Notice
from keyboards.screen import Answer, Screen, Stored
from keyboards.translator import Texts, speak
from models import access
from models.engine import balances
from models.engine.effects import MakePaper, Refusal
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.process.process import Process
from services.deals import deal_commands, deal_queries
from services.documents import papers, printing, stored_requisites
from services.documents.papers import Paper
from services.documents.requisites import TITLES
from services.files import stored_files
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import Work


def shown(work: Work, process: Process, deal: Deal) -> Mapping[str, str]:
    """A deal's fields as text in the company's language, "" where nothing is known: papers leave a line there."""
    t = speak(work.company.locale, work.company.calendar.zone)
    names = {one.id: one.name for one in employees.staff(work)}
    return {
        name: "" if (value := deal.fields.get(name)) in (None, "", ()) else t.value(field, value, names)
        for name, field in process.fields.items()
    }


# --- looking ----------------------------------------------------------------------------------------------------


def page(visit: Visit, deal_id: int, toast: str | None = None) -> Answer:
    """All papers of the deal that the person may see."""
    deal = deal_queries.get(visit.work, deal_id)
    process = visit.work.process(deal.process)
    every = papers.of_deal(visit.work, deal.id)
    seen = [name for name, one in process.papers.items() if access.can_see_paper(visit.me, one)]
    found = [_view(visit, deal, process, name, every) for name in seen]
    return Answer(screens.papers(deal, found, visit.work.now, visit.t), toast)


def one_page(visit: Visit, deal: Deal, name: str, toast: str | None = None) -> Answer:
    """One paper with its versions."""
    view = _seen(visit, deal, name)
    task = next(
        (one for one in task_queries.of_deal(visit.work, deal.id) if task_queries.can_act(visit.work, one)), None
    )
    return Answer(screens.paper(deal, view, visit.work.now, visit.t, task), toast)


def _seen(visit: Visit, deal: Deal, name: str) -> PaperView:
    process = visit.work.process(deal.process)
    if name not in process.papers:
        raise NotFound("paper")
    if not access.can_see_paper(visit.me, process.papers[name]):
        raise NotAllowed
    return _view(visit, deal, process, name, papers.of_deal(visit.work, deal.id))


def _view(visit: Visit, deal: Deal, process: Process, name: str, every: list[Paper]) -> PaperView:
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
        screens.why(failure, titles, visit.t) if failure else None,
        not made or printing.is_fresh(visit.work, deal, made[-1], every, shown),
        access.can_edit(visit.me, deal),
        process.papers[name].pays and balances.is_paid_in_full(process, deal.fields),
    )


def _version(one: Paper) -> Version:
    return Version(one.id, one.number, one.version, one.file_id, one.author, one.made_at or one.at, one.sent_at)


@on_tap("papers", access.SALES)
def open_all(visit: Visit, deal_id: str) -> Answer:
    return page(visit, number(deal_id, "deal"))


@on_tap("paper", access.SALES)
def open_one(visit: Visit, deal_id: str, name: str) -> Answer:
    return one_page(visit, deal_queries.get(visit.work, number(deal_id, "deal")), name)


# --- making -----------------------------------------------------------------------------------------------------


@on_tap("papermake", access.SALES)
def make(visit: Visit, deal_id: str, name: str) -> Answer:
    """One tap makes the paper; what it needs and the card does not have yet is asked first (K-11)."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    process = visit.work.process(deal.process)
    if name not in process.papers:
        raise NotFound("paper")
    shut = without_requisites(visit, deal)
    if shut is not None:
        return shut
    purpose: dict[str, str | int] = {"do": "paper", "deal": deal.id, "name": name}
    intro = visit.t("Чтобы сделать документ «{paper}», заполните:", paper=visit.t(process.papers[name].title))
    return form_runner.begin(
        visit, purpose, papers.missing(visit.work, deal, name), process=process, deal=deal, intro=intro
    )  # fmt: skip


@form_runner.on_finish("paper")
def filled(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """What the paper needed is filled in: now it is made."""
    key, name = int(purpose["deal"]), str(purpose["name"])
    deal = deal_commands.fill(visit.work, key, values) if values else deal_queries.get_editable(visit.work, key)
    if name not in visit.work.process(deal.process).papers:
        raise NotFound("paper")
    papers.ask_for(visit.work, deal, name)
    return one_page(visit, deal, name, being_made(visit, deal, name))


def being_made(visit: Visit, deal: Deal, name: str) -> str:
    """What is said at once; the document comes as a message of its own."""
    return visit.t("Готовлю: {paper}…", paper=visit.t(visit.work.process(deal.process).papers[name].title))


def without_requisites(visit: Visit, deal: Deal) -> Answer | None:
    """What stands in the way of any paper: the company's requisites are not filled in."""
    missing = stored_requisites.get(visit.work).missing()
    if not missing:
        return None
    titles = [TITLES[name] for name in missing]
    return Answer(screens.no_requisites(deal, titles, visit.t, is_owner=visit.me.role in access.OWNER))


@on_tap("paperask", access.EVERYONE)
def ask_owner(visit: Visit, deal_id: str) -> Answer:
    """One tap reminds the owner of the requisites, once a day."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    if printing.remind_owner(visit.work, deal):
        return Answer(None, visit.t("Напомнил владельцу"))
    return Answer(None, visit.t("В компании нет владельца: напомнить некому"), alert=True)


# --- sending ----------------------------------------------------------------------------------------------------


@on_tap("paperfile", access.SALES)
def send_again(visit: Visit, paper_id: str) -> Answer:
    """The file once more, below."""
    deal, one = _paper(visit, paper_id)
    return Answer(toast=visit.t("Присылаю"), also=(_document(visit.work, visit.t, deal, one),))


@on_tap("papersent", access.SALES)
def sent(visit: Visit, paper_id: str) -> Answer:
    """The client has it (K-12). A second press changes nothing."""
    deal, one = _paper(visit, paper_id)
    if not access.can_edit(visit.me, deal):
        raise NotAllowed
    first = printing.sent(visit.work, one)
    said = visit.t("Записано: клиенту отправлено") if first else visit.t("Уже записано")
    return one_page(visit, deal, one.name, said)


def _paper(visit: Visit, paper_id: str) -> tuple[Deal, Paper]:
    one = papers.find(visit.work, number(paper_id, "paper"))
    if one is None or one.state != papers.MADE:
        raise NotFound("paper")
    deal = deal_queries.get(visit.work, one.deal_id)
    _seen(visit, deal, one.name)
    return deal, one


# --- what waits for a paper -------------------------------------------------------------------------------------


def cured(visit: Visit, deal: Deal, refusal: Refusal) -> Answer | None:
    """The paper that a refused step waits for, with the reasons above; None if it waits for none."""
    process = visit.work.process(deal.process)
    names = [one.cure.paper for one in refusal.reasons if isinstance(one.cure, MakePaper)]
    if not names or not access.can_edit(visit.me, deal) or visit.me.role not in access.SALES:
        return None
    said = refusals.reasons(refusal.reasons, process, visit.t)
    view = _seen(visit, deal, names[0])
    return Answer(screens.blocked(deal, view, said, visit.work.now, visit.t), said[0][:190])


# --- messages ---------------------------------------------------------------------------------------------------


def notice(work: Work, t: Texts, sent_: Notice) -> Screen | None:
    """The paper itself, or why there is none; None if there is nothing to tell any more."""
    deal, me = sent_.deal, work.actor
    name = str(sent_.payload.get("name", ""))
    process = work.company.processes.get(deal.process) if deal else None
    described = process.papers.get(name) if process else None
    if deal is None or me is None or process is None or described is None or not access.can_see_paper(me, described):
        return None
    if failure := sent_.payload.get("failure"):
        titles = {key: field.title for key, field in process.fields.items()}
        why, is_owner = screens.why(str(failure), titles, t), me.role in access.OWNER
        return screens.not_made(described.title, name, deal, str(failure), why, t, is_owner=is_owner)
    one = papers.find(work, int(sent_.payload["paper"]))
    if one is None or one.file_id is None:
        return None
    return _document(work, t, deal, one, same=bool(sent_.payload.get("same")), task=sent_.payload.get("job"))


def _document(work: Work, t: Texts, deal: Deal, one: Paper, *, same: bool = False, task: int | None = None) -> Screen:
    assert one.file_id is not None
    process, me = work.process(deal.process), work.actor
    may_mark = me is not None and access.can_edit(me, deal)
    document = Stored(one.file_id, _file_name(work, one))
    return screens.arrived(
        process.papers[one.name].title, _version(one), deal, document, t, same=same, may_mark=may_mark, task=task
    )  # fmt: skip


def _file_name(work: Work, one: Paper) -> str:
    found = stored_files.find(work, one.file_id) if one.file_id else None
    return found.name if found else f"{one.number}.pdf"
