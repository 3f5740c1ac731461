"""What stands where a message was that its reader may not read any more."""

from __future__ import annotations

from keyboards import buttons
from keyboards.screen import Screen, line
from keyboards.translator import Translator


def not_for_you(t: Translator, *, gone: bool) -> Screen:
    """Nothing of what it said; who has left has nothing to press."""
    if gone:
        return Screen((line(t("Здесь было рабочее сообщение. Доступ закрыт.")),))
    return Screen((line(t("Здесь было сообщение для вашей прежней роли.")),), ((buttons.home(t),),))
