"""file bin: a removed file waits to be put back; what a file is by its content"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BY = "fk_file_removed_by_id_employee"
KEPT = sa.text("removed_at IS NULL")
REMOVED = sa.text("removed_at IS NOT NULL")


@contextmanager
def nobody_pointing_at_it() -> Iterator[None]:
    """SQLite makes the table anew, and drops the old one only if no paper points into it meanwhile."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("CREATE TEMPORARY TABLE paper_file AS SELECT id, file_id FROM paper WHERE file_id IS NOT NULL")
        op.execute("UPDATE paper SET file_id = NULL")
    yield
    if sqlite:
        op.execute("UPDATE paper SET file_id = (SELECT file_id FROM paper_file WHERE paper_file.id = paper.id)")
        op.execute("DROP TABLE paper_file")


def upgrade() -> None:
    with nobody_pointing_at_it(), op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("traces", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("removed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(op.f(BY), "employee", ["removed_by_id"], ["id"])
        batch_op.drop_constraint(op.f("uq_file_deal_id_field_unique_id"), type_="unique")
    op.create_index(
        "ix_file_place", "file", ["deal_id", "field", "unique_id"], unique=True, sqlite_where=KEPT, postgresql_where=KEPT
    )
    op.create_index("ix_file_bin", "file", ["deal_id", "removed_at"], sqlite_where=REMOVED, postgresql_where=REMOVED)
    op.create_index("ix_file_author", "file", ["author_id", "at"])
    # what we made ourselves is what we say it is
    op.execute("UPDATE file SET content = mime, traces = FALSE WHERE unique_id LIKE 'sha:%'")
    # the files from before are gone through once more: what they are was never looked at
    op.execute("DELETE FROM setting WHERE name = 'files_kept_to'")


def downgrade() -> None:
    # nobody would ever empty the bin; a paper of which the file lay there stays, to be made again
    op.execute("UPDATE paper SET file_id = NULL WHERE file_id IN (SELECT id FROM file WHERE removed_at IS NOT NULL)")
    op.execute("DELETE FROM file WHERE removed_at IS NOT NULL")
    for name in ("ix_file_author", "ix_file_bin", "ix_file_place"):
        op.drop_index(name, table_name="file")
    with nobody_pointing_at_it(), op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_file_deal_id_field_unique_id"), ["deal_id", "field", "unique_id"])
        batch_op.drop_constraint(op.f(BY), type_="foreignkey")
        for name in ("removed_by_id", "removed_at", "traces", "content"):
            batch_op.drop_column(name)
