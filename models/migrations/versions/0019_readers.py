"""readers: a message that still waits says which role its reader has, as those of this version do"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

AT_ONCE = 1000
WAITING = sa.text(
    "SELECT scheduled.id, scheduled.envelope, employee.role FROM scheduled "
    "JOIN employee ON employee.id = scheduled.employee_id "
    "WHERE scheduled.kind = 'notice' AND scheduled.done_at IS NULL AND scheduled.id > :after "
    "ORDER BY scheduled.id LIMIT :most"
)
CHANGE = sa.text("UPDATE scheduled SET envelope = :envelope WHERE id = :key")


def upgrade() -> None:
    """What was sent stays without: nobody knows who its reader was then, so it is judged by its deal."""
    tx, after = op.get_bind(), 0
    while rows := tx.execute(WAITING, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        known = [(row, json.loads(row.envelope or "{}")) for row in rows]
        changed = [
            {"key": row.id, "envelope": json.dumps({**said, "role": row.role}, ensure_ascii=False)}
            for row, said in known
            if isinstance(said, dict) and "role" not in said
        ]
        if changed:
            tx.execute(CHANGE, changed)


def downgrade() -> None:
    """A version before passes over what it does not know of an envelope."""
