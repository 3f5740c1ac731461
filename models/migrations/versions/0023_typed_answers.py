"""typed answers: which message said what of a deal, so that correcting the message corrects it"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "typed_answer",
        sa.Column("employee_id", KEY, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", KEY, nullable=False),
        sa.Column("field", sa.String(length=24), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_typed_answer_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_typed_answer_deal_id_deal")),
        sa.PrimaryKeyConstraint("employee_id", "message_id", name=op.f("pk_typed_answer")),
    )
    op.create_index("ix_typed_answer_deal", "typed_answer", ["deal_id"])
    op.create_index("ix_typed_answer_at", "typed_answer", ["at"])


def downgrade() -> None:
    op.drop_table("typed_answer")
