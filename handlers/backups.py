"""«Резервные копии»: how the last one came out, and the keys that the owner keeps elsewhere."""

from __future__ import annotations

from handlers.request import Request, on_callback
from keyboards import backups as screens
from keyboards.callbacks.backup_callbacks import KeepBackupKey, OpenBackups, ShowBackupKey
from keyboards.screen import Reply
from models import access
from services.operation import backup_keys, backups


@on_callback(OpenBackups, access.OWNER)
def open_(request: Request, press: OpenBackups) -> Reply:
    work = request.work
    keys = backup_keys.known(work)
    return Reply(screens.screen(backups.newest(work), backups.newest_made(work), keys, request.t))


@on_callback(ShowBackupKey, access.OWNER)
def show(request: Request, press: ShowBackupKey) -> Reply:
    return Reply(screens.key_screen(backup_keys.get(request.work, press.key), request.t))


@on_callback(KeepBackupKey, access.OWNER)
def keep(request: Request, press: KeepBackupKey) -> Reply:
    """The key goes out of the message."""
    kept = backup_keys.save(request.work, press.key)
    return Reply(screens.kept_screen(kept, request.work.now, request.t), request.t("Готово"))
