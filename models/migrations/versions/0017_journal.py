"""journal: who looked at clients, took them out, or erased them; rows are only ever added"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSED = "the journal is only ever added to"
# to replace a row is to delete it, of which SQLite tells no trigger
SQLITE = {
    "journal_no_update": "BEFORE UPDATE ON journal",
    "journal_no_delete": "BEFORE DELETE ON journal",
    "journal_no_replace": "BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id OR previous = NEW.previous)",
}
POSTGRES = (
    "CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
    "CREATE TRIGGER journal_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()",
)


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("about_kind", sa.String(length=30), nullable=True),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("clients", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("uq_journal_previous", ["previous"], unique=True)
        batch_op.create_index("ix_journal_actor_id_at", ["actor_id", "at"])
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index("ix_client_company_id", ["company_id"])  # whose a firm's card is hangs on its contacts
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
    else:
        for name, when in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")


def downgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index("ix_client_company_id")
    op.drop_table("journal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_refuses()")
