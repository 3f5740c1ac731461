"""The deal's bin: what was removed from its folder is looked at, and put back."""

from __future__ import annotations

from handlers.files import deal_files as folder_pages
from handlers.request import Request, on_callback
from keyboards.callbacks.file_callbacks import ListBin, RestoreFile
from keyboards.files import file_bin as screens
from keyboards.screen import Reply
from models import access
from services.deals import deal_queries
from services.files import deal_files, file_bin


@on_callback(ListBin, access.EVERYONE)
def list_(request: Request, press: ListBin) -> Reply:
    """What was removed from the folder of a deal that the person sees."""
    work = request.work
    deal = deal_queries.get(work, press.deal)
    process = work.company.processes.get(deal.process)
    found = file_bin.of_deal(work, deal.id)
    folders = {one.file.id: deal_files.folder_of(process, one.file) for one in found}
    restorable = {one.file.id for one in found if file_bin.can_restore(work, one)}
    return Reply(screens.removed_files(deal, found, folders, restorable, press.page or 0, request.t))


@on_callback(RestoreFile, access.EVERYONE)
def restore(request: Request, press: RestoreFile) -> Reply:
    """It was removed by mistake: whoever did it, or may change the folder; others are refused by the verb."""
    done = file_bin.restore(request.work, press.file)
    found = deal_files.of_deal(request.work, done.deal.id)
    said = request.t(screens.RESTORED[done.outcome])
    return Reply(folder_pages.shown(request, done.deal, found), toast=said)
