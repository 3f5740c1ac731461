"""revoked: an invitation can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BY = "fk_invitation_revoked_by_id_employee"


def upgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revoked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("revoked_at", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(op.f(BY), "employee", ["revoked_by_id"], ["id"])
    # who made them may make none any more
    op.execute(
        "UPDATE invitation SET revoked_at = created_at WHERE used_at IS NULL AND created_by_id IN "
        "(SELECT id FROM employee WHERE NOT active OR role NOT IN ('owner', 'supervisor'))"
    )


def downgrade() -> None:
    # one that was taken back would let somebody in again
    op.execute("DELETE FROM invitation WHERE revoked_at IS NOT NULL")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(BY), type_="foreignkey")
        batch_op.drop_column("revoked_at")
        batch_op.drop_column("revoked_by_id")
