"""whose turn: what waits is read chat by chat"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PENDING = {"sqlite_where": sa.text("state = 0"), "postgresql_where": sa.text("state = 0")}


def upgrade() -> None:
    op.drop_index("ix_inbox_pending", "inbox")
    op.create_index("ix_inbox_pending", "inbox", ["chat_id", "id"], unique=False, **PENDING)


def downgrade() -> None:
    op.drop_index("ix_inbox_pending", "inbox")
    op.create_index("ix_inbox_pending", "inbox", ["id"], unique=False, **PENDING)
