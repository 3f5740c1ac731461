"""change requests: what somebody above is asked to change on a deal, beside the task that asks him"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'change_request',
        sa.Column('task_id', KEY, autoincrement=False, nullable=False),
        sa.Column('deal_id', KEY, nullable=False),
        sa.Column('fields', sa.Text(), nullable=False),
        sa.Column('seen', sa.Text(), nullable=False),
        sa.Column('why', sa.Text(), nullable=False),
        sa.Column('asked_by_id', KEY, nullable=True),
        sa.Column('asked_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['asked_by_id'], ['employee.id'], name='fk_change_request_asked_by_id_employee'),
        sa.ForeignKeyConstraint(['deal_id'], ['deal.id'], name='fk_change_request_deal_id_deal'),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name='fk_change_request_task_id_task'),
        sa.PrimaryKeyConstraint('task_id', name='pk_change_request'),
    )
    op.create_index('ix_change_request_deal', 'change_request', ['deal_id'])


def downgrade() -> None:
    op.drop_index('ix_change_request_deal', 'change_request')
    op.drop_table('change_request')
