"""The deal's folder: listed, searched, a file sent back by a tap, put elsewhere, taken out (K-7)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from handlers.tasks import task_views
from keyboards.files import file_list
from keyboards.screen import Answer
from models import access
from models.entities import Deal, File
from models.errors import NotAllowed, NotFound
from services.deals import deal_queries
from services.files import deal_files, folder_changes, stored_files
from services.tasks import task_queries

LONGEST_SEARCH = 60
Purpose = dict[str, str | int]


@on_tap("files", access.EVERYONE)
def list_(visit: Visit, deal_id: str, page: str = "0") -> Answer:
    """The deal's files, by folders."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    found = deal_files.of_deal(visit.work, deal.id)
    last = max(0, (len(found) - 1) // file_list.PAGE)
    at = min(max(number(page), 0), last)
    return Answer(file_list.folder(deal, found, _folders(visit, deal, found), at, visit.t))


def _folders(visit: Visit, deal: Deal, found: Sequence[File]) -> dict[int, str | None]:
    process = visit.work.company.processes.get(deal.process)
    return {one.id: deal_files.folder_of(process, one) for one in found}


@on_tap("file", access.EVERYONE)
def send_back(visit: Visit, file_id: str) -> Answer:
    """The file itself, below."""
    one = deal_files.get(visit.work, number(file_id, "file"))
    home = folder_changes.home_of(visit.work, one)
    process = visit.work.company.processes.get(home.process) if home else None
    called = _called(visit, one)
    screen = file_list.one_file(
        one,
        deal_files.folder_of(process, one),
        visit.t,
        called=called,
        may_change=folder_changes.may_change(visit.work, one),
    )
    return Answer(toast=called[:190], also=(screen,))


@on_tap("tfile", access.EVERYONE)
def send_of_task(visit: Visit, task_id: str, file_id: str) -> Answer:
    """A file that a task shows, to whom the task is given (M-8)."""
    task, key = task_queries.get(visit.work, number(task_id, "task")), number(file_id, "file")
    deal = deal_queries.find(visit.work, task.deal_id)
    process = visit.work.company.processes.get(deal.process) if deal else None
    described = task_queries.description_of(process, task) if process else None
    if deal is None or process is None or described is None:
        raise NotFound("file")
    for one, title in task_views.attached(visit.work, visit.t, deal, process, described.shows):
        if one.id == key:
            screen = file_list.one_file(
                one, deal_files.folder_of(process, one), visit.t, called=title, may_change=False
            )
            return Answer(toast=title[:190], also=(screen,))
    raise NotFound("file")


def _called(visit: Visit, one: File) -> str:
    """What the folder's list calls the file: «Фото 3»."""
    home = folder_changes.home_of(visit.work, one)
    every = deal_files.of_deal(visit.work, home.id if home else one.deal_id)
    return file_list.names(every, visit.t).get(one.id, one.name)


@on_tap("photos", access.EVERYONE)
def send_photos(visit: Visit, deal_id: str) -> Answer:
    """All photos of the deal, as albums below."""
    found = [one for one in deal_files.of_deal(visit.work, number(deal_id, "deal")) if one.kind == "photo"]
    if not found:
        raise NotFound("file")
    sent = stored_files.ask_album(visit.work, visit.me.id, [one.id for one in found])
    if sent < len(found):
        return Answer(toast=visit.t("Присылаю последние {n} фото из {all}", n=sent, all=len(found)))
    return Answer(toast=visit.t.plural("Присылаю {n} фото", "Присылаю {n} фото", sent))


# --- search -----------------------------------------------------------------------------------------------------


@on_tap("ffind", access.EVERYONE)
def ask_search(visit: Visit, deal_id: str) -> Answer:
    """What is the file called?"""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    title, hint = visit.t("Какой файл найти?"), visit.t("Часть названия, папка или кто прислал.")
    return form_runner.begin_text(visit, {"do": "find_file", "deal": deal.id}, title, hint, longest=LONGEST_SEARCH)


@form_runner.on_finish("find_file")
def search(visit: Visit, purpose: Purpose, values: dict[str, str]) -> Answer:
    """The files that have every word of it."""
    deal, text = deal_queries.get(visit.work, int(purpose["deal"])), values["text"]
    called = file_list.names(deal_files.of_deal(visit.work, deal.id), visit.t)
    found = deal_files.search(visit.work, deal.id, text, called, most=file_list.PAGE + 1)
    folders = _folders(visit, deal, found)
    return Answer(file_list.folder(deal, found, folders, 0, visit.t, asked=text, called=called))


# --- putting it elsewhere ---------------------------------------------------------------------------------------


def _mine(visit: Visit, file_id: str) -> tuple[File, Deal]:
    one = deal_files.get(visit.work, number(file_id, "file"))
    home = folder_changes.home_of(visit.work, one)
    if home is None or not folder_changes.may_change(visit.work, one):
        raise NotAllowed
    return one, home


@on_tap("fmove", access.SALES)
def ask_place(visit: Visit, file_id: str) -> Answer:
    """Which of the deal's folders does it belong to?"""
    one, home = _mine(visit, file_id)
    found = folder_changes.places(visit.work, one)
    return Answer(file_list.places(home, one, found, visit.t, called=_called(visit, one)), new=True)


@on_tap("fput", access.SALES)
def move(visit: Visit, file_id: str, field: str) -> Answer:
    """«Это договор»."""
    key = number(file_id, "file")
    home = folder_changes.move(visit.work, key, None if field == "~" else field)
    said = visit.t("Переложено")
    found = deal_files.of_deal(visit.work, home.id)
    return Answer(file_list.folder(home, found, _folders(visit, home, found), 0, visit.t), toast=said)


@on_tap("fdel", access.SALES)
def ask_removal(visit: Visit, file_id: str) -> Answer:
    """Is it really to go?"""
    one, home = _mine(visit, file_id)
    return Answer(file_list.removal(home, one, visit.t, called=_called(visit, one)), new=True)


@on_tap("fdel_yes", access.SALES)
def remove(visit: Visit, file_id: str) -> Answer:
    """It was sent by mistake."""
    home = folder_changes.remove(visit.work, number(file_id, "file"))
    found = deal_files.of_deal(visit.work, home.id)
    shown = file_list.folder(home, found, _folders(visit, home, found), 0, visit.t)
    return Answer(shown, toast=visit.t("Файл убран из папки"))
