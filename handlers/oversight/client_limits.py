"""«Доступ к клиентам» and «Кто что смотрел»: the owner's, in «Настройки»."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from handlers.request import Request, on_callback
from keyboards.callbacks.client_callbacks import (
    LiftLimit,
    LimitLooks,
    OpenListRules,
    PutLimitBack,
    ShowJournal,
    ShowOnlyOwn,
)
from keyboards.oversight import list_rules as screens
from keyboards.oversight.list_rules import JournalLineView
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.oversight import looks
from models.oversight.journal import Subject
from services.clients import client_cards
from services.oversight import journal, list_rules
from services.people import employees

PAGE = 50
LATEST = date.max.toordinal()


@on_callback(OpenListRules, access.OWNER)
def open_(request: Request, press: OpenListRules) -> Reply:
    return _rules(request)


def _rules(request: Request, toast: str | None = None) -> Reply:
    work = request.work
    return Reply(screens.screen(list_rules.get(work), list_rules.lifted(work), request.t), toast)


@on_callback(ShowOnlyOwn, access.OWNER)
def see(request: Request, press: ShowOnlyOwn) -> Reply:
    list_rules.show_only_own(request.work, own_only=press.own_only)
    return _rules(request, request.t("Готово"))


@on_callback(LimitLooks, access.OWNER)
def limit(request: Request, press: LimitLooks) -> Reply:
    """One of the limits that are offered."""
    if press.most not in looks.CHOICES:
        raise NotFound("button")
    list_rules.limit(request.work, press.most)
    return _rules(request, request.t("Готово"))


@on_callback(LiftLimit, access.OWNER)
def lift(request: Request, press: LiftLimit) -> Reply:
    """A day that is over is refused: it has begun anew since."""
    if press.day is not None and not 1 <= press.day <= LATEST:
        raise NotFound("button")
    day = date.fromordinal(press.day) if press.day is not None else None
    done = list_rules.lift(request.work, press.person, day)
    return _rules(request, request.t("Лимит снят: {name}", name=done.person.name))


@on_callback(PutLimitBack, access.OWNER)
def put_back(request: Request, press: PutLimitBack) -> Reply:
    list_rules.put_back(request.work, press.person)
    return _rules(request, request.t("Готово"))


# --- who looked at what -----------------------------------------------------------------------------------------


@on_callback(ShowJournal, access.OWNER)
def show(request: Request, press: ShowJournal) -> Reply:
    """The newest rows, of all or of one person: NotFound for nobody."""
    work = request.work
    journal.SEE.check(work.actor)
    person = employees.get(work, press.person) if press.person is not None else None
    before = press.before if press.before is not None else journal.NEWEST
    since = datetime.min.replace(tzinfo=work.now.tzinfo)
    rows = journal.latest(work.tx, since, PAGE + 1, who=press.person, before=before)
    named = _namer(request)
    shown = [
        JournalLineView(one, named(("employee", one.actor)) if one.actor else "", named(one.about))
        for one in rows[:PAGE]
    ]
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    whose = (person.id, person.name) if person else None
    return Reply(screens.journal_screen(shown, whose, older, work.now, request.t))


def _namer(request: Request) -> Callable[[Subject | None], str]:
    """What people and clients are called today; empty for what has no name, or is there no more."""

    @cache
    def name(about: Subject | None) -> str:
        kind, key = about or ("", None)
        try:
            if kind == "employee" and key is not None:
                return employees.get(request.work, key).name
            return client_cards.get(request.work, key).name if kind == "client" and key is not None else ""
        except NotFound:
            return ""

    return name
