"""«Шаблоны документов»: the owner sends his own .docx, sees what it may hold, goes back to ours (K-11)."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner, form_state
from handlers.request import Visit, number, on_message, on_tap
from keyboards.documents import paper_templates as screens
from keyboards.documents import requisites as requisite_screens
from keyboards.documents.paper_templates import TemplateView
from keyboards.notices.notices import Notice
from keyboards.screen import Answer, Kept, Screen
from keyboards.translator import Texts
from models import access
from models.errors import NotFound
from models.values.invalid_value import N_, Wrong
from services import drafts
from services.documents import paper_templates as templates
from services.outbox import jobs
from services.unit_of_work import Work


def _view(work: Work, process: str, name: str) -> TemplateView:
    described = work.company.processes.get(process)
    if described is None or name not in described.papers:
        raise NotFound("paper")
    own, last = templates.in_use(work, process, name), templates.latest(work, process, name)
    return TemplateView(
        process,
        name,
        described.papers[name].title,
        own.file_name if own else None,
        own.at if own else None,
        last.state if last else None,
        last.problem if last else None,
    )


@on_tap("templates", access.OWNER)
def show(visit: Visit) -> Answer:
    """Every paper of every process."""
    found = {
        process.title: [_view(visit.work, key, name) for name in process.papers]
        for key, process in visit.work.company.processes.items()
        if process.papers
    }
    return Answer(screens.every(found, visit.t))


@on_tap("doc", access.OWNER)
def one(visit: Visit, process: str, name: str, toast: str | None = None) -> Answer:
    """One paper's template."""
    return Answer(screens.paper(_view(visit.work, process, name), visit.work.now, visit.t), toast)


@on_tap("docfields", access.OWNER)
def fields(visit: Visit, process: str, name: str, page: str = "0") -> Answer:
    """What can be put into it."""
    view = _view(visit.work, process, name)
    known = templates.variables_of(visit.work.process(process))
    return Answer(screens.fields(view, known, number(page), visit.t))


@on_tap("docsample", access.OWNER)
def sample(visit: Visit, process: str, name: str) -> Answer:
    """A .docx to begin with comes as a message of its own."""
    _view(visit.work, process, name)
    payload = {"what": "docx", "process": process, "name": name}
    jobs.ask(visit.work, "sample", payload, employee_id=visit.me.id)
    return Answer(None, visit.t("Готовлю пример…"))


@on_tap("docback", access.OWNER)
def give_back(visit: Visit, process: str, name: str) -> Answer:
    """Ours again."""
    _view(visit.work, process, name)
    was = templates.give_back(visit.work, process, name)
    said = visit.t("Снова встроенный шаблон") if was else visit.t("Шаблон и так встроенный")
    return one(visit, process, name, said)


# --- sending one ------------------------------------------------------------------------------------------------


@on_tap("docsend", access.OWNER)
def send(visit: Visit, process: str, name: str) -> Answer:
    """Wait for the file."""
    view, t = _view(visit.work, process, name), visit.t
    purpose: dict[str, str | int] = {"do": "template", "process": process, "name": name}
    hint = t("Пришлите файл .docx сюда, в чат. Я сразу проверю его и покажу пробу.")
    return form_runner.begin_text(visit, purpose, t("Шаблон: {paper}", paper=t(view.title)), hint)


@on_message(9, access.OWNER)
def came(visit: Visit) -> Answer | None:
    """A file while a template is waited for."""
    sent, draft = visit.incoming.file, drafts.find(visit.work)
    if sent is None or draft is None or draft.purpose.get("do") != "template":
        return None
    process, name = str(draft.purpose["process"]), str(draft.purpose["name"])
    try:
        templates.take(visit.work, process, name, sent)
    except Wrong as wrong:
        form = form_state.load(visit)
        assert form is not None
        return form_runner.ask_again(visit, form, wrong)
    drafts.clear(visit.work)
    return Answer(screens.paper(_view(visit.work, process, name), visit.work.now, visit.t), new=True)


@form_runner.on_finish("template")
def typed(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """A text is no template."""
    raise Wrong("template.text", N_("Нужен файл .docx, а не текст. Прикрепите его скрепкой."))


# --- messages ---------------------------------------------------------------------------------------------------


def notice(work: Work, t: Texts, sent: Notice) -> Screen | None:
    """What became of a template, or a sample that was asked for."""
    payload = sent.payload
    document = Kept(str(payload["sha"]), str(payload["file"])) if payload.get("sha") else None
    if payload.get("what") == "invoice":
        return requisite_screens.sample(document, t) if document else None
    process = work.company.processes.get(str(payload["process"]))
    if process is None or payload["name"] not in process.papers:
        return None
    view = _view(work, process.process, str(payload["name"]))
    if payload.get("what") == "docx":
        return screens.example(view, document, t) if document else None
    known = templates.variables_of(process)
    if payload.get("accepted"):
        used = [(name, known.get(name, "")) for name in payload.get("used", ()) if name in known]
        return screens.accepted(view, used, document, t)
    unknown = [(name, near, known.get(near, "")) for name, near in payload.get("unknown", ())]
    return screens.refused(view, str(payload.get("why") or ""), unknown, t)
