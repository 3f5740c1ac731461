"""A refusal on the screen: what is wrong in plain words, and the fresh card in place of the one that was pressed."""

from __future__ import annotations

from dataclasses import replace

from handlers import home
from handlers.deals import deal_actions as deal_handlers
from handlers.documents import papers as paper_handlers
from handlers.request import CALLBACKS, Request
from handlers.tasks import task_actions as task_handlers
from keyboards import callback_data, refusals
from keyboards.screen import Reply, Screen, bold, line
from models.errors import AlreadyDone, CardOutdated, CrmError, MoveRefused, NotAllowed, NotFound
from models.ids import DealId, FileId, TaskId, UndoId
from models.process.process import Process
from models.undo import DealBefore
from models.values.invalid_value import InvalidValue
from services import undo
from services.deals import deal_queries
from services.files import stored_files
from services.tasks import task_queries


def answer(request: Request, error: CrmError | InvalidValue) -> Reply:
    """What a person sees instead: nothing was changed. A stale press redraws the fresh screen."""
    process = _process(request)
    said = refusals.sentence(error, request.t, process, request.hidden(process))
    fresh = _fresh(request, error)
    pressed = request.incoming.kind == "tap"
    if pressed and isinstance(error, MoveRefused) and (cured := _paper(request, error)) is not None:
        return cured
    alert = pressed and not isinstance(error, CardOutdated | AlreadyDone)
    if not pressed:
        screen = fresh.screen if fresh else home.show(request).screen
        return Reply(_with_note(screen or Screen(), said))
    return Reply(fresh.screen if fresh else None, said, alert)


def _paper(request: Request, error: MoveRefused) -> Reply | None:
    """A task waits for a paper: there it is, with the reason above (K-12)."""
    task_id = _task_id(request)
    found = task_queries.find(request.work, task_id) if task_id is not None else None
    deal = deal_queries.find(request.work, found.deal_id) if found else None
    return paper_handlers.cured(request, deal, error.refusal) if deal else None


def _with_note(screen: Screen, said: str) -> Screen:
    return replace(screen, lines=(line("⚠️ ", bold(said)), (), *screen.lines))


def _deal_id(request: Request) -> DealId | None:
    """The deal that the press is about."""
    if request.incoming.kind != "tap":
        return None
    put_back = callback_data.find_id(request.incoming.data, UndoId)
    if put_back is not None:
        found = undo.about(request.work, put_back, DealBefore)
        return DealId(found) if found is not None else None
    return callback_data.find_id(request.incoming.data, DealId)


def _task_id(request: Request) -> TaskId | None:
    """The task that the press is about."""
    return callback_data.find_id(request.incoming.data, TaskId) if request.incoming.kind == "tap" else None


def _process(request: Request) -> Process | None:
    key = _deal_id(request)
    task_id = _task_id(request)
    if key is None and task_id is not None:
        found = task_queries.find(request.work, task_id)
        key = found.deal_id if found else None
    deal = deal_queries.find(request.work, key) if key is not None else None
    return request.work.company.processes.get(deal.process) if deal else None


def _is_of_before(request: Request) -> bool:
    """Whether the message that was pressed is not for the person any more: it was drawn for a role that he had, or is
    about a deal that he may not see."""
    if request.incoming.kind != "tap":
        return False
    form = callback_data.find_format(request.incoming.data or "")
    known = CALLBACKS.get(form.made) if form else None
    if known is not None and request.me.role not in known.roles:
        return True
    file = callback_data.find_id(request.incoming.data, FileId)
    lies_in = stored_files.find(request.work, file) if file is not None else None
    key = lies_in.deal_id if lies_in else _deal_id(request)
    deal = deal_queries.find(request.work, key) if key is not None else None
    return deal is not None and not deal_queries.can_open(request.work, deal)


def _fresh(request: Request, error: CrmError | InvalidValue) -> Reply | None:
    """The screen as it is now, if there is still one that the person may see."""
    if isinstance(error, NotAllowed):
        return home.show(request) if _is_of_before(request) else None
    if isinstance(error, InvalidValue | MoveRefused):
        return None
    key, task_id = _deal_id(request), _task_id(request)
    try:
        if key is not None:
            return deal_handlers.card(request, key)
        if task_id is not None:
            return task_handlers.show(request, task_id)
    except (NotFound, NotAllowed, AlreadyDone):  # a colleague has taken the task of both
        return home.show(request)
    return home.show(request) if isinstance(error, NotFound) else None
