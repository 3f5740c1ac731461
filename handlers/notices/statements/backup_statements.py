"""What messages about backups claim."""

from __future__ import annotations

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models.notices.backup_notices import BackupKeyGiven
from models.statements import Statement


@states(BackupKeyGiven)
def _key(view: NoticeView, notice: BackupKeyGiven) -> tuple[Statement, ...]:
    """Nothing about a deal, a person or a sum."""
    return ()
