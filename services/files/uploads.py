"""Heaps: files that came together, and where they went. Survives restarts: an album is many updates, some come late.

A heap is an album, or what one person sent within a few seconds. It is asked about once; what comes after the answer
goes the same way. A heap that was put by itself (a job's photos) grows as more photos of the job arrive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services import company_settings
from services.files import incoming_files
from services.files.incoming_files import IncomingFile
from services.unit_of_work import UnitOfWork

LIFE = timedelta(days=7)
TOGETHER = timedelta(seconds=3)  # between the messages' own dates: ten single photos are one heap
OF_ONE_JOB = timedelta(minutes=10)
MOST = 100  # files of one heap; the next one begins another
ASKED, PUT, NOWHERE = "asked", "put", "nowhere"


@dataclass
class UploadBatch:
    """Files that came together, and words.

    `state`: asked (the files wait for a deal; those in `kept` lie in a wrong one), put (they are in `deal_id`: `kept`
    are their ids, what comes later follows), nowhere (dropped, and so is what comes later). `folder` is the field that
    an answer put them under.
    `by_itself`: nobody was asked. `message_id` is the message that tells of the heap.
    """

    token: str
    last: datetime  # date of its latest message
    albums: list[str] = field(default_factory=list)
    files: list[IncomingFile] = field(default_factory=list)
    state: str = ASKED
    deal_id: int | None = None
    folder: str | None = None
    kept: list[int] = field(default_factory=list)
    photos: bool = True  # whether all of them are pictures
    by_itself: bool = False
    corrected: bool = False  # its sender said that it was put wrong
    message_id: int | None = None
    words: list[str] = field(default_factory=list)  # that came with them, or alone, passed on from somebody outside
    sender: str | None = None  # who that is, as his account is called
    name: str = ""  # of a contact that was sent
    said: str | None = None  # the question or answer that its photos belong to (services.field_chat)

    @property
    def count(self) -> int:
        """How many files it has."""
        return len(self.files) + len(self.kept)

    @property
    def text(self) -> str:
        """All the words."""
        return "\n".join(self.words)

    def hear(self, words: str, sender: str | None) -> None:
        """Words that came with a file, or alone."""
        if words and words not in self.words:
            self.words.append(words)
        self.sender = self.sender or sender

    def correct(self, was: str, words: str) -> None:
        """Their sender has corrected the words of one of its files."""
        kept = [words if one == was else one for one in self.words]
        self.words = [one for one in dict.fromkeys(kept if was in self.words else [*kept, words]) if one]

    def add(self, sent: IncomingFile | None, album: str | None, at: datetime) -> None:
        """One more file, once; or only its album and date, where the files do not wait."""
        self.last = max(self.last, at)
        if sent is None:
            return
        if self.state == ASKED:
            self.files = [*(one for one in self.files if one.unique_id != sent.unique_id), sent]
        if album is not None and album not in self.albums:
            self.albums.append(album)
        self.photos = self.photos and incoming_files.is_picture(sent)

    def went(self, deal_id: int, folder: str | None, keys: Sequence[int]) -> None:
        """The files are in a deal's folder now."""
        self.state, self.deal_id, self.folder, self.files = PUT, deal_id, folder, []
        self.kept = list(dict.fromkeys(keys))


def begin(work: UnitOfWork, sent: IncomingFile | None, album: str | None, at: datetime, words: str = "") -> UploadBatch:
    """A new heap with this file, or with words alone; not kept until `save`. `at` is the message's own date."""
    _tidy(work)
    named = album or (sent.unique_id if sent is not None else words)
    token = hashlib.sha256(f"{named} {at.isoformat()}".encode()).hexdigest()[:12]
    heap = UploadBatch(token, at)
    heap.add(sent, album, at)
    return heap


def find(work: UnitOfWork, at: datetime, message_id: int | None) -> UploadBatch | None:
    """The heap of the same few seconds, by the messages' own dates.

    One that has been put away takes only what was sent before its question came: the rest of a burst, cut by a restart.
    """
    heaps = [one for one in _mine(work) if one.count < MOST and abs(one.last - at) < TOGETHER]
    fit = [
        one
        for one in heaps
        if not one.folder and (one.state == ASKED or one.said or _was_before(message_id, one.message_id))
    ]
    return min(fit, key=lambda one: abs(one.last - at), default=None)


