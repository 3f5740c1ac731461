"""Files that came before anybody said which deal they belong to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from models.tables import setting
from services import files
from services.work import Work

LIFE = timedelta(days=7)
MOST = 100  # files of one heap

READ = select(setting.c.value).where(setting.c.name == bindparam("key"))
MINE = select(setting.c.name, setting.c.value).where(
    setting.c.name >= bindparam("low"), setting.c.name < bindparam("high")
)
ADD = insert(setting)
CHANGE = update(setting).where(setting.c.name == bindparam("key")).values(value=bindparam("body"))
DROP = delete(setting).where(setting.c.name == bindparam("key"))


@dataclass(frozen=True)
class Waiting:
    """One file that waits."""

    kind: str
    telegram_id: str
    unique_id: str
    name: str
    size: int | None
    mime: str | None


def put(work: Work, sent: files.Sent, album: str | None) -> tuple[str, int]:
    """Let the file wait; gives the heap's token for a button, and how many files it has: an album is one heap.

    Raises Wrong for a file that no deal can take.
    """
    files.check_sent(None, sent)
    _tidy(work)
    token = hashlib.sha256((album or sent.unique_id).encode()).hexdigest()[:12]
    one = {
        "kind": sent.kind,
        "telegram_id": sent.telegram_id,
        "unique_id": sent.unique_id,
        "name": sent.name,
        "size": sent.size,
        "mime": sent.mime,
    }
    heap = _heap(work, token)
    known = [old for old in heap if old["unique_id"] != sent.unique_id]
    body = {"at": work.now.isoformat(), "files": [*known, one][:MOST]}
    if heap:
        work.tx.execute(CHANGE, {"key": _key(work, token), "body": body})
    else:
        work.tx.execute(ADD, {"name": _key(work, token), "value": body})
    return token, len(body["files"])


def take(work: Work, token: str) -> list[Waiting]:
    """The heap's files, which wait no longer; none if they were taken before."""
    heap = _heap(work, token)
    work.tx.execute(DROP, {"key": _key(work, token)})
    return [Waiting(**one) for one in heap]


def _heap(work: Work, token: str) -> list[dict[str, Any]]:
    value = work.tx.execute(READ, {"key": _key(work, token)}).scalar_one_or_none()
    return list(value["files"]) if value else []


def _key(work: Work, token: str) -> str:
    return f"file:{work.actor_id}:{token[:12]}"


def _tidy(work: Work) -> None:
    """Forget what nobody has put anywhere for a week."""
    bounds = {"low": f"file:{work.actor_id}:", "high": f"file:{work.actor_id};"}
    for row in work.tx.execute(MINE, bounds).all():
        if work.now - datetime.fromisoformat(row.value["at"]) > LIFE:
            work.tx.execute(DROP, {"key": row.name})
