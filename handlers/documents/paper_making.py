"""A paper is made by one tap; what it needs, whose name it carries, what stays empty is asked before (K-11)."""

from __future__ import annotations

from handlers.documents import papers as pages
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import task_views
from keyboards.callbacks.paper_callbacks import AskPaperName, ChoosePaperName, ConfirmPaper, FillPaper, PreparePaper
from keyboards.documents import paper_questions as screens
from keyboards.screen import Reply
from keyboards.tasks import task_card
from models import access
from models.entities import Deal, Task
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.ids import TaskId
from models.process.process import PaperDefinition
from services.deals import deal_commands, deal_queries
from services.documents import empty_places, paper_names, papers
from services.documents.empty_places import EmptyPlace
from services.documents.paper_names import PaperNames
from services.purposes.document_purposes import PaperNamePurpose, PaperPurpose
from services.tasks import task_queries


@on_callback(PreparePaper, access.SALES)
def prepare(request: Request, press: PreparePaper) -> Reply:
    """One tap makes the paper; what it needs and the card does not have yet is asked first (K-11)."""
    return _begin(request, deal_queries.get_editable(request.work, press.deal), press.name)


def _begin(request: Request, deal: Deal, name: str, task: TaskId | None = None) -> Reply:
    described = _described(request, deal, name)
    shut = pages.without_requisites(request, deal) or _whose_name(request, deal, name, task)
    if shut is not None:
        return shut
    return _ask(request, deal, PaperPurpose(deal.id, name, task), described, papers.missing(request.work, deal, name))


def _described(request: Request, deal: Deal, name: str) -> PaperDefinition:
    described = request.work.process(deal.process).papers.get(name)
    if described is None:
        raise NotFound("paper")
    return described


def _ask(
    request: Request,
    deal: Deal,
    purpose: PaperPurpose,
    described: PaperDefinition,
    fields: tuple[str, ...],
    *,
    free: bool = False,
) -> Reply:
    """Ask the fields, `free` to pass over them, then make the paper."""
    intro = request.t("Чтобы сделать документ «{paper}», заполните:", paper=request.t(described.title))
    return form_runner.begin(
        request, purpose, fields, process=request.work.process(deal.process), deal=deal,
        intro=intro, optional=frozenset(fields) if free else frozenset(),
    )  # fmt: skip


@on_finish(PaperPurpose, access.SALES)
def filled(request: Request, purpose: PaperPurpose, values: FieldValues) -> Reply:
    """What the paper needed is filled in: now it is made, unless something is still to be asked."""
    key, name = purpose.deal, purpose.name
    deal = deal_commands.fill(request.work, key, values) if values else deal_queries.get_editable(request.work, key)
    _described(request, deal, name)
    return questions(request, deal, name, purpose.task) or _make(request, deal, name, purpose.task)


def _make(request: Request, deal: Deal, name: str, task_id: TaskId | None) -> Reply:
    """It is asked for, and comes as a message of its own; here is what it was asked from."""
    papers.ask_for(request.work, deal, name)
    said = pages.being_made(request, deal, name)
    task = _task(request, task_id) if task_id is not None else None
    if task is None or task.state != "open" or task.deal_id != deal.id:
        return pages.one_page(request, deal, name, said)
    return Reply(task_card.task_card(task_views.view(request.work, request.t, task), request.t), said)


def _task(request: Request, task_id: TaskId) -> Task | None:
    """From whose card it was asked; None for one that was taken back, or is not his to see."""
    try:
        return task_queries.get(request.work, task_id)
    except (NotFound, NotAllowed):
        return None


def questions(request: Request, deal: Deal, name: str, task: TaskId | None = None) -> Reply | None:
    """Whose name, and may places stay empty? None where nothing is to be asked, or not of this person."""
    if not access.can_make_papers(request.me, deal):
        return None
    return _whose_name(request, deal, name, task) or _empty(request, deal, name, task)


# --- whose name ---------------------------------------------------------------------------------------------------


