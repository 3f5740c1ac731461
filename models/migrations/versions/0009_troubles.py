"""troubles: what is wrong with the bot itself, since when and until when"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
LASTS = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'trouble',
        sa.Column('id', KEY, nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('about', sa.String(length=100), nullable=False),
        sa.Column('details', sa.Text(), nullable=True),
        sa.Column('began_at', sa.BigInteger(), nullable=False),
        sa.Column('ended_at', sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_trouble'),
    )
    op.create_index(
        'uq_trouble_lasting', 'trouble', ['kind', 'about'], unique=True, sqlite_where=LASTS, postgresql_where=LASTS
    )


def downgrade() -> None:
    op.drop_index('uq_trouble_lasting', 'trouble')
    op.drop_table('trouble')
