"""A lead that begins with what was sent: its words are the wish, its number and name the client's, its files follow."""

from __future__ import annotations

from handlers.clients import new_leads
from handlers.deals import deal_actions
from handlers.request import Request, on_callback
from keyboards.callbacks.file_callbacks import BeginLeadOfUpload
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from services.files import uploads
from services.files.uploads import UploadBatch


def can_begin(request: Request, heap: UploadBatch) -> bool:
    """Words can be a lead, for who begins leads."""
    return bool(heap.text) and request.me.role in access.SALES and new_leads.starter(request.work) is not None


@on_callback(BeginLeadOfUpload, access.SALES)
def begin(request: Request, press: BeginLeadOfUpload) -> Reply:
    """What the words say is not asked again."""
    heap = uploads.find_by_token(request.work, press.token)
    if heap is None:
        raise NotFound("file")
    if heap.state == uploads.PUT and heap.deal_id is not None:
        return deal_actions.card(request, heap.deal_id, request.t("Это уже сохранено."))
    return new_leads.begin_of(request, heap)
