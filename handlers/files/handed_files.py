"""Photos that came for a job by themselves complete its next line by one tap: nobody sends them twice (K-22)."""

from __future__ import annotations

from handlers.forms import purpose_registry
from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from keyboards import buttons
from keyboards.callbacks.file_callbacks import TickWithFiles
from keyboards.near_time import cut
from keyboards.screen import Reply, Rows
from models import access
from models.entities import Deal
from models.errors import NotFound
from services import drafts
from services.deals import deal_queries
from services.files import handed_files, uploads
from services.files.uploads import UploadBatch
from services.purposes.task_purposes import TickPurpose
from services.tasks import task_queries

LABEL = 28  # characters of a label that stands alone in its row, beside its mark


def offered(request: Request, home: Deal, heap: UploadBatch) -> Rows:
    """The line that the files complete, as a button of the message that tells of them."""
    step = handed_files.find_step(request.work, home, heap.kept)
    if step is None:
        return ()
    title = cut(request.t.title(step.item.title), LABEL)
    return ((buttons.button(f"✔ {title}", TickWithFiles(step.task.id, step.item.id, heap.token), colour="success"),),)


@on_callback(TickWithFiles, access.EVERYONE)
def tick(request: Request, press: TickWithFiles) -> Reply:
    """Tick the line with what lies in its folder; what it asks beside is asked next."""
    work, task = request.work, task_queries.get_mine(request.work, press.task)
    home = deal_queries.find(work, task.deal_id)
    if home is None:
        raise NotFound("deal")
    heap = uploads.find_by_token(work, press.token)
    kept = heap.kept if heap is not None and heap.deal_id == home.id else []
    step = handed_files.find_step(work, home, kept)
    if step is None or (step.task.id, step.item.id) != (press.task, press.item):
        draft = drafts.find(work)
        if draft is not None and draft.message_id == request.message_id:  # pressed twice: what came next stands there
            return Reply(toast=request.t("Уже отмечено"))
        return task_actions.show(request, press.task, request.t("Показываю, как теперь."), held=True)
    uploads.stop_growing(work, home.id)
    return purpose_registry.finish(request, TickPurpose(press.task, press.item, True), step.values)
