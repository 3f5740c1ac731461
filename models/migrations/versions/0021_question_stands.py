"""question stands: whether what a person types still answers the question that he was asked"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("stands", sa.String(length=8), nullable=False, server_default="asked"))


def downgrade() -> None:
    op.execute("ALTER TABLE draft DROP COLUMN stands")
