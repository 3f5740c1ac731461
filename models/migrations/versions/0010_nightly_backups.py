"""nightly backups: how each night's came out, and the keys of the months"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('backup',
        sa.Column('night', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('tries', sa.SmallInteger(), nullable=False),
        sa.Column('until', sa.BigInteger(), nullable=False),
        sa.Column('failure', sa.Text(), nullable=True),
        sa.Column('name', sa.Text(), nullable=True),
        sa.Column('size', sa.BigInteger(), nullable=True),
        sa.Column('restored', sa.Boolean(), nullable=False),
        sa.Column('made_at', sa.BigInteger(), nullable=True),
        sa.Column('recipient', sa.Text(), nullable=True),
        sa.Column('parts', sa.SmallInteger(), nullable=False),
        sa.Column('sent', sa.SmallInteger(), nullable=False),
        sa.Column('sending', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('night', name='pk_backup')
    )
    op.create_table('backup_key',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('recipient', sa.Text(), nullable=False),
        sa.Column('secret', sa.Text(), nullable=True),
        sa.Column('made_at', sa.BigInteger(), nullable=False),
        sa.Column('told_at', sa.BigInteger(), nullable=False),
        sa.Column('saved_at', sa.BigInteger(), nullable=True),
        sa.Column('forgotten_at', sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_backup_key')
    )


def downgrade() -> None:
    op.drop_table('backup_key')
    op.drop_table('backup')
