"""A place on the map that no question waits for: into the address of a deal by one tap, and never silently lost."""

from __future__ import annotations

from handlers.forms import form_runner, form_state
from handlers.forms.steps import field_steps
from handlers.forms.steps.address_answers import AddressState
from handlers.request import Request, on_callback, on_message
from keyboards.callbacks.deal_callbacks import PutPlace
from keyboards.deals import place_screens as screens
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.errors import NotFound
from models.fields.address_field import AddressField
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from services.deals import deal_queries
from services.files import deal_files, upload_targets
from services.purposes.deal_purposes import FillPurpose


@on_message(45, access.EVERYONE)
def came(request: Request) -> Reply | None:
    """Nobody has asked for it just now: what is it for?"""
    place = request.incoming.location
    return offer(request, GeoPoint(*place)) if place is not None else None


def offer(request: Request, point: GeoPoint) -> Reply:
    """The deals whose address it may be; first the one whose message it answers."""
    if request.me.role not in access.SALES:
        return Reply(screens.for_a_task(point, request.t), new=request.message_id is None)
    answered = upload_targets.replied_to(request.work, request.incoming.reply_to)
    found = {one.id: one for one in ([answered] if answered else [])}
    found |= {one.id: one for one in deal_files.recent_deals(request.work)}
    fit = [one for one in found.values() if one.status == "open" and _address_of(request, one) is not None]
    return Reply(screens.where(point, fit, request.t), new=request.message_id is None)


def _address_of(request: Request, deal: Deal) -> str | None:
    """The deal's address, if it is the actor's to write."""
    process = request.work.company.processes.get(deal.process)
    if process is None or not access.can_edit(request.me, deal):
        return None
    hidden = request.hidden(process)
    names = (name for name, field in process.fields.items() if isinstance(field, AddressField) and name not in hidden)
    return next((name for name in names if access.fills(request.me.role, process, name)), None)


@on_callback(PutPlace, access.SALES)
def put(request: Request, press: PutPlace) -> Reply:
    """As if it had answered the question of the address: what it lacks is asked, all of it is shown for a yes."""
    deal = deal_queries.get_editable(request.work, press.deal)
    name = _address_of(request, deal)
    latitude, longitude = press.latitude / screens.MILLION, press.longitude / screens.MILLION
    if name is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise NotFound("button")
    process = request.work.process(deal.process)
    form_runner.begin(request, FillPurpose(deal.id), [name], process=process, deal=deal, again=True)
    form = form_state.load(request)
    if form is None:
        raise NotFound("button")
    known = deal.fields.get(name)
    if isinstance(known, Address):  # the place is one thing more about it
        form.draft.step_state = AddressState(known)
    return field_steps.of(form.field).location(request, form, latitude, longitude)
