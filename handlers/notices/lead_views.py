"""A new lead's message: whom to call, what he wants, what is open of him already; and who may take it."""

from __future__ import annotations

from keyboards.deals.filling_pages import source
from keyboards.notices.notice_view import LeadView
from keyboards.translator import Translator
from models import access
from models.entities import Deal
from models.notices.deal_notices import Reminder
from models.notices.notice import Notice
from models.process.process import Process
from services.clients import client_cards
from services.deals import deal_queries, known_deals
from services.people import employees
from services.unit_of_work import UnitOfWork


def of(work: UnitOfWork, said: Notice, deal: Deal | None, process: Process | None, t: Translator) -> LeadView | None:
    """For a robot's word about an open lead on its first stage; None for anything else."""
    if deal is None or process is None or work.actor is None or not isinstance(said, Reminder):
        return None
    if deal.kind != "lead" or deal.status != "open" or process.pipelines[deal.pipeline].first != deal.stage:
        return None
    if work.actor.role not in access.SALES or not access.can_view(work.actor, deal):
        return None
    seen = deal_queries.as_seen(work, deal)
    phone = client_cards.contact_of(work, seen, process.client).phone
    comment = process.intake.comment if process.intake is not None else None
    known = known_deals.of_phone(work, phone, but=deal.id) if phone else []
    free = deal.responsible_id is None
    return LeadView(
        phone=phone,
        wish=str(seen.fields.get(comment) or "") if comment else "",
        source=source(deal.source, t),
        known=tuple((one.number, _name(work, one)) for one in known[:3]),
        may_take=free,
        may_assign=free and access.can_assign(work.actor),
    )


def _name(work: UnitOfWork, one: Deal) -> str | None:
    return employees.get(work, one.responsible_id).name if one.responsible_id is not None else None
