"""Files, and words of somebody outside, that no question asked for: put where they surely belong, or asked about once
for all that came together.

A job's photos (C-5, K-22) go to the job of the message's own hour; an album, or a few files sent at once, is one heap;
what comes late goes the way that the heap went.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.files import handed_files, upload_leads
from handlers.request import Request, on_message
from keyboards import refusals
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
from services.files import (
    deal_files,
    forwarded_words,
    incoming_files,
    late_files,
    quotas,
    upload_targets,
    uploads,
)
from services.files.incoming_files import IncomingFile
from services.files.uploads import UploadBatch

MOST = 8  # deals to choose from


@on_message(50, access.EVERYONE)
def came(request: Request) -> Reply | None:
    """A file that no question has asked for, or a message passed on: where does it belong?"""
    sent, work = request.incoming.file, request.work
    if sent is None and request.incoming.forwarded is None:
        return None
    if sent is None and not words(request):
        return None
    try:
        if sent is not None:
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
    return _put_straight(request, home, sent) if home is not None else ask(request, _begin(request, sent))


def _date(request: Request) -> datetime:
    return request.incoming.sent_at or request.work.now


def ask_of_words(request: Request, said: str, sender: str) -> Reply:
    """Words of somebody outside that were taken for an answer: where do they belong?"""
    heap = uploads.begin(request.work, None, None, request.work.now, said)
    heap.hear(said, sender)
    return ask(request, heap)


def words(request: Request) -> str:
    """What came in words: a caption, a message that was passed on, a contact."""
    incoming = request.incoming
    if incoming.contact is not None:
        return " ".join(part for part in (incoming.contact.name, incoming.contact.phone) if part)
    return (incoming.text or "").strip()


def _begin(request: Request, sent: IncomingFile | None) -> UploadBatch:
    heap = uploads.begin(request.work, sent, request.incoming.album, _date(request), words(request))
    heap.hear(words(request), request.incoming.forwarded)
    return heap


# --- without a question -----------------------------------------------------------------------------------------


def _put_straight(request: Request, home: Deal, sent: IncomingFile | None) -> Reply:
    """Into that deal; one message counts what comes for it within minutes."""
    work = request.work
    heap = uploads.find_growing(work, home.id, _date(request))
    if heap is not None:
        return _join(request, heap, sent)
    heap = _begin(request, sent)
    heap.by_itself = True
    files = [sent] if sent is not None else []
    heap.went(home.id, None, [keep(request, home, None, one) for one in files])
    uploads.save(work, heap)
    tell(request, heap, home, files)
    return told(request, heap, home)


def tell(request: Request, heap: UploadBatch, home: Deal, files: Sequence[IncomingFile]) -> None:
    """What came stands in the history: the files with the words that they came with, words of somebody outside as
    his."""
    named, outside = [incoming_files.clean_name(one) for one in files], heap.sender is not None
    deal_files.tell(request.work, home.id, named, "" if outside else heap.text)
    if heap.text and outside:
        forwarded_words.note(request.work, home.id, heap.text, heap.sender or "")


def keep(request: Request, home: Deal, wanted: str | None, sent: IncomingFile) -> int:
    """Under the field that an answer named, else under the one that the job's task wants."""
    process = request.work.company.processes.get(home.process)
    field = process.fields.get(wanted) if process and wanted else None
    fits = isinstance(field, FileLike) and field.takes(picture=incoming_files.is_picture(sent))
    name = wanted if fits else upload_targets.field_for(request.work, home, sent)
    key = deal_files.keep(request.work, home, name, sent, told=False)
    late_files.hand_in(request.work, home, name, key)
    return key


def told(request: Request, heap: UploadBatch, home: Deal) -> Reply:
    """They were put there by themselves: one message says so, and counts on."""
    more = handed_files.offered(request, home, heap) if request.me.role in access.FIELD_STAFF else ()
    screen = upload_screens.arrived(shown(heap), home, request.t, more)
    if request.message_id is None and heap.message_id is not None:
        return Reply(edit=(heap.message_id, screen))
    return Reply(screen, new=request.message_id is None, remember_heap=heap.token)


def shown(heap: UploadBatch) -> UploadSummary:
    """What the heap is, as its screens show it."""
    first = heap.files[0] if heap.files else None
    voice = first is not None and first.kind == "voice"
    name = first.name if first is not None and not voice else ""
    return UploadSummary(heap.token, heap.count, heap.photos, name, heap.text, heap.sender, voice=voice)


# --- one more of a heap -----------------------------------------------------------------------------------------


def _join(request: Request, heap: UploadBatch, sent: IncomingFile | None) -> Reply:
    """It goes the way that the heap went."""
    work, more = request.work, words(request)
    is_news = bool(more) and more not in heap.words
    heap.hear(more, request.incoming.forwarded)
    if heap.state == uploads.PUT:
        try:
            home = deal_queries.get(work, heap.deal_id or 0)
        except (NotFound, NotAllowed):  # the deal is gone, or no longer his to see
            return ask(request, _begin(request, sent))
        if heap.said is not None:
            return _say_too(request, heap, home, sent)
        heap.add(sent, request.incoming.album, _date(request))
        new = [keep(request, home, heap.folder, sent)] if sent is not None else []
        heap.went(home.id, heap.folder, [*heap.kept, *new])
        uploads.save(work, heap)
        if is_news:
            forwarded_words.note(work, home.id, more, request.incoming.forwarded)
        return told(request, heap, home) if heap.by_itself else Reply()
    heap.add(sent, request.incoming.album, _date(request))
    if heap.state == uploads.NOWHERE:
        uploads.save(work, heap)
        return Reply()
    return ask(request, heap)


def _say_too(request: Request, heap: UploadBatch, home: Deal, sent: IncomingFile | None) -> Reply:
    """One more photo of a question or an answer, silently (M-10)."""
    work = request.work
    if sent is None:
        return Reply()
    key = deal_files.keep(work, home, None, sent, told=False)
    heap.add(sent, request.incoming.album, _date(request))
    heap.went(home.id, None, [*heap.kept, key])
    uploads.save(work, heap)
    field_chat.join(work, home.id, str(heap.said), key, request.incoming.text or "")
    return Reply()


def ask(request: Request, heap: UploadBatch) -> Reply:
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
    for one in forwarded_words.deals_of(work, heap):
        found.setdefault(one.id, (one, None))
    for one in deal_files.recent_deals(work):
        found.setdefault(one.id, (one, None))
    now_in = deal_queries.find(work, heap.deal_id) if heap.kept and heap.deal_id else None
    if now_in is not None:
        found.pop(now_in.id, None)
    lead = upload_leads.can_begin(request, heap) if now_in is None else False
    return upload_screens.where(shown(heap), list(found.values())[:MOST], request.t, now_in=now_in, lead=lead)
