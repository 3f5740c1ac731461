"""The page of a job, held in one hand: each press on it gives the page again, with what comes next (K-22)."""

from __future__ import annotations

from dataclasses import replace

from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from handlers.tasks.task_views import view
from keyboards.callbacks.task_callbacks import ChooseOutcome, EndJob, OpenJob, StepJob, TickItem
from keyboards.screen import Reply
from keyboards.tasks import job_page, task_card
from models import access
from models.entities import Item, Task
from models.field_values import FieldValues
from services.tasks import checklists, task_queries


def show(request: Request, task_id: int, toast: str | None = None) -> Reply:
    """The page of a job that the person may see; of what is not his own job, or no longer open, the card: NotFound,
    NotAllowed."""
    seen = view(request.work, request.t, task_queries.get(request.work, task_id))
    draw = job_page.job_page if job_page.shows(seen) else task_card.task_card
    return Reply(draw(seen, request.t), toast)


@on_callback(OpenJob, access.EVERYONE)
def open_(request: Request, press: OpenJob) -> Reply:
    return show(request, press.task)


@on_callback(StepJob, access.EVERYONE)
def step(request: Request, press: StepJob) -> Reply:
    """Tick the line that comes next, or take back the last tick."""
    task = task_queries.get_mine(request.work, press.task)
    one = checklists.find_item(task, press.item)
    if press.done and one.done_at is None and (one.asked or one.paper):
        return task_actions.answer_line(request, task, one, held=True)
    return _again(request, task.id, task_actions.tick(request, TickItem(press.task, press.item, press.done)))


@on_callback(EndJob, access.EVERYONE)
def end(request: Request, press: EndJob) -> Reply:
    """An outcome: that he comes, that it is done, that something is wrong."""
    done = task_actions.outcome(request, ChooseOutcome(press.task, press.name, press.drawn_for))
    return _again(request, press.task, done)


def completed(request: Request, task: Task, one: Item, values: FieldValues) -> Reply:
    """The line is answered. Who has his hands full and has just answered is asked at once what the next line wants to
    know: after the photos, how it went. After «На месте» there are hours of work, and nothing is asked."""
    done = task_actions.complete(request, task, one, values)
    found = task_queries.find(request.work, task.id)
    following = _asks(request, found) if found is not None and found.state == "open" and one.fill else None
    if found is None or following is None or done.remember_form:
        return _again(request, task.id, done)
    return replace(task_actions.answer_line(request, found, following, held=True), toast=done.toast)


def _asks(request: Request, found: Task) -> Item | None:
    """The line that comes next, if it wants an answer."""
    seen = view(request.work, request.t, found)
    ahead = job_page.next_lines(seen) if job_page.shows(seen) and job_page.first_word(seen) is None else []
    line = next((one for one in found.items if ahead and one.id == ahead[0].id), None)
    return line if line is not None and line.fill and not line.paper else None


def _again(request: Request, task_id: int, done: Reply) -> Reply:
    """The page in place of the card, as long as the job is open and nothing is asked."""
    found = task_queries.find(request.work, task_id)
    if done.remember_form or done.screen is None or found is None or found.state != "open":
        return done
    return replace(done, screen=show(request, task_id).screen)
