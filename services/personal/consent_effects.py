"""A form of the bot asks for consent: the process names the field (`client: consent`), whose answer is noted here."""

from __future__ import annotations

from typing import Any

from models.field_values import FieldValues
from models.process.process import Process
from models.undo import DealBefore
from services.deals import hooks
from services.deals.changes import DealChanges
from services.personal import consents, person_keys
from services.unit_of_work import UnitOfWork


@hooks.begun.register
def _begun(work: UnitOfWork, deal_id: int, process: Process, values: FieldValues) -> None:
    """With a deal that was made of another one the answer comes along; it was noted when it was given."""
    if process.client.consent is not None and values.get(process.client.consent) is True:
        _given(work, deal_id)


@hooks.field_set.register
def _answered(changes: DealChanges, name: str, before: Any, now: Any) -> None:
    if name != changes.process.client.consent or before == now:
        return
    if now is True:
        _given(changes.work, changes.before.id)
    elif now is False and before is True:
        _taken_back(changes.work, changes.before.id)


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    """An answer that was put back was never given: neither the consent nor its withdrawal."""
    was, now = before.fields.get(changes.process.client.consent or "", (None, None))
    if now is True and was is not True:
        _taken_back(changes.work, changes.before.id)
    elif was is True and now is not True:
        _given(changes.work, changes.before.id)


def _given(work: UnitOfWork, deal_id: int) -> None:
    known = consents.find(work, person_keys.around(work, deal_id))
    if known is None or not known.holds:
        consents.note(work, "form", deal_id=deal_id)


def _taken_back(work: UnitOfWork, deal_id: int) -> None:
    known = consents.find(work, person_keys.around(work, deal_id))
    if known is not None and known.holds:
        consents.withdraw(work, known)
