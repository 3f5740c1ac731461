"""notice_turned: whether a press has put another screen in the place of a message"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scheduled", sa.Column("turned", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE scheduled DROP COLUMN turned")
