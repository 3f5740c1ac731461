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
# what the measurement is called off by said so in a field before
RENAMED_RULE = ("sales.measure.before-measure_on-1440-1600.put", "sales.measure.before-measure_on-1440-1600.visit")
BECAME = (("held", "reserved"), ("booked", "planned"), ("freed", "off"))


def upgrade() -> None:
    op.drop_index("ix_booking_deal", "booking")
    op.drop_index("ix_booking_who", "booking")
    op.drop_index("ix_booking_cell_booking", "booking_cell")
    op.rename_table("booking", "visit")
    op.rename_table("booking_cell", "visit_cell")
    op.execute("ALTER TABLE visit RENAME COLUMN field TO name")
    op.execute("ALTER TABLE visit_cell RENAME COLUMN booking_id TO visit_id")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("employee_id", existing_type=ID, nullable=True)
        batch_op.alter_column("starts_at", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("ends_at", existing_type=sa.BigInteger(), nullable=True)
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("others", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("more_starts", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("current", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("told", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("off_why", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("off_by_id", ID, nullable=True))
        batch_op.create_foreign_key("fk_visit_off_by_id_employee", "employee", ["off_by_id"], ["id"])
    for old, new in BECAME:
        op.execute(f"UPDATE visit SET state = '{new}' WHERE state = '{old}'")
    op.execute(sa.text("UPDATE visit SET current = :no, told = :no").bindparams(no=False))
    op.execute(
        sa.text(
            "UPDATE visit SET current = :yes WHERE id IN (SELECT max(id) FROM visit WHERE state = 'planned' "
            "AND deal_id IS NOT NULL GROUP BY deal_id, name)"
        ).bindparams(yes=True)
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("current", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("told", existing_type=sa.Boolean(), nullable=False)
    op.create_index("ix_visit_deal", "visit", ["deal_id"])
    op.create_index("ix_visit_who", "visit", ["employee_id", "starts_at"])
    op.create_index(
        "uq_visit_current", "visit", ["deal_id", "name"], unique=True, sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )  # fmt: skip
    op.create_index("ix_visit_cell_visit", "visit_cell", ["visit_id"])
    _rename_rule(*RENAMED_RULE)


def _rename_rule(old: str, new: str) -> None:
    """A timer that waits goes by the name that its rule has now."""
    op.execute(
        sa.text("UPDATE scheduled SET rule = :new WHERE rule = :old AND kind = 'timer' AND done_at IS NULL").bindparams(
            old=old, new=new
        )
    )


def downgrade() -> None:
    _rename_rule(*reversed(RENAMED_RULE))
    for name, table in (("ix_visit_deal", "visit"), ("ix_visit_who", "visit"), ("uq_visit_current", "visit"),
                        ("ix_visit_cell_visit", "visit_cell")):
        op.drop_index(name, table)
    op.execute("DELETE FROM visit WHERE employee_id IS NULL OR starts_at IS NULL OR ends_at IS NULL")
    op.execute("UPDATE visit SET state = 'planned' WHERE state IN ('confirmed', 'under_way')")
    op.execute("UPDATE visit SET state = 'planned' WHERE state = 'held'")
    for old, new in BECAME:
        op.execute(f"UPDATE visit SET state = '{old}' WHERE state = '{new}'")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_constraint("fk_visit_off_by_id_employee", type_="foreignkey")
        for column in ("day", "others", "more_starts", "current", "told", "off_why", "off_by_id"):
            batch_op.drop_column(column)
        batch_op.alter_column("employee_id", existing_type=ID, nullable=False)
        batch_op.alter_column("starts_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("ends_at", existing_type=sa.BigInteger(), nullable=False)
    op.execute("ALTER TABLE visit RENAME COLUMN name TO field")
    op.execute("ALTER TABLE visit_cell RENAME COLUMN visit_id TO booking_id")
    op.rename_table("visit", "booking")
    op.rename_table("visit_cell", "booking_cell")
    op.create_index("ix_booking_deal", "booking", ["deal_id", "state"])
    op.create_index("ix_booking_who", "booking", ["employee_id", "state", "starts_at"])
    op.create_index("ix_booking_cell_booking", "booking_cell", ["booking_id"])
