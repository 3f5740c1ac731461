"""personal: consents, and who was erased"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("client", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("client_id", KEY, nullable=True),
        sa.Column("deal_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_consent_client_id_client")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_consent_deal_id_deal")),
        sa.ForeignKeyConstraint(["author_id"], ["employee.id"], name=op.f("fk_consent_author_id_employee")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["employee.id"], name=op.f("fk_consent_withdrawn_by_id_employee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_client", "consent", ["client_id"])
    op.create_index("ix_consent_deal", "consent", ["deal_id"])
    op.create_table(
        "erasure",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("clients", sa.Text(), nullable=False),
        sa.Column("deals", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("outside", sa.Text(), nullable=True),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["employee.id"], name=op.f("fk_erasure_author_id_employee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_open", "erasure", ["done_at"])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("consent")
    op.execute("ALTER TABLE client DROP COLUMN erased_at")  # in place: deals hang on the table
