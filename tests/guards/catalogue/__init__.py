"""All guards, by what they guard. `PLAN`: the test plan's T15; `REVIEW`: a mutant that no test of the review's day killed;
`FAULTS`: something that the test of faults and attacks counts among what holds, or has found not to hold."""

from __future__ import annotations

from tests.guards.catalogue import access, database, deals, delivery, files, outside, texts, updates
from tests.guards.guard import Guard

ALL: tuple[Guard, ...] = (
    *deals.GUARDS,
    *database.GUARDS,
    *updates.GUARDS,
    *delivery.GUARDS,
    *access.GUARDS,
    *outside.GUARDS,
    *texts.GUARDS,
    *files.GUARDS,
)
