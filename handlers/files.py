"""Files: a deal's files sent back by a tap, and a file that came by itself put where it belongs (K-7)."""

from __future__ import annotations

from handlers import deals as deal_handlers
from handlers.visit import Visit, number, on_message, on_tap
from keyboards import file_list, refusals
from keyboards.screen import Answer, Screen, line
from models import access
from models.values.wrong import Wrong
from services import deals, files, pending


@on_tap("files", access.EVERYONE)
def list_(visit: Visit, deal_id: str, page: str = "0") -> Answer:
    """The deal's files, by folders."""
    deal = deals.get(visit.work, number(deal_id, "deal"))
    found = files.of_deal(visit.work, deal.id)
    last = max(0, (len(found) - 1) // file_list.PAGE)
    at = min(max(number(page), 0), last)
    return Answer(file_list.files(deal, visit.work.process(deal.process), found, at, visit.t))


@on_tap("file", access.EVERYONE)
def send_back(visit: Visit, file_id: str) -> Answer:
    """The file itself, below."""
    one = files.get(visit.work, number(file_id, "file"))
    return Answer(toast=one.name[:190], also=(file_list.one_file(one),))


@on_message(50, access.EVERYONE)
def came(visit: Visit) -> Answer | None:
    """A file that no question has asked for: which deal is it for? An album is asked about once."""
    sent, album = visit.incoming.file, visit.incoming.album
    if sent is None:
        return None
    try:
        token, count = pending.put(visit.work, sent, album)
    except Wrong as wrong:
        return Answer(Screen((line("⚠️ ", refusals.sentence(wrong, visit.t)),)), new=True)
    if count > 1:
        return Answer()
    found = files.recent_deals(visit.work)
    return Answer(file_list.where(token, sent.name, album is not None, found, visit.t), new=True)


@on_tap("put", access.EVERYONE)
def put(visit: Visit, deal_id: str, token: str) -> Answer:
    """Put the waiting files into a deal."""
    deal = deals.get(visit.work, number(deal_id, "deal"))
    heap = pending.take(visit.work, token)
    for one in heap:
        files.attach(visit.work, deal.id, None, one)
    if not heap:
        return deal_handlers.card(visit, deal.id, visit.t("Этот файл уже сохранён."))
    said = visit.t.plural("Добавлен {n} файл", "Добавлено {n} файлов", len(heap))
    return deal_handlers.card(visit, deal.id, said)


@on_tap("putno", access.EVERYONE)
def put_nowhere(visit: Visit, token: str) -> Answer:
    """The file was sent by mistake."""
    pending.take(visit.work, token)
    return Answer(file_list.dropped(visit.t))
