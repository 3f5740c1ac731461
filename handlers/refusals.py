"""A refusal on the screen: what is wrong in plain words, and the fresh card in place of the one that was pressed."""

from __future__ import annotations

from dataclasses import replace

from handlers import home
from handlers.deals import deal_actions as deal_handlers
from handlers.documents import papers as paper_handlers
from handlers.request import Request
from handlers.tasks import task_actions as task_handlers
from keyboards import buttons, refusals
from keyboards.buttons import from36
from keyboards.screen import Reply, Screen, bold, line
from models.errors import AlreadyDone, CardOutdated, CrmError, MoveRefused, NotAllowed, NotFound
from models.process.process import Process
from models.values.invalid_value import InvalidValue
from services.deals import deal_queries
from services.tasks import task_queries

# which argument of a press is the deal, or the task, that it is about
ABOUT_DEAL = frozenset(
    {"deal", "stages", "move", "take", "sections", "section", "fill", "history", "dtasks", "files", "cure", "robot",
     "claims", "claim_new", "handto", "hand", "putoff", "putoff_for", "askman", "reply", "note", "rename", "delete",
     "papers", "paper", "papermake", "paperask",
     "pay", "pay_in", "pay_back", "pay_line", "pay_undo", "pay_keep"}
)  # fmt: skip
ABOUT_TASK = frozenset(
    {"task", "tfile", "tick", "outcome", "task_take", "snooze", "snooze_own",
     "ck", "ck_line", "ck_add", "ck_name", "ck_move", "ck_del"}
)  # fmt: skip


def answer(request: Request, error: CrmError | InvalidValue) -> Reply:
    """What a person sees instead: nothing was changed. A stale press redraws the fresh screen."""
    process = _process(request)
    said = refusals.sentence(error, request.t, process)
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
    task_id = _key(request, ABOUT_TASK)
    found = task_queries.find(request.work, task_id) if task_id is not None else None
    deal = deal_queries.find(request.work, found.deal_id) if found else None
    return paper_handlers.cured(request, deal, error.refusal) if deal else None


def _with_note(screen: Screen, said: str) -> Screen:
    return replace(screen, lines=(line("⚠️ ", bold(said)), (), *screen.lines))


def _key(request: Request, actions: frozenset[str]) -> int | None:
    tap = buttons.decode(request.incoming.data) if request.incoming.kind == "tap" else None
    if tap is None or tap.action not in actions or not tap.args:
        return None
    return from36(tap.args[0])


def _process(request: Request) -> Process | None:
    key = _key(request, ABOUT_DEAL)
    task_id = _key(request, ABOUT_TASK)
    if key is None and task_id is not None:
        found = task_queries.find(request.work, task_id)
        key = found.deal_id if found else None
    deal = deal_queries.find(request.work, key) if key is not None else None
    return request.work.company.processes.get(deal.process) if deal else None


def _fresh(request: Request, error: CrmError | InvalidValue) -> Reply | None:
    """The screen as it is now, if there is still one that the person may see."""
    if isinstance(error, NotAllowed | InvalidValue | MoveRefused):
        return None
    key, task_id = _key(request, ABOUT_DEAL), _key(request, ABOUT_TASK)
    try:
        if key is not None:
            return deal_handlers.card(request, key)
        if task_id is not None:
            return task_handlers.show(request, task_id)
    except (NotFound, NotAllowed, AlreadyDone):  # a colleague has taken the task of both
        return home.show(request)
    return home.show(request) if isinstance(error, NotFound) else None
