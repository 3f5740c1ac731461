"""statements: what a message claims is kept with it as it leaves"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.Text(), nullable=True))
    with op.batch_alter_table("sms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sms", schema=None) as batch_op:
        batch_op.drop_column("said")
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.drop_column("said")
