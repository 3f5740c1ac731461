"""After a restore, or a start on a restored database: those who were erased before are erased again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot import log
from bot.delivery import file_bytes
from bot.personal import erased_list
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.personal.erasure import ErasedPerson, LeftOutside
from services.personal import erasures

logger = log.get("bot.personal.erasing_again")


async def apply(units: UnitOfWorkFactory, data_dir: Path, persons: Iterable[ErasedPerson] = ()) -> int:
    """Erase everybody again who is on the list of the data folder, or among `persons`, and is there; how many were.

    Their rows and bytes are gone after it, the database is written anew. Messages in chats are the running bot's to
    replace.
    """
    known = await asyncio.to_thread(erased_list.read, data_dir)
    listed = list(dict.fromkeys([*known, *persons]))
    made = await units.run(lambda work: erasures.apply_again(work, listed)) if listed else []
    await heal(units, data_dir)
    for key in made:
        one = await units.run(lambda work, key=key: erasures.find(work, key))  # type: ignore[misc]
        if one is not None:  # no bot runs yet that could be storing the same bytes
            left = await forget_bytes(units, data_dir, one.outside, young=timedelta(0))
            await units.run(lambda work, key=key, left=left: erasures.progress(work, key, left))  # type: ignore[misc]
    if made:
        await rewrite(units, made)
        logger.info("those erased before were erased again", persons=len(made))
    return len(made)


async def rewrite(units: UnitOfWorkFactory, erased: Iterable[int]) -> None:
    """Write the database anew after these erasures; noted where it is so: PostgreSQL only gives the space free."""
    await units.db.rewrite()
    if units.db.name == "sqlite":
        for key in erased:
            await units.run(lambda work, key=key: erasures.note_rewritten(work, key))  # type: ignore[misc]


async def heal(units: UnitOfWorkFactory, data_dir: Path) -> None:
    """Put everybody on the data folder's list whom the database knows as erased, and say so if it was not whole: it was
    lost, or cut off, or a job that was to put somebody there was."""
    every = await units.run(erasures.listed)
    mended = await asyncio.to_thread(erased_list.add, data_dir, every)
    if mended.persons or mended.spoilt:
        logger.warning(
            "the list of who was erased was not whole, and is again",
            file=str(erased_list.path_in(data_dir)), put_back=mended.persons, unreadable=mended.spoilt,
        )  # fmt: skip


async def forget_bytes(
    units: UnitOfWorkFactory, data_dir: Path, left: LeftOutside, *, young: timedelta | None = None
) -> LeftOutside:
    """Take his files off the disk, unless somebody else's file has the same bytes, or may be getting them; what is
    left then."""
    became = {sha: await file_bytes.forget(units, data_dir, sha, young=young) for sha in left.shas}
    gone = sum(one == "gone" for one in became.values())
    waiting = tuple(sha for sha, one in became.items() if one == "young")
    return replace(left, shas=waiting, done=replace(left.done, files=left.done.files + gone))
