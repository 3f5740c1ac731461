"""The words of a photo or a paper were corrected in Telegram: they are corrected where the file lies (door A1)."""

from __future__ import annotations

from dataclasses import replace

from handlers.files import uploads as arrivals
from handlers.request import Request
from keyboards import corrections as screens
from keyboards.screen import Reply
from models.errors import NotAllowed, NotFound
from services.deals import deal_queries, typed_answers
from services.files import captions, uploads
from services.files.captions import SentFile
from services.files.incoming_files import IncomingFile
from services.files.uploads import UploadBatch


def corrected(request: Request, sent: IncomingFile) -> Reply:
    """Other words under a file that was sent before, or none any more."""
    heap = uploads.find_waiting(request.work, sent.unique_id)
    if heap is not None:
        return _in_heap(request, heap, sent)
    known = captions.find(request.work, sent)
    if known is None:
        return _unknown(request, sent.caption)
    if known.caption == sent.caption:
        return Reply()
    heap = uploads.find_holding(request.work, known.id)
    try:
        deal = deal_queries.get(request.work, known.deal)
        if heap is not None and heap.said is not None:  # a question to a colleague, who has it already
            return Reply(screens.by_hand(deal, request.t), new=True)
        _correct(request, known, sent.caption, heap)
    except (NotFound, NotAllowed):
        return Reply(screens.file_gone(request.t), new=True)
    return Reply(screens.caption(deal, sent.caption, request.t), new=True)


def _correct(request: Request, known: SentFile, text: str, heap: UploadBatch | None) -> None:
    if known.removed:
        raise NotFound("file")
    captions.correct(request.work, known, text)
    if heap is not None:  # what comes late is told with these words
        heap.correct(known.caption, text)
        uploads.save(request.work, heap)


def _in_heap(request: Request, heap: UploadBatch, sent: IncomingFile) -> Reply:
    """It waits for its deal: the question shows the new words, and they go along."""
    was = next(one.caption for one in heap.files if one.unique_id == sent.unique_id)
    if was == sent.caption:
        return Reply()
    heap.files = [replace(one, caption=sent.caption) if one.unique_id == sent.unique_id else one for one in heap.files]
    heap.correct(was, sent.caption)
    asked = arrivals.ask(request, heap)
    return replace(asked, screen=screens.caption(None, sent.caption, request.t), new=True) if asked.edit else asked


def _unknown(request: Request, text: str) -> Reply:
    """It lies nowhere. Without words it may be another picture in the place of the one before."""
    at = request.incoming.sent_at
    if not text:
        return Reply()
    if at is not None and request.work.now - at > typed_answers.LIFE:
        return Reply(screens.too_old(request.t), new=True)
    return Reply(screens.nothing(request.t), new=True)
