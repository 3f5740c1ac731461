"""«Кто что может»: the owner reads the table of rights."""

from __future__ import annotations

from handlers.request import Request, on_callback
from keyboards.callbacks.settings_callbacks import OpenRights
from keyboards.people import rights as screens
from keyboards.screen import Reply
from models import access, rights
from models.errors import NotFound


@on_callback(OpenRights, access.OWNER)
def show(request: Request, press: OpenRights) -> Reply:
    """All kinds of things, or one with its rows; NotFound for one that this version does not know."""
    if press.thing is None:
        return Reply(screens.things_screen(request.t))
    found = rights.THINGS.get(press.thing)
    if found is None or not found.rights:
        raise NotFound("button")
    return Reply(screens.thing_screen(found, request.t))
