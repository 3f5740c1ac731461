"""What comes late, by who was to hand it in, after his deal has gone on: its manager hears of it (truth 8)."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from models import access
from models.engine.effects import FieldsSet, Plan, StageChanged
from models.fields.groups import FileLike
from models.notices.file_notices import HandedIn
from models.tables.tasks import TaskRow
from services.deals import hooks
from services.deals.changes import DealChanges

LATE = (
    select(TaskRow.id)
    .where(
        TaskRow.deal_id == bindparam("deal"), TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open",
        TaskRow.origin != bindparam("place"),
    )
    .limit(1)
)  # fmt: skip


@hooks.plan_applied.register
def _tell(changes: DealChanges, plan: Plan) -> None:
    """Unless it has moved the deal on: then the stage says what is next."""
    work = changes.work
    if work.actor is None or work.actor.role not in access.FIELD_STAFF or changes.practice:
        return
    if any(isinstance(effect, StageChanged) for effect in plan.effects):
        return
    named = {name for effect in plan.effects if isinstance(effect, FieldsSet) for name in effect.values}
    files = [one for name in named if isinstance(one := changes.process.fields.get(name), FileLike)]
    given = {"deal": changes.before.id, "who": work.actor.id, "place": f"{changes.pipeline}.{changes.stage}"}
    if files and work.tx.execute(LATE, given).first() is not None:
        said = HandedIn(work.actor.name, tuple(sorted(one.title for one in files)))
        changes.say("responsible", "handed_in", said)
