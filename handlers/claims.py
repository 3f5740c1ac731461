"""Claims of clients: the page of one, those of a deal, all open ones; registering one by hand (K-24)."""

from __future__ import annotations

from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards import claims as screens
from keyboards.callbacks.claim_callbacks import (
    AddClaimPhotos,
    EnterClaim,
    ListClaims,
    ListOpenClaims,
    SendClaimPhotos,
    ShowClaim,
)
from keyboards.deals import history_words
from keyboards.screen import DealFile, Reply, Screen, line
from models import access
from models.entities import Claim, Deal, File
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.history.deal_lines import DealCreated, FieldFilled
from models.history.money_lines import ClaimMade
from services import claims
from services.deals import deal_commands, deal_queries
from services.files import deal_files
from services.purposes.claim_purposes import ClaimPhotosPurpose, ClaimPurpose

LONGEST_TEXT = 1000
NOT_STEPS = (DealCreated, FieldFilled, ClaimMade)  # what is said above, or no step towards an end
MOST_READ = 60


def show(request: Request, claim_id: int, toast: str | None = None) -> Reply:
    """The page of a claim, for everyone who sees its deal: NotFound, NotAllowed."""
    one, deal = claims.get(request.work, claim_id)
    steps = _steps(request, one, deal)
    repair = deal_queries.find(request.work, one.repair_id) if one.repair_id else None
    view = screens.ClaimView(
        one,
        deal,
        request.work.now,
        steps[-screens.STEPS :],
        len(steps) > screens.STEPS,
        len(_photos(request, one)),
        repair if repair and access.can_view(request.me, repair) else None,
        _photo_field(request, deal) is not None and claims.can_register(request.work, deal),
        len(claims.of_deal(request.work, deal)) > 1,
    )
    return Reply(screens.page(view, request.t), toast)


def _steps(request: Request, one: Claim, deal: Deal) -> list[tuple[Any, str, str]]:
    """What was done since the claim came, until it was settled; the oldest first."""
    view = deal_handlers.view(request, deal, full=True)
    out = []
    for event in reversed(deal_queries.history_of(request.work, deal, MOST_READ)):
        over = one.settled_at is not None and event.at > one.settled_at
        if event.at < one.opened_at or over or isinstance(event.line, NOT_STEPS):
            continue
        if history_words.is_hidden(event, view):
            continue
        out.append((event.at, event.actor or request.t("Система"), history_words.happened(event, view, request.t)))
    return out


def _photos(request: Request, one: Claim) -> list[File]:
    """The claim's photos that the person may see."""
    wanted = set(one.photos)
    return [found for found in deal_files.of_deal(request.work, one.deal_id) if found.id in wanted] if wanted else []


def _photo_field(request: Request, deal: Deal) -> str | None:
    """Where photos of a claim lie, if the process has such a field."""
    process = request.work.process(deal.process)
    name = process.claim_fields[1]
    return name if name in process.fields else None


@on_callback(ShowClaim, access.EVERYONE)
def open_(request: Request, press: ShowClaim) -> Reply:
    return show(request, press.claim)


@on_callback(ListClaims, access.EVERYONE)
def of_deal(request: Request, press: ListClaims) -> Reply:
    """The claims of a deal; the only one at once."""
    deal = deal_queries.get(request.work, press.deal)
    found, can_add = claims.of_deal(request.work, deal), claims.can_register(request.work, deal)
    if len(found) == 1:
        return show(request, found[0].id)
    return Reply(screens.of_deal(deal, found, request.work.now, can_add=can_add, t=request.t))


@on_callback(ListOpenClaims, access.MANAGEMENT)
def all_open(request: Request, press: ListOpenClaims) -> Reply:
    """All open claims, the oldest first; `a ID` after, `b ID` before."""
    after, before = press.edge if press.way == "a" else None, press.edge if press.way == "b" else None
    page = claims.page(request.work, after=after or 0, before=before)
    listed = [screens.ListedClaim(one.claim, one.title, one.number) for one in page.entries]
    total = claims.count_open(request.work)
    view = screens.ClaimsView(listed, total, request.work.now, page.after, page.before)
    return Reply(screens.all_open(view, request.t))


@on_callback(SendClaimPhotos, access.EVERYONE)
def photos(request: Request, press: SendClaimPhotos) -> Reply:
    """The photos themselves, below."""
    one, _ = claims.get(request.work, press.claim)
    found = _photos(request, one)
    if not found:
        raise NotFound("file")
    said = request.t.plural("{n} файл", "{n} файлов", len(found))
    return Reply(toast=said, also=tuple(_sent(request, file, one) for file in found))


def _sent(request: Request, file: File, one: Claim) -> Screen:
    caption, held = (line(request.t("Претензия {number}", number=one.number)),), DealFile(file.id, file.name)
    return Screen(caption, photo=held) if file.kind == "photo" else Screen(caption, document=held)


# --- by hand ----------------------------------------------------------------------------------------------------


@on_callback(EnterClaim, access.SALES)
def begin(request: Request, press: EnterClaim) -> Reply:
    """«The client has called with a claim»: what does he say?"""
    deal = deal_queries.get(request.work, press.deal)
    if not claims.can_register(request.work, deal):
        raise NotAllowed
    field = request.work.process(deal.process).fields.get(request.work.process(deal.process).claim_fields[0] or "")
    longest = min(getattr(field, "longest", LONGEST_TEXT), LONGEST_TEXT)
    t = request.t
    title, hint = t("Претензия клиента"), t("Запишите словами клиента, что не так. Фото спрошу следом.")
    return form_runner.begin_text(request, ClaimPurpose(deal.id), title, hint, longest=longest)


@on_finish(ClaimPurpose, access.SALES)
def registered(request: Request, purpose: ClaimPurpose, values: FieldValues) -> Reply:
    """The claim is registered, and told to those above, before any photo has come."""
    one = claims.register(request.work, purpose.deal, str(values["text"]))
    return _ask_photos(request, one, request.t("Претензия {number} записана", number=one.number))


@on_callback(AddClaimPhotos, access.SALES)
def add(request: Request, press: AddClaimPhotos) -> Reply:
    """More photos for a claim."""
    one, deal = claims.get(request.work, press.claim)
    if not claims.can_register(request.work, deal) or _photo_field(request, deal) is None:
        raise NotFound("button")
    return _ask_photos(request, one, request.t("Претензия {number}", number=one.number))


def _ask_photos(request: Request, one: Claim, intro: str) -> Reply:
    deal = deal_queries.get(request.work, one.deal_id)
    field = _photo_field(request, deal)
    if field is None:
        return show(request, one.id, intro)
    purpose = ClaimPhotosPurpose(one.id, deal.id)
    process = request.work.process(deal.process)
    return form_runner.begin(
        request, purpose, [field], process=process, deal=deal, again=True, optional=frozenset({field}), intro=intro
    )  # fmt: skip


@on_finish(ClaimPhotosPurpose, access.SALES)
def photographed(request: Request, purpose: ClaimPhotosPurpose, values: FieldValues) -> Reply:
    """The photos stand on the claim's page; passed over, there are none."""
    claim_id = purpose.claim
    if values:
        deal_commands.fill(request.work, purpose.deal, values)
        claims.add_photos(request.work, claim_id, [key for ids in values.values() for key in ids])
    return show(request, claim_id)
