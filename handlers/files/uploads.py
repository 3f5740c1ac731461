"""Files that no question asked for: put where they surely belong, or asked about once for all that came together.

A job's photos (C-5, K-22) go to the job of the message's own hour; an album, or a few files sent at once, is one heap;
what comes late goes the way that the heap went.
"""

from __future__ import annotations

from datetime import datetime

from handlers.deals import deal_actions as deal_handlers
from handlers.request import Request, on_callback, on_message
from keyboards import refusals
from keyboards.callbacks.file_callbacks import CorrectUpload, DropUpload, PutUpload
from keyboards.files import upload_screens
from keyboards.files.upload_screens import UploadSummary
from keyboards.screen import Reply, Screen, line
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.fields.groups import FileLike
from models.values.invalid_value import InvalidValue
from services import field_chat
from services.deals import deal_queries
from services.files import deal_files, folder_changes, incoming_files, late_files, quotas, upload_targets, uploads
from services.files.incoming_files import IncomingFile
from services.files.uploads import UploadBatch

MOST = 8  # deals to choose from


@on_message(50, access.EVERYONE)
def came(request: Request) -> Reply | None:
    """A file that no question has asked for: where does it belong?"""
    sent, work = request.incoming.file, request.work
    if sent is None:
        return None
    try:
        incoming_files.check_acceptable(None, sent)
        quotas.check(work, sent.size)
    except InvalidValue as wrong:
        return Reply(Screen((line("⚠️ ", refusals.sentence(wrong, request.t)),)), new=True)
    heap = uploads.find_of_album(work, request.incoming.album)
    if heap is None:
        home = upload_targets.replied_to(work, request.incoming.reply_to)
        if home is not None:
            return _put_straight(request, home, sent)
        heap = uploads.find(work, _date(request), request.incoming.message_id)
    if heap is not None and heap.count < uploads.MOST:
        return _join(request, heap, sent)
    home = upload_targets.the_one(work, upload_targets.around(work, _date(request)), _date(request))
    return _put_straight(request, home, sent) if home is not None else _ask(request, _begin(request, sent))


def _date(request: Request) -> datetime:
    return request.incoming.sent_at or request.work.now


def _begin(request: Request, sent: IncomingFile) -> UploadBatch:
    return uploads.begin(request.work, sent, request.incoming.album, _date(request))


# --- without a question -----------------------------------------------------------------------------------------


def _put_straight(request: Request, home: Deal, sent: IncomingFile) -> Reply:
    """Into that deal; one message counts what comes for it within minutes."""
    work = request.work
    heap = uploads.find_growing(work, home.id, _date(request))
    if heap is not None:
        return _join(request, heap, sent)
    heap = _begin(request, sent)
    heap.by_itself = True
    heap.went(home.id, None, [_keep(request, home, None, sent)])
    uploads.save(work, heap)
    deal_files.tell(work, home.id, [incoming_files.clean_name(sent)])
    return _told(request, heap, home)


def _keep(request: Request, home: Deal, wanted: str | None, sent: IncomingFile) -> int:
    """Under the field that an answer named, else under the one that the job's task wants."""
    process = request.work.company.processes.get(home.process)
    field = process.fields.get(wanted) if process and wanted else None
    fits = isinstance(field, FileLike) and field.takes(picture=incoming_files.is_picture(sent))
    name = wanted if fits else upload_targets.field_for(request.work, home, sent)
    key = deal_files.keep(request.work, home, name, sent, told=False)
    late_files.hand_in(request.work, home, name, key)
    return key


def _told(request: Request, heap: UploadBatch, home: Deal) -> Reply:
    screen = upload_screens.arrived(_shown(heap), home, request.t)
    if request.message_id is None and heap.message_id is not None:
        return Reply(edit=(heap.message_id, screen))
    return Reply(screen, new=request.message_id is None, remember_heap=heap.token)


def _shown(heap: UploadBatch) -> UploadSummary:
    return UploadSummary(heap.token, heap.count, heap.photos, heap.files[0].name if heap.files else "")


# --- one more of a heap -----------------------------------------------------------------------------------------