def _was_before(message_id: int | None, question: int | None) -> bool:
    return message_id is not None and question is not None and message_id < question


def find_of_album(work: UnitOfWork, album: str | None) -> UploadBatch | None:
    """The heap of an album; None for what is in no album."""
    return next((one for one in _mine(work) if album in one.albums), None) if album is not None else None


def find_waiting(work: UnitOfWork, unique_id: str) -> UploadBatch | None:
    """The heap in which a file waits for its deal."""
    waiting = (one for one in _mine(work) if one.state == ASKED)
    return next((one for one in waiting if unique_id in [file.unique_id for file in one.files]), None)


def find_holding(work: UnitOfWork, file_id: int) -> UploadBatch | None:
    """The heap with which a file of a folder came."""
    return next((one for one in _mine(work) if file_id in one.kept), None)


def find_growing(work: UnitOfWork, deal_id: int, at: datetime) -> UploadBatch | None:
    """The heap that was put by itself not long before `at`: into this deal, or, corrected since, into another."""
    heaps = [one for one in _mine(work) if one.by_itself and one.state == PUT and one.count < MOST]
    near = [one for one in heaps if abs(one.last - at) < OF_ONE_JOB and (one.corrected or one.deal_id == deal_id)]
    return min(near, key=lambda one: abs(one.last - at), default=None)


def stop_growing(work: UnitOfWork, deal_id: int) -> None:
    """What is in the deal has been handed in: what comes next is another heap, and is told by a message of its own. The
    late rest of an album still follows it."""
    for one in _mine(work):
        if one.by_itself and one.state == PUT and one.deal_id == deal_id:
            one.by_itself = False
            save(work, one)


def find_by_token(work: UnitOfWork, token: str) -> UploadBatch | None:
    """The actor's heap of a button; None if it is nobody's or somebody else's."""
    value = company_settings.get(work.tx, _key(work, token))
    return _read(token, value) if value else None


def save(work: UnitOfWork, heap: UploadBatch) -> None:
    """Keep the heap as it is now."""
    body = asdict(heap)
    del body["token"]
    body |= {"last": heap.last.isoformat(), "at": work.now.isoformat()}
    company_settings.put(work.tx, _key(work, heap.token), body)


def answered(work: UnitOfWork, sent: IncomingFile, album: str | None, deal_id: int, name: str, key: int) -> None:
    """An album answers a question: what of it comes after the form is over goes to the same folder."""
    if album is None:
        return
    heap = find_of_album(work, album) or begin(work, sent, album, work.now)
    heap.went(deal_id, name, [*heap.kept, key])
    save(work, heap)


def remember_message(work: UnitOfWork, token: str, message_id: int, employee_id: int | None = None) -> None:
    """Note which message tells of the heap (the root calls it after an Answer with `remember_heap`)."""
    key = f"{company_settings.UPLOAD}{employee_id or work.actor_id}:{token}"
    value = company_settings.get(work.tx, key)
    if value:
        company_settings.put(work.tx, key, {**value, "message_id": message_id})


def _mine(work: UnitOfWork) -> list[UploadBatch]:
    found = company_settings.beginning_with(work.tx, _key(work, ""))
    return [_read(name.rpartition(":")[2], value) for name, value in found if _is_fresh(work, value)]


def _read(token: str, value: dict[str, Any]) -> UploadBatch:
    known = {key: one for key, one in value.items() if key in UploadBatch.__dataclass_fields__}
    waiting = [IncomingFile(**one) for one in value.get("files", ())]
    last = datetime.fromisoformat(value.get("last") or value["at"])
    return UploadBatch(**{**known, "token": token, "files": waiting, "last": last})


def _key(work: UnitOfWork, token: str) -> str:
    return f"{company_settings.UPLOAD}{work.actor_id}:{token[:12]}"


def _is_fresh(work: UnitOfWork, value: dict[str, Any]) -> bool:
    return work.now - datetime.fromisoformat(value["at"]) <= LIFE


def _tidy(work: UnitOfWork) -> None:
    """Forget what nobody has put anywhere for a week, and where older heaps went."""
    for name, value in company_settings.beginning_with(work.tx, _key(work, "")):
        if not _is_fresh(work, value):
            company_settings.remove(work.tx, name)
