"""Leads from outside: a site form, an incoming call (F-L1)."""

from __future__ import annotations

from sqlalchemy import insert, select

from models.entities import Deal
from models.history.deal_lines import WordsForwarded
from models.tables.deals import IntakeKeyRow
from models.values import clean_text as texts
from models.values import phone as phones
from models.values.invalid_value import N_, InvalidValue
from services.deals import deal_commands, deal_queries, known_deals, plans
from services.unit_of_work import UnitOfWork

LONGEST_COMMENT = 3000


def receive(
    work: UnitOfWork,
    *,
    name: str,
    phone: str,
    comment: str = "",
    source: str = "",
    idempotency_key: str | None = None,
) -> tuple[Deal, bool]:
    """A new lead on the first stage of the intake's pipeline; (lead, True), or (the earlier one, False) for a
    repeat: the same key, or, without keys, the same number within minutes. A client who has something open goes to
    whoever has that.

    Raises Wrong for a phone or a name that cannot be one, LookupError if no process takes leads.
    """
    process = work.company.intake_process()
    if process is None or process.intake is None:
        raise LookupError("no process has an intake")
    key = texts.one_line(idempotency_key or "", limit=200)
    earlier = _earlier(work, key)
    if earlier is not None:
        return earlier, False
    number = phones.parse_phone(phone)
    called = texts.one_line(name, limit=120)
    if called and not texts.is_meaningful_name(called):
        raise InvalidValue("name.meaningless", N_("Имя должно содержать хотя бы одну букву."), N_("Мария Иванова"))
    values: dict[str, object] = {
        process.client.phone: number,
        process.client.name: called or phones.format_phone(number),
    }
    said = texts.clean(comment, limit=LONGEST_COMMENT)
    if said and process.intake.comment:
        values[process.intake.comment] = said
    known = known_deals.of_phone(work, number)
    # a sender that numbers its requests says itself which are the same
    twice = known_deals.just_sent(work, known, process.intake.pipeline) if not key else None
    if twice is not None:
        _note_again(work, twice, called, said)
        return twice, False
    owner = known_deals.owner_of(work, known)
    lead = deal_commands.begin(
        work, process, process.intake.pipeline, values, source=texts.one_line(source, limit=100) or "site",
        responsible_id=owner.id if owner is not None else None,
    )  # fmt: skip
    _keep_key(work, key, lead)
    return lead, True


def _note_again(work: UnitOfWork, lead: Deal, called: str, said: str) -> None:
    """The same form within minutes is one lead; what it says otherwise stands in the history."""
    had = {str(one) for one in lead.fields.values()}
    more = "\n".join(part for part in (called, said) if part and part not in had)
    if more:
        plans.note(work, lead, WordsForwarded(more))


def _keep_key(work: UnitOfWork, key: str, lead: Deal) -> None:
    if key:
        work.tx.execute(insert(IntakeKeyRow).values(key=key, deal_id=lead.id, at=work.now))


def _earlier(work: UnitOfWork, key: str) -> Deal | None:
    if not key:
        return None
    found = work.tx.execute(select(IntakeKeyRow.deal_id).where(IntakeKeyRow.key == key)).scalar_one_or_none()
    return deal_queries.find(work, found) if found else None