def _join(request: Request, heap: UploadBatch, sent: IncomingFile) -> Reply:
    """It goes the way that the heap went."""
    work = request.work
    if heap.state == uploads.PUT:
        try:
            home = deal_queries.get(work, heap.deal_id or 0)
        except (NotFound, NotAllowed):  # the deal is gone, or no longer his to see
            return _ask(request, _begin(request, sent))
        if heap.said is not None:
            return _say_too(request, heap, home, sent)
        heap.add(sent, request.incoming.album, _date(request))
        heap.went(home.id, heap.folder, [*heap.kept, _keep(request, home, heap.folder, sent)])
        uploads.save(work, heap)
        return _told(request, heap, home) if heap.by_itself else Reply()
    heap.add(sent, request.incoming.album, _date(request))
    if heap.state == uploads.NOWHERE:
        uploads.save(work, heap)
        return Reply()
    return _ask(request, heap)


def _say_too(request: Request, heap: UploadBatch, home: Deal, sent: IncomingFile) -> Reply:
    """One more photo of a question or an answer, silently (M-10)."""
    work = request.work
    key = deal_files.keep(work, home, None, sent, told=False)
    heap.add(sent, request.incoming.album, _date(request))
    heap.went(home.id, None, [*heap.kept, key])
    uploads.save(work, heap)
    field_chat.join(work, home.id, str(heap.said), key, request.incoming.text or "")
    return Reply()


def _ask(request: Request, heap: UploadBatch) -> Reply:
    """Where to? The question that stands already counts on; one that never arrived is asked anew."""
    uploads.save(request.work, heap)
    screen = _question(request, heap)
    if request.message_id is not None:
        return Reply(screen, remember_heap=heap.token)
    if heap.message_id is not None:
        return Reply(edit=(heap.message_id, screen))
    return Reply(screen, new=True, remember_heap=heap.token)


def _question(request: Request, heap: UploadBatch) -> Screen:
    work = request.work
    found: dict[int, tuple[Deal, datetime | None]] = {
        one.deal.id: (one.deal, one.due_at) for one in upload_targets.around(work, heap.last)
    }
    for one in deal_files.recent_deals(work):
        found.setdefault(one.id, (one, None))
    now_in = deal_queries.find(work, heap.deal_id) if heap.kept and heap.deal_id else None
    if now_in is not None:
        found.pop(now_in.id, None)
    return upload_screens.where(_shown(heap), list(found.values())[:MOST], request.t, now_in=now_in)


# --- answers ----------------------------------------------------------------------------------------------------


@on_callback(PutUpload, access.EVERYONE)
def put(request: Request, press: PutUpload) -> Reply:
    """Put the waiting files into a deal."""
    work, home = request.work, deal_queries.get(request.work, press.deal)
    heap = uploads.find_by_token(work, press.token)
    if heap is None or heap.state != uploads.ASKED:
        return deal_handlers.card(request, home.id, request.t("Этот файл уже сохранён."))
    moved = heap.kept
    if heap.kept and heap.deal_id not in (None, home.id):
        moved = folder_changes.take_back(work, heap.deal_id or 0, heap.kept, home, work.actor_id)
    new = [_keep(request, home, None, one) for one in heap.files]
    deal_files.tell(work, home.id, [incoming_files.clean_name(one) for one in heap.files])
    heap.went(home.id, None, [*moved, *new])
    uploads.save(work, heap)
    if heap.by_itself or request.me.role in access.FIELD_STAFF:
        heap.by_itself = True
        uploads.save(work, heap)
        return _told(request, heap, home)
    said = request.t.plural("Добавлен {n} файл", "Добавлено {n} файлов", heap.count)
    return deal_handlers.card(request, home.id, said)


@on_callback(CorrectUpload, access.EVERYONE)
def not_there(request: Request, press: CorrectUpload) -> Reply:
    """They were put into the wrong deal: where to, then?"""
    heap = uploads.find_by_token(request.work, press.token)
    if heap is None or heap.state == uploads.NOWHERE:
        raise NotFound("file")
    heap.state, heap.corrected = uploads.ASKED, True
    return _ask(request, heap)


@on_callback(DropUpload, access.EVERYONE)
def put_nowhere(request: Request, press: DropUpload) -> Reply:
    """The files were sent by mistake."""
    heap = uploads.find_by_token(request.work, press.token)
    if heap is None:
        return Reply(upload_screens.dropped(None, request.t))
    if heap.state == uploads.PUT and heap.deal_id is not None:
        return deal_handlers.card(request, heap.deal_id, request.t("Этот файл уже сохранён."))
    said = upload_screens.dropped(_shown(heap), request.t)
    if heap.kept and heap.deal_id is not None:
        folder_changes.take_back(request.work, heap.deal_id, heap.kept, None, request.work.actor_id)
    heap.state, heap.files, heap.kept = uploads.NOWHERE, [], []
    uploads.save(request.work, heap)
    return Reply(said)
