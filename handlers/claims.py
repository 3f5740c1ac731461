"""Claims of clients: the page of one, those of a deal, all open ones; registering one by hand (K-24)."""

from __future__ import annotations

from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards import claims as screens
from keyboards.deals import deal_pages, history_words
from keyboards.screen import Answer, Screen, Stored, line
from models import access
from models.entities import Claim, Deal, File
from models.errors import NotAllowed, NotFound
from services import claims
from services.deals import deal_commands, deal_queries
from services.files import deal_files

LONGEST_TEXT = 1000
NOT_STEPS = frozenset({"created", "filled", "claim"})  # what is said above, or no step towards an end
MOST_READ = 60


def show(visit: Visit, claim_id: int, toast: str | None = None) -> Answer:
    """The page of a claim, for everyone who sees its deal: NotFound, NotAllowed."""
    one, deal = claims.get(visit.work, claim_id)
    steps = _steps(visit, one, deal)
    repair = deal_queries.find(visit.work, one.repair_id) if one.repair_id else None
    view = screens.ClaimView(
        one,
        deal,
        visit.work.now,
        steps[-screens.STEPS :],
        len(steps) > screens.STEPS,
        len(_photos(visit, one)),
        repair if repair and access.can_view(visit.me, repair) else None,
        _photo_field(visit, deal) is not None and claims.may_register(visit.work, deal),
        len(claims.of_deal(visit.work, deal)) > 1,
    )
    return Answer(screens.page(view, visit.t), toast)


def _steps(visit: Visit, one: Claim, deal: Deal) -> list[tuple[Any, str, str]]:
    """What was done since the claim came, until it was settled; the oldest first."""
    view = deal_handlers.view(visit, deal, full=True)
    out = []
    for event in reversed(deal_queries.history_of(visit.work, deal, MOST_READ)):
        over = one.settled_at is not None and event.at > one.settled_at
        if event.at < one.opened_at or over or event.kind in NOT_STEPS:
            continue
        if not view.sees_money and history_words.is_about_money(event, view):
            continue
        out.append((event.at, event.actor or visit.t("Система"), deal_pages.happened(event, view, visit.t)))
    return out


def _photos(visit: Visit, one: Claim) -> list[File]:
    """The claim's photos that the person may see."""
    wanted = set(one.photos)
    return [found for found in deal_files.of_deal(visit.work, one.deal_id) if found.id in wanted] if wanted else []


def _photo_field(visit: Visit, deal: Deal) -> str | None:
    """Where photos of a claim lie, if the process has such a field."""
    process = visit.work.process(deal.process)
    name = process.claim_fields[1]
    return name if name in process.fields else None


@on_tap("claim", access.EVERYONE)
def open_(visit: Visit, claim_id: str) -> Answer:
    return show(visit, number(claim_id, "claim"))


@on_tap("claims", access.EVERYONE)
def of_deal(visit: Visit, deal_id: str) -> Answer:
    """The claims of a deal; the only one at once."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    found, can_add = claims.of_deal(visit.work, deal), claims.may_register(visit.work, deal)
    if len(found) == 1:
        return show(visit, found[0].id)
    return Answer(screens.of_deal(deal, found, visit.work.now, can_add=can_add, t=visit.t))


@on_tap("claims_all", access.MANAGEMENT)
def all_open(visit: Visit, way: str = "", edge: str = "") -> Answer:
    """All open claims, the oldest first; `a ID` after, `b ID` before."""
    at = number(edge) if edge else 0
    page = claims.page(visit.work, after=at if way == "a" else 0, before=at if way == "b" else None)
    listed = [screens.ListedClaim(one.claim, one.title, one.number) for one in page.entries]
    total = claims.count_open(visit.work)
    view = screens.ClaimsView(listed, total, visit.work.now, page.after, page.before)
    return Answer(screens.all_open(view, visit.t))


@on_tap("claim_photos", access.EVERYONE)
def photos(visit: Visit, claim_id: str) -> Answer:
    """The photos themselves, below."""
    one, _ = claims.get(visit.work, number(claim_id, "claim"))
    found = _photos(visit, one)
    if not found:
        raise NotFound("file")
    said = visit.t.plural("{n} файл", "{n} файлов", len(found))
    return Answer(toast=said, also=tuple(_sent(visit, file, one) for file in found))


def _sent(visit: Visit, file: File, one: Claim) -> Screen:
    caption, held = (line(visit.t("Претензия {number}", number=one.number)),), Stored(file.id, file.name)
    return Screen(caption, photo=held) if file.kind == "photo" else Screen(caption, document=held)


# --- by hand ----------------------------------------------------------------------------------------------------


@on_tap("claim_new", access.SALES)
def begin(visit: Visit, deal_id: str) -> Answer:
    """«The client has called with a claim»: what does he say?"""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    if not claims.may_register(visit.work, deal):
        raise NotAllowed
    field = visit.work.process(deal.process).fields.get(visit.work.process(deal.process).claim_fields[0] or "")
    longest = min(getattr(field, "longest", LONGEST_TEXT), LONGEST_TEXT)
    t = visit.t
    title, hint = t("Претензия клиента"), t("Запишите словами клиента, что не так. Фото спрошу следом.")
    return form_runner.begin_text(visit, {"do": "claim", "deal": deal.id}, title, hint, longest=longest)


@form_runner.on_finish("claim")
def registered(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The claim is registered, and told to those above, before any photo has come."""
    one = claims.register(visit.work, int(purpose["deal"]), str(values["text"]))
    return _ask_photos(visit, one, visit.t("Претензия {number} записана", number=one.number))


@on_tap("claim_add", access.SALES)
def add(visit: Visit, claim_id: str) -> Answer:
    """More photos for a claim."""
    one, deal = claims.get(visit.work, number(claim_id, "claim"))
    if not claims.may_register(visit.work, deal) or _photo_field(visit, deal) is None:
        raise NotFound("button")
    return _ask_photos(visit, one, visit.t("Претензия {number}", number=one.number))


def _ask_photos(visit: Visit, one: Claim, intro: str) -> Answer:
    deal = deal_queries.get(visit.work, one.deal_id)
    field = _photo_field(visit, deal)
    if field is None:
        return show(visit, one.id, intro)
    purpose: dict[str, str | int] = {"do": "claim_photos", "claim": one.id, "deal": deal.id}
    process = visit.work.process(deal.process)
    return form_runner.begin(
        visit, purpose, [field], process=process, deal=deal, again=True, optional=frozenset({field}), intro=intro
    )  # fmt: skip


@form_runner.on_finish("claim_photos")
def photographed(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The photos stand on the claim's page; passed over, there are none."""
    claim_id = int(purpose["claim"])
    if values:
        deal_commands.fill(visit.work, int(purpose["deal"]), values)
        claims.add_photos(visit.work, claim_id, [key for ids in values.values() for key in ids])
    return show(visit, claim_id)
