"""What was approved, by whom and when, behind the value that says so."""

from __future__ import annotations

from datetime import datetime

from keyboards.forms import field_words
from keyboards.translator import Translator
from models.approval import Approval
from models.entities import Deal
from models.process.process import Process


def beside(t: Translator, process: Process, deal: Deal, approval: Approval | None, now: datetime) -> str:
    """« (Скидка 5 %, 150 000 ₽, Ирина Белова, 23 ноября)»; nothing where nothing was approved. `deal` is as the reader
    may see it: of what is hidden from him there is no value."""
    if approval is None:
        return ""
    shown = [(process.fields[name], deal.fields.get(name)) for name in approval.of if name in process.fields]
    parts = [field_words.value(t, field, value) for field, value in shown if value is not None]
    parts += [approval.by] if approval.by else []
    day = t.day(approval.at.astimezone(t.zone).date(), today=now.astimezone(t.zone).date())
    return f" ({', '.join([*parts, day])})"
