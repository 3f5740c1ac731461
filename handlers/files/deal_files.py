"""The deal's folder: listed, searched, a file sent back by a tap, put elsewhere, taken out (K-7)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import task_views
from keyboards.callbacks.file_callbacks import (
    AskFileRemoval,
    AskFileSearch,
    ChooseFolder,
    ListFiles,
    MoveFile,
    RemoveFile,
    SendFile,
    SendPhotos,
    SendTaskFile,
)
from keyboards.files import file_list
from keyboards.screen import Reply, Screen
from models import access
from models.entities import Deal, File
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.ids import FileId
from models.values.product_text import ProductText
from services.deals import deal_queries
from services.files import deal_files, file_bin, folder_changes, stored_files
from services.purposes.file_purposes import FileSearchPurpose
from services.tasks import task_queries

LONGEST_SEARCH = 60


@on_callback(ListFiles, access.EVERYONE)
def list_(request: Request, press: ListFiles) -> Reply:
    """The deal's files, by folders."""
    deal = deal_queries.get(request.work, press.deal)
    found = deal_files.of_deal(request.work, deal.id)
    last = max(0, (len(found) - 1) // file_list.PAGE)
    return Reply(shown(request, deal, found, min(max(press.page or 0, 0), last)))


def shown(request: Request, deal: Deal, found: Sequence[File], page: int = 0) -> Screen:
    """A page of the deal's folder."""
    removed = len(file_bin.of_deal(request.work, deal.id))
    return file_list.folder(deal, found, _folders(request, deal, found), page, request.t, removed=removed)


def _folders(request: Request, deal: Deal, found: Sequence[File]) -> dict[int, ProductText | None]:
    process = request.work.company.processes.get(deal.process)
    return {one.id: deal_files.folder_of(process, one) for one in found}


@on_callback(SendFile, access.EVERYONE)
def send_back(request: Request, press: SendFile) -> Reply:
    """The file itself, below."""
    one = deal_files.get(request.work, press.file)
    home = folder_changes.home_of(request.work, one)
    process = request.work.company.processes.get(home.process) if home else None
    called = _called(request, one)
    screen = file_list.one_file(
        one,
        deal_files.folder_of(process, one),
        request.t,
        called=called,
        may_change=folder_changes.can_change(request.work, one),
    )
    return Reply(toast=called[:190], also=(screen,))


@on_callback(SendTaskFile, access.EVERYONE)
def send_of_task(request: Request, press: SendTaskFile) -> Reply:
    """A file that a task shows, to whom the task is given (M-8)."""
    task = task_queries.get(request.work, press.task)
    deal = deal_queries.find(request.work, task.deal_id)
    process = request.work.company.processes.get(deal.process) if deal else None
    described = task_queries.description_of(process, task) if process else None
    if deal is None or process is None or described is None:
        raise NotFound("file")
    for one, title in task_views.attached(request.work, request.t, deal, process, described.shows):
        if one.id == press.file:
            screen = file_list.one_file(
                one, deal_files.folder_of(process, one), request.t, called=title, may_change=False
            )
            return Reply(toast=title[:190], also=(screen,))
    raise NotFound("file")


def _called(request: Request, one: File) -> str:
    """What the folder's list calls the file: «Фото 3»."""
    home = folder_changes.home_of(request.work, one)
    every = deal_files.of_deal(request.work, home.id if home else one.deal_id)
    return file_list.names(every, request.t).get(one.id, one.name)


@on_callback(SendPhotos, access.EVERYONE)
def send_photos(request: Request, press: SendPhotos) -> Reply:
    """All photos of the deal, as albums below."""
    found = [one for one in deal_files.of_deal(request.work, press.deal) if one.kind == "photo"]
    if not found:
        raise NotFound("file")
    sent = stored_files.ask_album(request.work, request.me.id, [one.id for one in found])
    if sent < len(found):
        return Reply(toast=request.t("Присылаю последние {n} фото из {all}", n=sent, all=len(found)))
    return Reply(toast=request.t.plural("Присылаю {n} фото", "Присылаю {n} фото", sent))


# --- search -----------------------------------------------------------------------------------------------------


@on_callback(AskFileSearch, access.EVERYONE)
def ask_search(request: Request, press: AskFileSearch) -> Reply:
    """What is the file called?"""
    deal = deal_queries.get(request.work, press.deal)
    title, hint = request.t("Какой файл найти?"), request.t("Часть названия, папка или кто прислал.")
    return form_runner.begin_text(request, FileSearchPurpose(deal.id), title, hint, longest=LONGEST_SEARCH)


@on_finish(FileSearchPurpose, access.EVERYONE)
def search(request: Request, purpose: FileSearchPurpose, values: FieldValues) -> Reply:
    """The files that have every word of it."""
    deal, text = deal_queries.get(request.work, purpose.deal), values["text"]
    called = file_list.names(deal_files.of_deal(request.work, deal.id), request.t)
    found = deal_files.search(request.work, deal.id, text, called, most=file_list.PAGE + 1)
    folders = _folders(request, deal, found)
    return Reply(file_list.folder(deal, found, folders, 0, request.t, asked=text, called=called))


# --- putting it elsewhere ---------------------------------------------------------------------------------------


def _mine(request: Request, file_id: FileId) -> tuple[File, Deal]:
    one = deal_files.get(request.work, file_id)
    home = folder_changes.home_of(request.work, one)
    if home is None or not folder_changes.can_change(request.work, one):
        raise NotAllowed
    return one, home


@on_callback(ChooseFolder, access.SALES)
def ask_place(request: Request, press: ChooseFolder) -> Reply:
    """Which of the deal's folders does it belong to?"""
    one, home = _mine(request, press.file)
    found = folder_changes.places(request.work, one)
    return Reply(file_list.places(home, one, found, request.t, called=_called(request, one)), new=True)


@on_callback(MoveFile, access.SALES)
def move(request: Request, press: MoveFile) -> Reply:
    """«Это договор»."""
    home = folder_changes.move(request.work, press.file, press.field)
    said = request.t("Переложено")
    return Reply(shown(request, home, deal_files.of_deal(request.work, home.id)), toast=said)


@on_callback(AskFileRemoval, access.SALES)
def ask_removal(request: Request, press: AskFileRemoval) -> Reply:
    """Is it really to go?"""
    one, home = _mine(request, press.file)
    days = request.work.company.files.bin_days
    return Reply(file_list.removal(home, one, request.t, called=_called(request, one), days=days), new=True)


@on_callback(RemoveFile, access.SALES)
def remove(request: Request, press: RemoveFile) -> Reply:
    """It was sent by mistake."""
    home = folder_changes.remove(request.work, press.file)
    found = deal_files.of_deal(request.work, home.id)
    return Reply(shown(request, home, found), toast=request.t("Файл убран в корзину"))
