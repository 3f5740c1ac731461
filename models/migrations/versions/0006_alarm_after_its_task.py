"""alarm_after_its_task: the alarm that a measurement is not confirmed rings in the afternoon, not with its task

Its rule bears the hour in its name; a timer that waits goes by the name that its rule has now.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

RULE = "sales.premeasure.before-measure_on-2880-{}.escalate"


def upgrade() -> None:
    _rename("1000", "1500")


def downgrade() -> None:
    _rename("1500", "1000")


def _rename(old: str, new: str) -> None:
    op.execute(
        sa.text("UPDATE scheduled SET rule = :new WHERE rule = :old AND kind = 'timer' AND done_at IS NULL").bindparams(
            old=RULE.format(old), new=RULE.format(new)
        )
    )
