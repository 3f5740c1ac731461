"""Files that no question asked for: put where they surely belong, or asked about once for all that came together.

A job's photos (C-5, K-22) go to the job of the message's own hour; an album, or a few files sent at once, is one heap;
what comes late goes the way that the heap went.
"""

from __future__ import annotations

from datetime import datetime

from handlers.deals import deal_actions as deal_handlers
from handlers.request import Visit, number, on_message, on_tap
from keyboards import refusals
from keyboards.files import upload_screens
from keyboards.files.upload_screens import Came
from keyboards.screen import Answer, Screen, line
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.process import fields as f
from models.values.invalid_value import Wrong
from services import field_chat
from services.deals import deal_queries
from services.files import deal_files, folder_changes, upload_targets, uploads
from services.files.deal_files import Sent
from services.files.uploads import Heap

MOST = 8  # deals to choose from


@on_message(50, access.EVERYONE)
def came(visit: Visit) -> Answer | None:
    """A file that no question has asked for: where does it belong?"""
    sent, work = visit.incoming.file, visit.work
    if sent is None:
        return None
    try:
        deal_files.check_sent(None, sent)
    except Wrong as wrong:
        return Answer(Screen((line("⚠️ ", refusals.sentence(wrong, visit.t)),)), new=True)
    heap = uploads.find_of_album(work, visit.incoming.album)
    if heap is None:
        home = upload_targets.replied_to(work, visit.incoming.reply_to)
        if home is not None:
            return _put_straight(visit, home, sent)
        heap = uploads.find(work, _date(visit), visit.incoming.message_id)
    if heap is not None and heap.count < uploads.MOST:
        return _join(visit, heap, sent)
    home = upload_targets.the_one(work, upload_targets.around(work, _date(visit)), _date(visit))
    return _put_straight(visit, home, sent) if home is not None else _ask(visit, _begin(visit, sent))


def _date(visit: Visit) -> datetime:
    return visit.incoming.sent_at or visit.work.now


def _begin(visit: Visit, sent: Sent) -> Heap:
    return uploads.begin(visit.work, sent, visit.incoming.album, _date(visit))


# --- without a question -----------------------------------------------------------------------------------------


def _put_straight(visit: Visit, home: Deal, sent: Sent) -> Answer:
    """Into that deal; one message counts what comes for it within minutes."""
    work = visit.work
    heap = uploads.find_growing(work, home.id, _date(visit))
    if heap is not None:
        return _join(visit, heap, sent)
    heap = _begin(visit, sent)
    heap.by_itself = True
    heap.went(home.id, None, [_keep(visit, home, None, sent)])
    uploads.save(work, heap)
    deal_files.tell(work, home.id, [deal_files.clean_name(sent)])
    return _told(visit, heap, home)


def _keep(visit: Visit, home: Deal, wanted: str | None, sent: Sent) -> int:
    """Under the field that an answer named, else under the one that the job's task wants."""
    process = visit.work.company.processes.get(home.process)
    field = process.fields.get(wanted) if process and wanted else None
    fits = isinstance(field, f.FileField) or (isinstance(field, f.PhotoField) and deal_files.is_picture(sent))
    name = wanted if fits else upload_targets.field_for(visit.work, home, sent)
    return deal_files.keep(visit.work, home, name, sent, told=False)


def _told(visit: Visit, heap: Heap, home: Deal) -> Answer:
    screen = upload_screens.arrived(_shown(heap), home, visit.t)
    if visit.message_id is None and heap.message_id is not None:
        return Answer(edit=(heap.message_id, screen))
    return Answer(screen, new=visit.message_id is None, remember_heap=heap.token)


def _shown(heap: Heap) -> Came:
    return Came(heap.token, heap.count, heap.photos, heap.files[0].name if heap.files else "")


# --- one more of a heap -----------------------------------------------------------------------------------------


def _join(visit: Visit, heap: Heap, sent: Sent) -> Answer:
    """It goes the way that the heap went."""
    work = visit.work
    if heap.state == uploads.PUT:
        try:
            home = deal_queries.get(work, heap.deal_id or 0)
        except (NotFound, NotAllowed):  # the deal is gone, or no longer his to see
            return _ask(visit, _begin(visit, sent))
        if heap.said is not None:
            return _say_too(visit, heap, home, sent)
        heap.add(sent, visit.incoming.album, _date(visit))
        heap.went(home.id, heap.folder, [*heap.kept, _keep(visit, home, heap.folder, sent)])
        uploads.save(work, heap)
        return _told(visit, heap, home) if heap.by_itself else Answer()
    heap.add(sent, visit.incoming.album, _date(visit))
    if heap.state == uploads.NOWHERE:
        uploads.save(work, heap)
        return Answer()
    return _ask(visit, heap)


