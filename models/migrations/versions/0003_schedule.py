"""schedule: `due` becomes `scheduled`, what delivery knows of a message becomes columns

One state where there was a number and prose: waiting, sending, sent, refused, unsure, void; how often it was tried; and
what delivery adds to a notice (late, instead of whom …) apart from what it says. Nothing that is pending is lost.
"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

RENAMED = (("meant_at", "scheduled_for"), ("due_at", "run_at"), ("anchor", "dedup_key"), ("claimed_until", "lease_until"))
ENVELOPE = (("to", "to"), ("stage_id", "stage"), ("practice", "practice"), ("late", "late"), ("passed", "passed"),
            ("instead_of", "instead_of"))
TRIED = re.compile(r"try (\d+): (.*)", re.DOTALL)
AT_ONCE = 1000
OLD_INDEXES = ("ix_due_pending", "ix_due_deal", "ix_due_message", "uq_due_timer", "uq_due_list", "uq_due_task")
NEW_INDEXES = ("ix_scheduled_pending", "ix_scheduled_deal", "ix_scheduled_message", "uq_scheduled_timer",
               "uq_scheduled_list", "uq_scheduled_task")


def upgrade() -> None:
    for name in OLD_INDEXES:
        op.drop_index(name, "due")
    op.rename_table("due", "scheduled")
    for old, new in RENAMED:
        op.execute(f"ALTER TABLE scheduled RENAME COLUMN {old} TO {new}")
    op.add_column("scheduled", sa.Column("envelope", sa.Text(), nullable=True))
    op.add_column("scheduled", sa.Column("delivery_state", sa.String(length=10), nullable=True))
    op.add_column("scheduled", sa.Column("tries", sa.SmallInteger(), nullable=True))
    op.execute("UPDATE scheduled SET kind = 'job' WHERE kind = 'errand'")
    op.execute(
        "UPDATE scheduled SET tries = 0, done_at = CASE WHEN state <> 0 THEN COALESCE(done_at, run_at) END, "
        "delivery_state = CASE state WHEN 0 THEN 'waiting' WHEN 1 THEN 'sent' WHEN 2 THEN 'void' WHEN 3 THEN 'refused' "
        "ELSE 'unsure' END"
    )
    _read_failures()
    _part_payloads()
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.alter_column("delivery_state", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("tries", existing_type=sa.SmallInteger(), nullable=False)
        batch_op.drop_column("state")
    _index("scheduled", NEW_INDEXES, "run_at", "dedup_key", "done_at", "done_at IS NULL")
    op.rename_table("tally", "deal_counter")
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unsure", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE pin SET unsure = (message_id = 0 AND message_id IS NOT NULL)"))
    op.execute("UPDATE pin SET message_id = NULL WHERE message_id = 0")
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.alter_column("unsure", existing_type=sa.Boolean(), nullable=False)


def _read_failures() -> None:
    """What stood in words of `failure` becomes state and tries; the words keep the reason alone."""
    tx = op.get_bind()
    rows = tx.execute(
        sa.text("SELECT id, kind, failure, done_at FROM scheduled WHERE failure IS NOT NULL")
    ).all()  # fmt: skip
    change = sa.text("UPDATE scheduled SET delivery_state = :state, tries = :tries, failure = :why WHERE id = :key")
    for row in rows:
        found = _meaning(row.kind, row.failure, row.done_at is None)
        if found is not None:
            state, tries, why = found
            tx.execute(change, {"key": row.id, "state": state, "tries": tries, "why": why})


def _meaning(kind: str, failure: str, pending: bool) -> tuple[str, int, str | None] | None:
    tried = TRIED.match(failure)
    if kind == "job":
        return ("waiting", int(tried[1]), tried[2]) if tried and pending else None
    if failure in ("sending", "sending again") and pending:
        return "sending", int(failure == "sending again"), None
    if failure.startswith("doubt"):
        why = failure.removeprefix("doubt").removeprefix(": ") or None
        return "unsure", 1 if pending else 2, why
    return None


def _part_payloads() -> None:
    """What delivery added to a notice's payload goes into an envelope of its own."""
    tx, after = op.get_bind(), 0
    some = sa.text(
        "SELECT id, payload FROM scheduled WHERE kind = 'notice' AND payload IS NOT NULL AND id > :after "
        "ORDER BY id LIMIT :most"
    )
    change = sa.text("UPDATE scheduled SET payload = :payload, envelope = :envelope WHERE id = :key")
    while rows := tx.execute(some, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        parted = [(row.id, *_parted(row.payload)) for row in rows]
        changed = [{"key": key, "payload": p, "envelope": e} for key, p, e in parted if e is not None]
        if changed:
            tx.execute(change, changed)


def _parted(raw: str) -> tuple[str, str | None]:
    payload = json.loads(raw)
    envelope = {new: payload.pop(old) for old, new in ENVELOPE if old in payload}
    envelope = {key: value for key, value in envelope.items() if value}
    return _text(payload), _text(envelope) if envelope else None


def _join_payloads() -> None:
    """What stood in envelopes goes back into the payloads."""
    tx = op.get_bind()
    change = sa.text("UPDATE scheduled SET payload = :payload WHERE id = :key")
    for row in tx.execute(sa.text("SELECT id, payload, envelope FROM scheduled WHERE envelope IS NOT NULL")).all():
        added, payload = json.loads(row.envelope), json.loads(row.payload or "{}")
        payload.update({old: added[new] for old, new in ENVELOPE if new in added})
        tx.execute(change, {"key": row.id, "payload": _text(payload)})


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _index(table: str, names: tuple[str, ...], at: str, key: str, over: str, pending: str) -> None:
    """The indexes of either shape: of pending rows by time, of a deal, of a message; and what stands there once."""
    by_time, by_deal, by_message, timer, calls, task = names
    op.create_index(by_time, table, [at, "id"], **_where(pending))
    op.create_index(by_deal, table, ["deal_id", over])
    op.create_index(by_message, table, ["employee_id", "message_id"], **_where("message_id IS NOT NULL"))
    op.create_index(timer, table, ["deal_id", "rule"], unique=True, **_where(f"{pending} AND kind = 'timer'"))
    op.create_index(calls, table, ["employee_id", "rule", key], unique=True, **_where("kind = 'list'"))
    op.create_index(task, table, ["task_id", "kind", key], unique=True)


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def downgrade() -> None:
    op.execute(sa.text("UPDATE pin SET message_id = 0 WHERE unsure"))
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.drop_column("unsure")
    op.rename_table("deal_counter", "tally")
    for name in NEW_INDEXES:
        op.drop_index(name, "scheduled")
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.SmallInteger(), nullable=True))
    op.execute(
        "UPDATE scheduled SET state = CASE WHEN done_at IS NULL THEN 0 WHEN delivery_state = 'sent' THEN 1 "
        "WHEN delivery_state = 'void' THEN 2 WHEN delivery_state = 'refused' THEN 3 ELSE 4 END"
    )
    op.execute(
        "UPDATE scheduled SET failure = CASE WHEN delivery_state = 'unsure' THEN 'doubt: ' || COALESCE(failure, '') "
        "WHEN tries > 0 THEN 'sending again' ELSE 'sending' END "
        "WHERE kind = 'notice' AND delivery_state IN ('sending', 'unsure')"
    )
    op.execute(
        "UPDATE scheduled SET failure = 'try ' || tries || ': ' || COALESCE(failure, '') "
        "WHERE kind = 'job' AND tries > 0 AND done_at IS NULL"
    )
    op.execute("UPDATE scheduled SET kind = 'errand' WHERE kind = 'job'")
    _join_payloads()
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.SmallInteger(), nullable=False)
        batch_op.drop_column("delivery_state")
        batch_op.drop_column("tries")
        batch_op.drop_column("envelope")
    for old, new in RENAMED:
        op.execute(f"ALTER TABLE scheduled RENAME COLUMN {new} TO {old}")
    op.rename_table("scheduled", "due")
    _index("due", OLD_INDEXES, "due_at", "anchor", "state", "state = 0")
