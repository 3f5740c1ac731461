"""Coming in: /start with and without an invitation, strangers (C-8), and the other commands."""

from __future__ import annotations

import re
from dataclasses import replace

import locales
from handlers import home
from handlers.clients import client_search
from handlers.deals import deal_actions
from handlers.forms import form_buttons
from handlers.request import Incoming, Request, on_command
from keyboards import base36, refusals
from keyboards.callbacks.forms.question_callbacks import CancelForm
from keyboards.clients import inline_page
from keyboards.people import start as screens
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator, translator
from models import access
from models.errors import InvitationInvalid
from models.values.clean_text import is_meaningful_name, one_line
from services import invitations
from services.deals import practice
from services.unit_of_work import UnitOfWork

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
DEAL = re.compile(r"d([0-9a-z]{1,13})")


def payload(text: str | None) -> str:
    """What stands behind a command: «/start abc» → «abc»."""
    parts = (text or "").split(maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""


# --- strangers --------------------------------------------------------------------------------------------------


def stranger(work: UnitOfWork, t: Translator, incoming: Incoming) -> Reply:
    """What anybody gets who is no active employee: a place in the company for a valid invitation, else one sentence.

    An invitation that does not work says why, as only somebody who was given one has it.
    """
    token = token_in(incoming.text) if incoming.kind == "message" else None
    if token is None:
        return Reply(screens.neutral_screen(t))
    locale = _locale(work, incoming)
    t = translator(locale, t.zone)
    try:
        # of two at once the loser has been written as an employee before he is refused: that is taken back here
        with work.tx.begin_nested():
            person = invitations.join(work, token, incoming.telegram_id, _name(incoming, t), locale)
    except InvitationInvalid as refused:
        work.staff_cache = None
        return Reply(screens.refused_screen(refusals.sentence(refused, t)))
    t = translator(person.locale, t.zone)
    request = Request(replace(work, actor=person), t, incoming, person)
    learns = person.role in access.SALES and bool(practice.grounds(work.company))
    return Reply(screens.welcome_screen(person, work.company.name, t, learns=learns), also=_home(request))


def token_in(text: str | None) -> str | None:
    """The invitation in «/start TOKEN», if it can be one."""
    command = (text or "").split(maxsplit=1)[:1]
    if not command or command[0].partition("@")[0] != "/start":
        return None
    found = payload(text)
    return found if TOKEN.fullmatch(found) else None


def _locale(work: UnitOfWork, incoming: Incoming) -> str:
    """The language of the person's Telegram, if the bot speaks it; else the company's."""
    language = incoming.language.partition("-")[0].lower()
    return language if language in locales.LOCALES else work.company.locale


def _name(incoming: Incoming, t: Translator) -> str:
    name = one_line(incoming.name, limit=100)
    return name if is_meaningful_name(name) else t("Сотрудник")


def _home(request: Request) -> tuple[Screen, ...]:
    screen = home.show(request).screen
    return (screen,) if screen else ()


# --- employees --------------------------------------------------------------------------------------------------


@on_command("start", access.EVERYONE)
def start(request: Request) -> Reply:
    """The menu; `d…` opens a deal, `find` the search, where a link or an inline query has led here; an invitation, used
    or not, is not spent on somebody who works here already."""
    said = payload(request.incoming.text)
    deal = DEAL.fullmatch(said)
    deal_id = base36.from36(deal[1]) if deal else None
    if deal_id is not None:
        return deal_actions.card(request, deal_id)
    if said == inline_page.SEARCH and request.me.role in access.SALES:
        return client_search.find(request)
    if TOKEN.fullmatch(said):
        return Reply(screens.already_screen(request.me, request.t))
    return home.show(request)


@on_command("menu", access.EVERYONE)
def menu(request: Request) -> Reply:
    return home.show(request)


@on_command("help", access.EVERYONE)
def help_(request: Request) -> Reply:
    return Reply(screens.help_screen(request.me, request.t))


@on_command("cancel", access.EVERYONE)
def cancel(request: Request) -> Reply:
    """The same as the button «Отмена»."""
    return form_buttons.cancel(request, CancelForm())


@on_command("find", access.SALES)
def find(request: Request) -> Reply:
    """«/find Иванова» searches at once, «/find» asks for what."""
    said = payload(request.incoming.text)
    return client_search.results(request, said) if said else client_search.find(request)
