"""«Не могу поехать», «Опаздываю»: the buttons of everybody who drives out, and the same in words (C-5)."""

from __future__ import annotations

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.notices.composers import composes
from handlers.request import Request, on_callback, on_message
from handlers.tasks import task_actions
from keyboards.callbacks.visit_callbacks import ReportCannotCome, ReportLate
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator
from keyboards.visits import visit_report_screens as screens
from models import access
from models.entities import Task
from models.field_values import FieldValues
from models.ids import TaskId
from models.notices.task_notices import TaskDue
from models.notices.visit_notices import CannotCome
from models.visits import VisitWindow
from services.outbox import schedule
from services.purposes.visit_purposes import CannotComePurpose, LatePurpose
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from services.visits import free_windows, visit_reports

SHOWN = 3


@on_callback(ReportCannotCome, access.EVERYONE)
def cannot(request: Request, press: ReportCannotCome) -> Reply:
    """Why he cannot come: his reason goes to the manager and to those above."""
    task, t = task_queries.get_mine(request.work, press.task), request.t
    hint = t("Напишите почему: менеджер и руководитель узнают сразу.")
    return form_runner.begin_text(
        request, CannotComePurpose(task.id), t("Не могу поехать"), hint, longest=visit_reports.LONGEST
    )


@on_finish(CannotComePurpose, access.EVERYONE)
def cannot_said(request: Request, purpose: CannotComePurpose, values: FieldValues) -> Reply:
    visit_reports.cannot_come(request.work, purpose.task, str(values["text"]))
    return task_actions.show(request, purpose.task, request.t("Передал менеджеру и руководителю"))


@on_callback(ReportLate, access.EVERYONE)
def late(request: Request, press: ReportLate) -> Reply:
    """By how much."""
    task, t = task_queries.get_mine(request.work, press.task), request.t
    if press.minutes is None:
        return Reply(screens.how_late(task.id, task.title, t))
    if press.minutes == 0:
        purpose, hint = LatePurpose(task.id), t("На сколько? Например: «на полтора часа, пробка».")
        return form_runner.begin_text(request, purpose, t("Опаздываю"), hint, longest=visit_reports.LONGEST)
    return _late(request, task.id, screens.span(press.minutes, t))


@on_finish(LatePurpose, access.EVERYONE)
def late_said(request: Request, purpose: LatePurpose, values: FieldValues) -> Reply:
    return _late(request, purpose.task, str(values["text"]))


def _late(request: Request, task_id: TaskId, by: str) -> Reply:
    visit_reports.comes_late(request.work, task_id, by)
    return task_actions.show(request, task_id, request.t("Передал менеджеру и руководителю"))


@on_message(6, access.FIELD_STAFF)
def typed(request: Request) -> Reply | None:
    """«Задерживаюсь на час», in answer to the job's card or just so: it is not lost."""
    text = request.incoming.text
    if text is None or request.incoming.file is not None:
        return None
    job = visit_reports.find_late(request.work, text, _replied(request))
    return _late(request, job.id, text.strip()[: visit_reports.LONGEST]) if job is not None else None


def _replied(request: Request) -> Task | None:
    """The task whose card is answered."""
    sent = schedule.find_sent(request.work, request.incoming.reply_to)
    said = sent.notice if sent is not None else None
    found = task_queries.find(request.work, said.task) if isinstance(said, TaskDue) else None
    return found if found is not None and found.assignee_id == request.me.id and found.state == "open" else None


@composes(CannotCome)
def cannot_come(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """The message of a visit that somebody must take over, with the nearest free windows as they are now."""
    said = sent.notice
    screen = notices.single(sent, work.now, t)
    if not isinstance(said, CannotCome) or said.above or sent.deal is None:
        return screen
    return screens.with_free(screen, _free(work, sent, said), work.now, t)


def _free(work: UnitOfWork, sent: NoticeView, said: CannotCome) -> list[VisitWindow]:
    process = work.company.processes.get(sent.deal.process) if sent.deal is not None else None
    kind = process.visit_kinds.get(said.visit) if process is not None else None
    if kind is None or kind.role is None or sent.deal is None:
        return []
    wanted = max(said.starts_at, work.now)
    return free_windows.nearest(
        work, kind.role, kind.takes, kind.travel, wanted, SHOWN, deal_id=sent.deal.id, field=kind.name
    )
