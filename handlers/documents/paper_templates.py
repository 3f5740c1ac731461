"""«Шаблоны документов»: the owner sends his own .docx, sees what it may hold, goes back to ours (K-11)."""

from __future__ import annotations

from handlers.forms import form_runner, form_state
from handlers.forms.purpose_registry import on_finish
from handlers.notices.composers import composes
from handlers.request import Request, on_callback, on_message
from keyboards.callbacks.paper_template_callbacks import (
    ListPaperTemplates,
    ListPaperVariables,
    OpenPaperTemplate,
    RestorePaperTemplate,
    SendOwnTemplate,
    SendTemplateExample,
)
from keyboards.documents import paper_templates as screens
from keyboards.documents import requisites as requisite_screens
from keyboards.documents.paper_templates import PaperTemplateView
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import BlobFile, Reply, Screen
from keyboards.translator import Translator
from models import access
from models.errors import NotFound
from models.field_values import FieldValues
from models.jobs import MakeSample
from models.notices.document_notices import TemplateTried
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import NO_TEXT, NO_TITLE
from services import drafts
from services.documents import paper_templates as templates
from services.outbox import jobs
from services.purposes.document_purposes import TemplatePurpose
from services.unit_of_work import UnitOfWork


def _view(work: UnitOfWork, process: str, name: str) -> PaperTemplateView:
    described = work.company.processes.get(process)
    if described is None or name not in described.papers:
        raise NotFound("paper")
    own, last = templates.in_use(work, process, name), templates.latest(work, process, name)
    return PaperTemplateView(
        process,
        name,
        described.papers[name].title,
        own.file_name if own else None,
        own.at if own else None,
        last.state if last else None,
        last.problem if last else None,
        last.flaws if last else (),
        (own.problem or NO_TITLE, own.flaws) if own and own.is_stopped else None,
    )


@on_callback(ListPaperTemplates, access.OWNER)
def show(request: Request, press: ListPaperTemplates) -> Reply:
    """Every paper of every process."""
    found = {
        process.title: [_view(request.work, key, name) for name in process.papers]
        for key, process in request.work.company.processes.items()
        if process.papers
    }
    return Reply(screens.every(found, request.t))


@on_callback(OpenPaperTemplate, access.OWNER)
def open_one(request: Request, press: OpenPaperTemplate) -> Reply:
    return _page(request, press.process, press.name)


def _page(request: Request, process: str, name: str, toast: str | None = None) -> Reply:
    """One paper's template."""
    return Reply(screens.paper(_view(request.work, process, name), request.work.now, request.t), toast)


@on_callback(ListPaperVariables, access.OWNER)
def fields(request: Request, press: ListPaperVariables) -> Reply:
    """What can be put into it."""
    view = _view(request.work, press.process, press.name)
    known = templates.variables_of(request.work.process(press.process))
    return Reply(screens.fields(view, known, press.page or 0, request.t))


@on_callback(SendTemplateExample, access.OWNER)
def sample(request: Request, press: SendTemplateExample) -> Reply:
    """A .docx to begin with comes as a message of its own."""
    _view(request.work, press.process, press.name)
    jobs.ask(request.work, MakeSample("docx", press.process, press.name), employee_id=request.me.id)
    return Reply(None, request.t("Готовлю пример…"))


@on_callback(RestorePaperTemplate, access.OWNER)
def give_back(request: Request, press: RestorePaperTemplate) -> Reply:
    """Ours again."""
    _view(request.work, press.process, press.name)
    was = templates.give_back(request.work, press.process, press.name)
    said = request.t("Снова встроенный шаблон") if was else request.t("Шаблон и так встроенный")
    return _page(request, press.process, press.name, said)


# --- sending one ------------------------------------------------------------------------------------------------


@on_callback(SendOwnTemplate, access.OWNER)
def send(request: Request, press: SendOwnTemplate) -> Reply:
    """Wait for the file."""
    view, t = _view(request.work, press.process, press.name), request.t
    purpose = TemplatePurpose(press.process, press.name)
    hint = t("Пришлите файл .docx сюда, в чат. Я сразу проверю его и покажу пробу.")
    return form_runner.begin_text(request, purpose, t("Шаблон: {paper}", paper=t(view.title)), hint)


@on_message(9, access.OWNER)
def came(request: Request) -> Reply | None:
    """A file while a template is waited for."""
    sent, draft = request.incoming.file, drafts.find(request.work)
    if sent is None or draft is None or not isinstance(draft.purpose, TemplatePurpose):
        return None
    process, name = draft.purpose.process, draft.purpose.name
    try:
        templates.take(request.work, process, name, sent)
    except InvalidValue as wrong:
        form = form_state.load(request)
        assert form is not None
        return form_runner.ask_again(request, form, wrong)
    drafts.clear(request.work)
    return Reply(screens.paper(_view(request.work, process, name), request.work.now, request.t), new=True)


@on_finish(TemplatePurpose, access.OWNER)
def typed(request: Request, purpose: TemplatePurpose, values: FieldValues) -> Reply:
    """A text is no template."""
    raise InvalidValue("template.text", N_("Нужен файл .docx, а не текст. Прикрепите его скрепкой."))


# --- messages ---------------------------------------------------------------------------------------------------


@composes(TemplateTried)
def notice(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """What became of a template, or a sample that was asked for."""
    said = sent.notice
    if not isinstance(said, TemplateTried):
        return None
    document = BlobFile(said.sha, said.file) if said.sha else None
    if said.what == "invoice":
        return requisite_screens.sample(document, t) if document else requisite_screens.no_sample(t)
    process = work.company.processes.get(said.process)
    if process is None or said.name not in process.papers:
        return None
    view = _view(work, process.process, said.name)
    if said.what == "docx":
        return screens.example(view, document, t) if document else screens.no_example(view, t)
    known = templates.variables_of(process)
    if said.accepted:
        used = [(name, known[name]) for name in said.used if name in known]
        return screens.accepted(view, used, said.dropped, document, t)
    if said.stopped:
        own = templates.in_use(work, said.process, said.name)
        stands = own is not None and own.id == said.template and own.is_stopped
        is_owner = work.actor is not None and work.actor.role in access.OWNER  # still
        return screens.stopped(view, said.why, said.flaws, t) if stands and is_owner else None
    unknown = [(name, near, known.get(near, NO_TEXT)) for name, near in said.unknown]
    return screens.refused(view, said.why, unknown, said.flaws, t)
