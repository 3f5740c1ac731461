"""Where what was sent belongs: its sender has said so, or that it was put wrong."""

from __future__ import annotations

from dataclasses import replace

from handlers.deals import deal_actions as deal_handlers
from handlers.files import uploads as arrivals
from handlers.request import Request, on_callback
from keyboards import refusals
from keyboards.callbacks.file_callbacks import CorrectUpload, DropUpload, PutUpload
from keyboards.files import upload_screens
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from services.deals import deal_queries
from services.files import folder_changes, uploads


@on_callback(PutUpload, access.EVERYONE)
def put(request: Request, press: PutUpload) -> Reply:
    """Put the waiting files into a deal; where it is gone meanwhile, it is asked again where to."""
    work, heap = request.work, uploads.find_by_token(request.work, press.token)
    if heap is not None and heap.state == uploads.ASKED and deal_queries.find(work, press.deal) is None:
        return replace(arrivals.ask(request, heap), toast=refusals.sentence(NotFound("deal"), request.t))
    home = deal_queries.get(work, press.deal)
    if heap is None or heap.state != uploads.ASKED:
        return deal_handlers.card(request, home.id, request.t("Этот файл уже сохранён."))
    moved = heap.kept
    if heap.kept and heap.deal_id not in (None, home.id):
        moved = folder_changes.take_back(work, heap.deal_id or 0, heap.kept, home, work.actor_id)
    new = [arrivals.keep(request, home, None, one) for one in heap.files]
    arrivals.tell(request, heap, home, heap.files)
    heap.went(home.id, None, [*moved, *new])
    uploads.save(work, heap)
    if heap.by_itself or request.me.role in access.FIELD_STAFF:
        heap.by_itself = True
        uploads.save(work, heap)
        return arrivals.told(request, heap, home)
    said = request.t.plural("Добавлен {n} файл", "Добавлено {n} файлов", heap.count)
    if not heap.count:
        said = request.t("Записал в историю")
    return deal_handlers.card(request, home.id, said)


@on_callback(CorrectUpload, access.EVERYONE)
def not_there(request: Request, press: CorrectUpload) -> Reply:
    """They were put into the wrong deal: where to, then?"""
    heap = uploads.find_by_token(request.work, press.token)
    if heap is None or heap.state == uploads.NOWHERE:
        raise NotFound("file")
    heap.state, heap.corrected = uploads.ASKED, True
    return arrivals.ask(request, heap)


@on_callback(DropUpload, access.EVERYONE)
def put_nowhere(request: Request, press: DropUpload) -> Reply:
    """The files were sent by mistake."""
    heap = uploads.find_by_token(request.work, press.token)
    if heap is None:
        return Reply(upload_screens.dropped(None, request.t))
    if heap.state == uploads.PUT and heap.deal_id is not None:
        return deal_handlers.card(request, heap.deal_id, request.t("Этот файл уже сохранён."))
    said = upload_screens.dropped(arrivals.shown(heap), request.t)
    if heap.kept and heap.deal_id is not None:
        folder_changes.take_back(request.work, heap.deal_id, heap.kept, None, request.work.actor_id)
    heap.state, heap.files, heap.kept = uploads.NOWHERE, [], []
    uploads.save(request.work, heap)
    return Reply(said)
