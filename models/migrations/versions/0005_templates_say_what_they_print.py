"""templates_say_what_they_print: the names for which an owner's template leaves a line when nothing is known

Templates that were accepted before have none noted: what a paper of theirs leaves empty is told once they are sent anew.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('paper_template', schema=None) as batch_op:
        batch_op.add_column(sa.Column('printed', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('paper_template', schema=None) as batch_op:
        batch_op.drop_column('printed')
