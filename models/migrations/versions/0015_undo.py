"""undo: what can be taken back, until when, by whom"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "undo",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("undone_by_id", KEY, nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["employee.id"], name=op.f("fk_undo_author_id_employee")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["employee.id"], name=op.f("fk_undo_undone_by_id_employee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo")),
    )
    with op.batch_alter_table("undo", schema=None) as batch_op:
        batch_op.create_index("ix_undo_about", ["kind", "about"])
        batch_op.create_index("ix_undo_until", ["until"])


def downgrade() -> None:
    op.drop_table("undo")
