"""All guards, by what they guard.

Where each comes from: «test plan», which asks for a killing test of every guard; «review», a mutant that no test of its
day killed; «faults», what the tests under faults and attacks found to be needed.
"""

from __future__ import annotations

from tests.guards.catalogue import (
    access,
    claims,
    database,
    deals,
    delivery,
    files,
    outside,
    oversight,
    pace,
    texts,
    updates,
)
from tests.guards.guard import Guard

CHAPTERS: dict[str, tuple[Guard, ...]] = {
    "deals": deals.GUARDS,
    "database": database.GUARDS,
    "updates": updates.GUARDS,
    "claims": claims.GUARDS,
    "delivery": delivery.GUARDS,
    "pace": pace.GUARDS,
    "access": access.GUARDS,
    "outside": outside.GUARDS,
    "oversight": oversight.GUARDS,
    "texts": texts.GUARDS,
    "files": files.GUARDS,
}
ALL: tuple[Guard, ...] = tuple(guard for chapter in CHAPTERS.values() for guard in chapter)
