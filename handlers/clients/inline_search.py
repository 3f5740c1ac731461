"""The same search in any chat: the bot's name and what one has in the hand (`@bot 1042`). It writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from handlers.clients import client_search
from handlers.request import Request
from keyboards.clients import inline_page
from keyboards.clients.inline_page import InlinePage, InlineResult
from models import access
from models.entities import Deal
from services.search import finder, own_deals
from services.search.finder import SearchResults

MOST_OWN = 16
FEWEST = 3  # letters: whoever types a name passes by its first two, and by these half of all deals are found


def answer(request: Request, text: str, page: int = 0) -> InlinePage:
    """What is found by these words, by the rights of who types; without words, what waits for him."""
    t = request.t
    if request.me.role not in access.SALES:
        return inline_page.no_search(t)
    if not text.strip():
        return _own(request)
    if text.strip().isalpha() and len(text.strip()) < FEWEST:
        return inline_page.offered((), inline_page.note("letter", t), "")
    found = finder.look(request.work, text, page)
    if page and found.page != page:  # meanwhile there are fewer
        return inline_page.offered((), "", "")
    results = list(_results(request, found.deals))
    results += [
        inline_page.others_result(one.id, one.number, one.led_by, request.bot_username, t) for one in found.others
    ]
    following = str(page + 1) if page + 1 < found.pages else ""
    return inline_page.offered(results, _note(request, found) if page == 0 else "", following)


def _note(request: Request, found: SearchResults) -> str:
    """What stands above the results of the first page."""
    t = request.t
    if found.guessed:
        return t("Точно такого нет. Похоже на это:")
    if found.others_count > len(found.others):
        return t("И ещё сделок коллег: {n}", n=found.others_count - len(found.others))
    return "" if found.deals or found.others else inline_page.note(found.fault, t)


def _own(request: Request) -> InlinePage:
    t, found = request.t, own_deals.waiting_first(request.work, MOST_OWN)
    waiting = {deal.id for deal, waits in found if waits}
    results = _results(request, [deal for deal, _ in found], waiting)
    return inline_page.offered(list(results), "" if found else t("Своих сделок нет — искать в боте"), "")


def _results(request: Request, deals: Sequence[Deal], waiting: Collection[int] = ()) -> Iterator[InlineResult]:
    t = request.t
    for deal, one in zip(deals, client_search.found_lines(request, deals), strict=True):
        if deal.responsible_id is None:
            whose = t("никто не ведёт")
        elif deal.responsible_id == request.me.id:
            whose = t("ведёте вы")
        else:
            whose = t("ведёт {name}", name=one.led_by or "—")
        said = t("ждёт вас") + " · " + whose if deal.id in waiting else whose
        yield inline_page.own_result(one, said, request.bot_username, t)
