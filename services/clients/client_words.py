"""The words by which clients are found, kept true in the transaction that changes the card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from models.search import search_words
from models.tables.clients import ClientPhoneRow, ClientRow, ClientWordRow
from services.unit_of_work import UnitOfWork

MOST_WORDS = 20
ADD = {
    name: module.insert(ClientWordRow).on_conflict_do_nothing()
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
CARDS: BindParameter[list[int]] = bindparam("clients", expanding=True)
DROP = delete(ClientWordRow).where(
    ClientWordRow.client_id == bindparam("client"), ClientWordRow.word == bindparam("token")
)
KEPT = select(ClientWordRow.client_id, ClientWordRow.word).where(ClientWordRow.client_id.in_(CARDS))
# of two changes at once the second waits, and sees what the first has written
NAMES = (
    select(ClientRow.id, ClientRow.name)
    .where(ClientRow.id.in_(CARDS), ClientRow.merged_into_id.is_(None), ClientRow.erased_at.is_(None))
    .with_for_update()
)
PHONES = select(ClientPhoneRow.client_id, ClientPhoneRow.phone).where(ClientPhoneRow.client_id.in_(CARDS))


def of(name: str, phones: Iterable[str]) -> set[str]:
    """All tokens of a card."""
    numbers = (one for phone in phones for one in search_words.phone_tokens(phone))
    return {*search_words.tokens(name, MOST_WORDS), *numbers}


def renew(work: UnitOfWork, *clients: int) -> None:
    """Bring the words up to the cards as they stand; one that was joined to another, or erased, has none."""
    wanted = set(_wanted(work, clients))
    kept = {(row.client_id, row.word) for row in work.tx.execute(KEPT, {"clients": clients})}
    gone, new = sorted(kept - wanted), sorted(wanted - kept)
    if gone:
        work.tx.execute(DROP, [{"client": key, "token": word} for key, word in gone])
    if new:
        work.tx.execute(ADD[work.tx.dialect.name], [{"client_id": key, "word": word} for key, word in new])


def _wanted(work: UnitOfWork, clients: Sequence[int]) -> Iterable[tuple[int, str]]:
    names = work.tx.execute(NAMES, {"clients": clients}).all()
    phones: dict[int, list[str]] = defaultdict(list)
    for row in work.tx.execute(PHONES, {"clients": clients}):
        phones[row.client_id].append(row.phone)
    return ((row.id, word) for row in names for word in of(row.name, phones[row.id]))
