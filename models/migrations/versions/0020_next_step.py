"""next step: what a person will do on a deal, in his own words, at a time of his own"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("task", sa.Column("words", sa.Text(), nullable=True))
    op.add_column("task", sa.Column("given_by_id", KEY, nullable=True))
    op.add_column("task", sa.Column("every", sa.String(length=8), nullable=True))


def downgrade() -> None:
    for name in ("every", "given_by_id", "words"):
        op.execute(f"ALTER TABLE task DROP COLUMN {name}")  # in place: lines and papers hang on the table