def _whose_name(request: Request, deal: Deal, name: str, task: TaskId | None) -> Reply | None:
    names = paper_names.question(request.work, deal)
    if names is None:
        return None
    title = _described(request, deal, name).title
    return Reply(screens.whose_name(deal, name, title, names.own, names.card, request.t, task))


@on_callback(ChoosePaperName, access.SALES)
def chosen(request: Request, press: ChoosePaperName) -> Reply:
    """One of the two. A name that has changed since the button was drawn is asked again."""
    deal = deal_queries.get_editable(request.work, press.deal)
    names = paper_names.question(request.work, deal)
    if names is None:
        return _begin(request, deal, press.name, press.task)
    said = names.card if press.is_card else names.own
    if screens.checksum(said) != press.shown:
        return _begin(request, deal, press.name, press.task)
    return _named(request, PaperPurpose(deal.id, press.name, press.task), names, said)


@on_callback(AskPaperName, access.SALES)
def ask_name(request: Request, press: AskPaperName) -> Reply:
    """A third one is typed."""
    deal = deal_queries.get_editable(request.work, press.deal)
    _described(request, deal, press.name)
    t, purpose = request.t, PaperNamePurpose(deal.id, press.name, press.task)
    hint = t("Напишите имя так, как оно должно стоять в документе: фамилия, имя, отчество.")
    return form_runner.begin_text(request, purpose, t("Имя в документах"), hint, longest=paper_names.LONGEST)


@on_finish(PaperNamePurpose, access.SALES)
def typed_name(request: Request, purpose: PaperNamePurpose, values: FieldValues) -> Reply:
    """The name that was typed."""
    deal = deal_queries.get_editable(request.work, purpose.deal)
    names = paper_names.question(request.work, deal)
    if names is None:
        return _begin(request, deal, purpose.name, purpose.task)
    return _named(request, PaperPurpose(deal.id, purpose.name, purpose.task), names, str(values["text"]))


def _named(request: Request, purpose: PaperPurpose, names: PaperNames, said: str) -> Reply:
    paper_names.choose(request.work, deal_queries.get_editable(request.work, purpose.deal), names, said)
    return _begin(request, deal_queries.get_editable(request.work, purpose.deal), purpose.name, purpose.task)


# --- empty places -------------------------------------------------------------------------------------------------


def _empty(request: Request, deal: Deal, name: str, task: TaskId | None) -> Reply | None:
    places = _places(request, deal, name)
    if not places:
        return None
    title, can_fill = _described(request, deal, name).title, bool(_fields(places))
    titles = [one.title for one in places]
    return Reply(screens.empty_places(deal, name, title, titles, request.t, task, can_fill=can_fill))


def _places(request: Request, deal: Deal, name: str) -> tuple[EmptyPlace, ...]:
    return empty_places.foreseen(request.work, deal, name, pages.shown)


def _fields(places: tuple[EmptyPlace, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in places for name in one.fields))


@on_callback(FillPaper, access.SALES)
def fill(request: Request, press: FillPaper) -> Reply:
    """Ask what the paper would leave empty, one after another; what is passed over stays empty."""
    deal = deal_queries.get_editable(request.work, press.deal)
    described = _described(request, deal, press.name)
    purpose = PaperPurpose(deal.id, press.name, press.task)
    return _ask(request, deal, purpose, described, _fields(_places(request, deal, press.name)), free=True)


@on_callback(ConfirmPaper, access.SALES)
def make(request: Request, press: ConfirmPaper) -> Reply:
    """«Так и надо». A deal that has changed since is looked at anew."""
    deal = deal_queries.get_editable(request.work, press.deal)
    _described(request, deal, press.name)
    shut = pages.without_requisites(request, deal)
    if shut is not None:
        return shut
    if deal.version != press.seen or papers.missing(request.work, deal, press.name):
        return _begin(request, deal, press.name, press.task)
    return _make(request, deal, press.name, press.task)
