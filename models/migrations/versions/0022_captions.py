"""captions: the words that came with a file stay with it"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file", sa.Column("caption", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE file DROP COLUMN caption")
