"""The page of a job, held in one hand: each press on it gives the page again, with what comes next (K-22)."""

from __future__ import annotations

from dataclasses import replace

from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from handlers.tasks.task_views import view
from keyboards.callbacks.task_callbacks import ChooseOutcome, EndJob, OpenJob, StepJob, TickItem
from keyboards.screen import Reply
from keyboards.tasks import job_page
from models import access
from models.entities import Item, Task
from models.field_values import FieldValues
from services.tasks import task_queries


@on_callback(OpenJob, access.EVERYONE)
def open_(request: Request, press: OpenJob) -> Reply:
    """Of what is not his own job, or no longer open, it is the card."""
    return task_actions.show(request, press.task, held=True)


@on_callback(StepJob, access.EVERYONE)
def step(request: Request, press: StepJob) -> Reply:
    """Tick the line that comes next, or take back the last tick."""
    return task_actions.tick(request, TickItem(press.task, press.item, press.done), held=True)


@on_callback(EndJob, access.EVERYONE)
def end(request: Request, press: EndJob) -> Reply:
    """An outcome: that he comes, that it is done, that something is wrong."""
    return task_actions.outcome(request, ChooseOutcome(press.task, press.name, press.drawn_for), held=True)


def completed(request: Request, task: Task, one: Item, values: FieldValues) -> Reply:
    """The line is answered. Who has his hands full and has just answered is asked at once what the next line wants to
    know: after the photos, how it went. After «На месте» there are hours of work, and nothing is asked."""
    done = task_actions.complete(request, task, one, values, held=True)
    found = task_queries.find(request.work, task.id) if one.fill and not done.remember_form else None
    following = _asks(request, found) if found is not None and found.state == "open" else None
    if found is None or following is None:
        return done
    return replace(task_actions.answer_line(request, found, following, held=True), toast=done.toast)


def _asks(request: Request, found: Task) -> Item | None:
    """The line that comes next, if it wants an answer."""
    seen = view(request.work, request.t, found)
    ahead = job_page.next_lines(seen) if seen.is_own_job and job_page.first_word(seen) is None else []
    line = next((one for one in found.items if ahead and one.id == ahead[0].id), None)
    return line if line is not None and line.fill and not line.paper else None
