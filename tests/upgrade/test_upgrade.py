"""A new version starts on the database of the version before: no pending row, no draft, no old button is lost.

The database was filled by the demonstration and a week of play, and left at a moment with much undone (README.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.stories.driver import Phone, Shop, plain
from tests.stories.program import run
from tests.upgrade import past as pasts
from tests.upgrade import seen
from tests.upgrade.acts import CLOSED, answer, phone_of, press_all
from tests.upgrade.fixture import Button, Draft, Letter, Past
from tests.upgrade.past import MINUTES, MONTH, NOW

OWNER = 1001  # whose hours and phone nobody else changes now

# --- nothing is lost ---------------------------------------------------------------------------------------------


async def test_every_row_is_there_after_the_upgrade(before: str, tmp_path: Path) -> None:
    """An upgrade never loses a row: each table has as many as it had, and as much is pending of every kind."""
    with pasts.old() as db:
        names = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        had = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        waited = sorted((row["id"], row["kind"]) for row in db.execute("SELECT id, kind FROM due WHERE state = 0"))
        came = sorted(tuple(row) for row in db.execute("SELECT state, count(*) FROM inbox GROUP BY state"))
    # words are written anew at the start, and emptied before
    renamed = {"alembic_version": None, "client_word": None, **dict(NOW.renamed)}
    db = await pasts.migrated(before, tmp_path)
    try:
        for name in names:
            now = renamed.get(name, name)
            if now is not None:
                ((count,),) = await pasts.ask(db, f'SELECT count(*) FROM "{now}"')
                assert count == had[name], f"{name} had {had[name]} rows, {now} has {count}"
        rows = await pasts.ask(db, NOW.due)
        assert sorted((row[0], row[1]) for row in rows if row[2] == NOW.waits) == waited
        assert sorted(tuple(row) for row in await pasts.ask(db, NOW.inbox)) == came
    finally:
        await db.close()


# --- what was pending happens ------------------------------------------------------------------------------------


async def test_what_waited_is_carried_out_by_the_new_version(before: str, past: Past, tmp_path: Path) -> None:
    """Messages of every kind are sent and say what they said, errands of every name are carried out, updates that had
    come in are handled; and nothing of it fails because it cannot be read."""
    async with pasts.running(past, before, tmp_path, MINUTES) as shop:
        became = await _became(shop)
        for letter in past.letters:
            assert became[letter.id] == _meant(letter), (letter, became[letter.id])
        for key, kind, rule in _due(past, MINUTES):
            assert kind == "notice" or became[key][0] in (NOW.done, NOW.dropped), (kind, rule, became[key])
        for letter in past.letters:
            if letter.became == "sent":
                await seen.letter_is_heard(shop, letter)
        for who, text in seen.DETAILS:
            await seen.detail_is_heard(phone_of(shop, who), text)
        await seen.repeats_say_so(shop, past)
        await seen.digests_open(shop, past)
        await seen.errands_left_their_mark(shop, past, tmp_path)
        for who, look, shows in [*((one.who, one.look, one.shows) for one in past.waiting), *seen.SCREENS]:
            await seen.stands(phone_of(shop, who), look, shows)
        assert await _put_aside(shop) == 1, "the one that had been put aside before"


def _meant(letter: Letter) -> tuple[int, str | None]:
    """The state of its row, and why it failed. What the version before gave up when two senders had died is repeated
    now until it is known, and says so."""
    return (NOW.dropped if letter.became == "dropped" else NOW.done), None


async def _became(shop: Shop) -> dict[int, tuple[int, str | None]]:
    """What became of each row that is to be done later: its state, and why it failed."""
    return {row[0]: (row[2], row[3]) for row in await pasts.ask(shop.app.db, NOW.due)}


def _due(past: Past, later: timedelta) -> Iterator[tuple[int, str, str]]:
    """(number, kind, rule) of what was pending and is due by then."""
    by = int((past.at + later).timestamp() * 1_000_000)
    with pasts.old() as db:
        yield from map(tuple, db.execute("SELECT id, kind, rule FROM due WHERE state = 0 AND due_at <= ?", (by,)))


async def _put_aside(shop: Shop) -> int:
    """How many updates could not be handled; all others have been."""
    came = dict(map(tuple, await pasts.ask(shop.app.db, NOW.inbox)))
    assert came.keys() <= {NOW.done, NOW.failed}, came
    return int(came.get(NOW.failed, 0))


# --- forms that stood open ---------------------------------------------------------------------------------------


async def test_every_open_form_goes_on_where_it_stood(on_sqlite: str, past: Past, tmp_path: Path) -> None:
    """An upgrade loses no draft: at every place of every question the next answer is taken, and stands on the deal.

    Before that an update that had been put aside is given another try, by the command line.
    """
    said = await run(["replay"], DATABASE_URL=on_sqlite, BOT_TOKEN="1:story", DATA_DIR=str(tmp_path), PROCESSES="")
    assert said.status == 0 and "1" in said.out, said
    async with pasts.running(past, on_sqlite, tmp_path, MINUTES) as shop:
        for draft in past.drafts:
            await _goes_on(shop, draft)
        assert await _put_aside(shop) == 0


async def _goes_on(shop: Shop, draft: Draft) -> None:
    """The next answer is taken, and stands where it belongs."""
    phone = phone_of(shop, draft.who)
    await answer(shop, draft)
    said = [plain(one.text) for one in await phone.from_bot()]
    assert not any(one.startswith(CLOSED) for one in (*said, phone.toast or "")), (draft, said, phone.toast)
    await seen.stands(phone, draft.look, draft.shows)


# --- a month later -----------------------------------------------------------------------------------------------


async def test_a_month_later_nothing_is_lost_and_old_buttons_work(on_sqlite: str, past: Past, tmp_path: Path) -> None:
    """After a month everything that came due has rung, as often as it would have in the version before; every button
    is answered as there: it works, or a window says why not; none fails, none has died; and so with open forms."""
    async with pasts.running(past, on_sqlite, tmp_path, MONTH) as shop:
        became = await _became(shop)
        over = (NOW.done, NOW.dropped, NOW.doubt)
        lost = [(*one, became[one[0]]) for one in _due(past, MONTH) if became[one[0]][0] not in over]
        assert not lost
        state = {"rang": NOW.done, "dropped": NOW.dropped, "waits": NOW.waits}
        assert not [one for one in past.bells if became[one.id][0] != state[dict(NOW.bells).get(one.id, one.became)]]
        told = [(one, said) for one, said in await press_all(shop, past) if said.verdict != _verdict(one)]
        assert not told, "\n".join(f"{one}\n  now {said.verdict}: {said.toast}" for one, said in told)
        for draft in past.drafts:
            await _answers_late(phone_of(shop, draft.who), draft)
        assert await _put_aside(shop) == 1, "the one that had been put aside before"


def _verdict(one: Button) -> str:
    """How a press ends now: as in the version before, but for what is otherwise on purpose."""
    if one.data in NOW.alive:
        return "works"
    if one.data in NOW.closed:
        return "dead"
    return "refused" if one.data.startswith(NOW.shut) and one.who != OWNER else one.verdict


async def _answers_late(phone: Phone, draft: Draft) -> None:
    """Whoever finds a form of a month ago types what he would have typed then: he gets an answer."""
    typed = next((given[0] for kind, *given in draft.steps if kind == "text"), "/menu")
    number = max((one.id for one in await phone.messages()), default=0)
    assert (await phone.text(typed)).id > number, f"{phone.name} gets no answer to «{typed}»"