def _say_too(visit: Visit, heap: Heap, home: Deal, sent: Sent) -> Answer:
    """One more photo of a question or an answer, silently (M-10)."""
    work = visit.work
    key = deal_files.keep(work, home, None, sent, told=False)
    heap.add(sent, visit.incoming.album, _date(visit))
    heap.went(home.id, None, [*heap.kept, key])
    uploads.save(work, heap)
    field_chat.join(work, home.id, str(heap.said), key, visit.incoming.text or "")
    return Answer()


def _ask(visit: Visit, heap: Heap) -> Answer:
    """Where to? The question that stands already counts on; one that never arrived is asked anew."""
    uploads.save(visit.work, heap)
    screen = _question(visit, heap)
    if visit.message_id is not None:
        return Answer(screen, remember_heap=heap.token)
    if heap.message_id is not None:
        return Answer(edit=(heap.message_id, screen))
    return Answer(screen, new=True, remember_heap=heap.token)


def _question(visit: Visit, heap: Heap) -> Screen:
    work = visit.work
    found: dict[int, tuple[Deal, datetime | None]] = {
        one.deal.id: (one.deal, one.due_at) for one in upload_targets.around(work, heap.last)
    }
    for one in deal_files.recent_deals(work):
        found.setdefault(one.id, (one, None))
    now_in = deal_queries.find(work, heap.deal_id) if heap.kept and heap.deal_id else None
    if now_in is not None:
        found.pop(now_in.id, None)
    return upload_screens.where(_shown(heap), list(found.values())[:MOST], visit.t, now_in=now_in)


# --- answers ----------------------------------------------------------------------------------------------------


@on_tap("put", access.EVERYONE)
def put(visit: Visit, deal_id: str, token: str) -> Answer:
    """Put the waiting files into a deal."""
    work, home = visit.work, deal_queries.get(visit.work, number(deal_id, "deal"))
    heap = uploads.find_by_token(work, token)
    if heap is None or heap.state != uploads.ASKED:
        return deal_handlers.card(visit, home.id, visit.t("Этот файл уже сохранён."))
    moved = heap.kept
    if heap.kept and heap.deal_id not in (None, home.id):
        moved = folder_changes.take_back(work, heap.deal_id or 0, heap.kept, home, work.actor_id)
    new = [_keep(visit, home, None, one) for one in heap.files]
    deal_files.tell(work, home.id, [deal_files.clean_name(one) for one in heap.files])
    heap.went(home.id, None, [*moved, *new])
    uploads.save(work, heap)
    if heap.by_itself or visit.me.role in access.FIELD_STAFF:
        heap.by_itself = True
        uploads.save(work, heap)
        return _told(visit, heap, home)
    said = visit.t.plural("Добавлен {n} файл", "Добавлено {n} файлов", heap.count)
    return deal_handlers.card(visit, home.id, said)


@on_tap("notthere", access.EVERYONE)
def not_there(visit: Visit, token: str) -> Answer:
    """They were put into the wrong deal: where to, then?"""
    heap = uploads.find_by_token(visit.work, token)
    if heap is None or heap.state == uploads.NOWHERE:
        raise NotFound("file")
    heap.state, heap.corrected = uploads.ASKED, True
    return _ask(visit, heap)


@on_tap("putno", access.EVERYONE)
def put_nowhere(visit: Visit, token: str) -> Answer:
    """The files were sent by mistake."""
    heap = uploads.find_by_token(visit.work, token)
    if heap is None:
        return Answer(upload_screens.dropped(None, visit.t))
    if heap.state == uploads.PUT and heap.deal_id is not None:
        return deal_handlers.card(visit, heap.deal_id, visit.t("Этот файл уже сохранён."))
    said = upload_screens.dropped(_shown(heap), visit.t)
    if heap.kept and heap.deal_id is not None:
        folder_changes.take_back(visit.work, heap.deal_id, heap.kept, None, visit.work.actor_id)
    heap.state, heap.files, heap.kept = uploads.NOWHERE, [], []
    uploads.save(visit.work, heap)
    return Answer(said)
