"""visits: `booking` becomes `visit`, its half hours `visit_cell`

A visit may be a day without an hour yet, and without anybody; it has a state of its own, its history stays. What deals
still hold of it in their own fields is moved at the next start, by the process files (`services.visits.visit_adoption`).
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# what calls a measurement off did it by a field before
RENAMED_RULE = ("sales.measure.before-measure_on-1440-1600.put", "sales.measure.before-measure_on-1440-1600.visit")
BECAME = "CASE state WHEN 'held' THEN 'reserved' WHEN 'booked' THEN 'planned' ELSE 'off' END"
WAS = "CASE state WHEN 'reserved' THEN 'held' WHEN 'off' THEN 'freed' ELSE 'booked' END"
KEPT = "id, deal_id, employee_id, starts_at, ends_at, held_until, author_id, at"


def upgrade() -> None:
    op.create_table('visit',
    sa.Column('id', ID, nullable=False),
    sa.Column('deal_id', ID, nullable=True),
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('employee_id', ID, nullable=True),
    sa.Column('starts_at', sa.BigInteger(), nullable=True),
    sa.Column('ends_at', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('held_until', sa.BigInteger(), nullable=True),
    sa.Column('author_id', ID, nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('others', sa.Text(), nullable=True),
    sa.Column('more_starts', sa.Text(), nullable=True),
    sa.Column('current', sa.Boolean(), nullable=False),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.Column('off_why', sa.Text(), nullable=True),
    sa.Column('off_by_id', ID, nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['employee.id'], name=op.f('fk_visit_author_id_employee')),
    sa.ForeignKeyConstraint(['deal_id'], ['deal.id'], name=op.f('fk_visit_deal_id_deal')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_visit_employee_id_employee')),
    sa.ForeignKeyConstraint(['off_by_id'], ['employee.id'], name=op.f('fk_visit_off_by_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    op.create_table('visit_cell',
    sa.Column('employee_id', ID, nullable=False),
    sa.Column('cell', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('visit_id', ID, nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_visit_cell_employee_id_employee')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_cell_visit_id_visit')),
    sa.PrimaryKeyConstraint('employee_id', 'cell', name=op.f('pk_visit_cell'))
    )
    op.execute(
        sa.text(
            f"INSERT INTO visit ({KEPT}, name, state, current, told) "
            f"SELECT {KEPT}, field, {BECAME}, state = 'booked' AND deal_id IS NOT NULL AND id = "
            "(SELECT max(other.id) FROM booking other WHERE other.deal_id = booking.deal_id "
            "AND other.field = booking.field AND other.state = 'booked'), :no FROM booking"
        ).bindparams(no=False)
    )
    op.execute(
        "INSERT INTO visit_cell (employee_id, cell, visit_id) SELECT employee_id, cell, booking_id FROM booking_cell"
    )
    op.drop_table('booking_cell')
    op.drop_table('booking')
    _count_on('visit')
    op.create_index('ix_visit_deal', 'visit', ['deal_id'])
    op.create_index('ix_visit_who', 'visit', ['employee_id', 'starts_at'])
    op.create_index('uq_visit_current', 'visit', ['deal_id', 'name'], unique=True, sqlite_where=sa.text('current'),
                    postgresql_where=sa.text('current'))
    op.create_index('ix_visit_cell_visit', 'visit_cell', ['visit_id'])
    _rename_rule(*RENAMED_RULE)


def downgrade() -> None:
    _rename_rule(*reversed(RENAMED_RULE))
    op.create_table('booking',
    sa.Column('id', ID, nullable=False),
    sa.Column('deal_id', ID, nullable=True),
    sa.Column('field', sa.String(length=24), nullable=False),
    sa.Column('employee_id', ID, nullable=False),
    sa.Column('starts_at', sa.BigInteger(), nullable=False),
    sa.Column('ends_at', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('held_until', sa.BigInteger(), nullable=True),
    sa.Column('author_id', ID, nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['employee.id'], name=op.f('fk_booking_author_id_employee')),
    sa.ForeignKeyConstraint(['deal_id'], ['deal.id'], name=op.f('fk_booking_deal_id_deal')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_booking_employee_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking'))
    )
    op.create_table('booking_cell',
    sa.Column('employee_id', ID, nullable=False),
    sa.Column('cell', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('booking_id', ID, nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_cell_booking_id_booking')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_booking_cell_employee_id_employee')),
    sa.PrimaryKeyConstraint('employee_id', 'cell', name=op.f('pk_booking_cell'))
    )
    known = "employee_id IS NOT NULL AND starts_at IS NOT NULL AND ends_at IS NOT NULL"
    op.execute(f"INSERT INTO booking ({KEPT}, field, state) SELECT {KEPT}, name, {WAS} FROM visit WHERE {known}")
    op.execute(
        "INSERT INTO booking_cell (employee_id, cell, booking_id) SELECT employee_id, cell, visit_id FROM visit_cell"
    )
    op.drop_table('visit_cell')
    op.drop_table('visit')
    _count_on('booking')
    op.create_index('ix_booking_deal', 'booking', ['deal_id', 'state'])
    op.create_index('ix_booking_who', 'booking', ['employee_id', 'state', 'starts_at'])
    op.create_index('ix_booking_cell_booking', 'booking_cell', ['booking_id'])


def _count_on(table: str) -> None:
    """New rows are counted after those that were brought along; SQLite does so by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        )


def _rename_rule(old: str, new: str) -> None:
    """A timer that waits goes by the name that its rule has now."""
    op.execute(
        sa.text("UPDATE scheduled SET rule = :new WHERE rule = :old AND kind = 'timer' AND done_at IS NULL").bindparams(
            old=old, new=new
        )
    )
