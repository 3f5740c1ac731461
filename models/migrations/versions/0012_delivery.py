"""delivery: who has a row in hand, when it may be tried again, what is still to be shown; retries keep the order"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PENDING_NOTICE = "done_at IS NULL AND kind = 'notice'"
HELD = "done_at IS NULL AND holder IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.add_column(sa.Column("try_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tried_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.SmallInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("holder", sa.BigInteger(), nullable=True))
        batch_op.alter_column("attempts", type_=sa.Integer(), existing_type=sa.SmallInteger(), existing_nullable=False)
        batch_op.drop_column("lease_until")
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.alter_column("failures", server_default=None, existing_type=sa.SmallInteger())
        batch_op.create_index(
            "ix_scheduled_reader", ["employee_id", "run_at"], sqlite_where=sa.text(PENDING_NOTICE),
            postgresql_where=sa.text(PENDING_NOTICE),
        )  # fmt: skip
        batch_op.create_index(
            "ix_scheduled_held", ["holder"], sqlite_where=sa.text(HELD), postgresql_where=sa.text(HELD)
        )
    op.create_table(
        "owed_screen",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Text(), nullable=False),
        sa.Column("employee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_owed_screen_employee_id_employee")
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_owed_screen")),
    )
    # what counted as a failed try of a job counts on
    op.execute("UPDATE scheduled SET failures = tries, tries = 0 WHERE kind = 'job'")


def downgrade() -> None:
    op.drop_table("owed_screen")
    op.execute("UPDATE scheduled SET tries = failures WHERE kind = 'job'")
    # a retry stood in the time itself
    op.execute("UPDATE scheduled SET run_at = try_at WHERE try_at > run_at AND done_at IS NULL")
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.drop_index("ix_scheduled_held")
        batch_op.drop_index("ix_scheduled_reader")
        batch_op.add_column(sa.Column("lease_until", sa.BigInteger(), nullable=True))
        batch_op.alter_column("attempts", type_=sa.SmallInteger(), existing_type=sa.Integer(), existing_nullable=False)
        batch_op.drop_column("holder")
        batch_op.drop_column("failures")
        batch_op.drop_column("tried_at")
        batch_op.drop_column("try_at")
