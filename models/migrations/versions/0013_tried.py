"""tried: what was tried at a moment that is still ahead is found without reading all that is to come"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TRIED = "done_at IS NULL AND tried_at IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scheduled_tried", ["tried_at"], sqlite_where=sa.text(TRIED), postgresql_where=sa.text(TRIED)
        )


def downgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.drop_index("ix_scheduled_tried")
