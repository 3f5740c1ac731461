"""Whose a client's card is: of whoever leads his deals. A card is changed, or joined with another one, by them only.

What hangs beside a deal is guarded like the deal itself (safety 14): by the client's number on a card of his own, and
«Объединить», anybody in sales could have taken a colleague's client, with his deals and messages.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BindParameter, bindparam, or_, select

from models import access
from models.entities import Client
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.notices.oversight_notices import CompanyAsked
from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from services.clients import client_cards
from services.outbox import notices, schedule
from services.people import presence
from services.unit_of_work import UnitOfWork

COMPANY_ASKED = "company_asked"
CARDS: BindParameter[list[int]] = bindparam("cards", expanding=True)
# of a firm those of its contacts too: they read its name
LED_BY_OTHERS = (
    select(EmployeeRow.name)
    .join(DealRow, DealRow.responsible_id == EmployeeRow.id)
    .join(ClientRow, ClientRow.id == DealRow.client_id)
    .where(
        or_(ClientRow.id.in_(CARDS), ClientRow.company_id.in_(CARDS)),
        DealRow.status == "open", DealRow.deleted_at.is_(None), EmployeeRow.active,
        EmployeeRow.id != bindparam("me"),
    )
    .order_by(EmployeeRow.name)
    .distinct()
)  # fmt: skip


def led_by(work: UnitOfWork, clients: Collection[Client]) -> list[str]:
    """The colleagues, by name, who lead open deals of these clients, so that the actor may not change their cards."""
    me = work.actor
    if me is None or access.CHANGE_CLIENT.allows(me):
        return []
    given = {"cards": [one.id for one in clients], "me": me.id}
    return list(work.tx.execute(LED_BY_OTHERS, given).scalars())


def check(work: UnitOfWork, *clients: Client) -> None:
    """NotAllowed, with the colleague's name, unless the actor may change these clients' cards."""
    names = led_by(work, clients) if clients else []
    if not access.CHANGE_CLIENT.allows(work.actor, unshared=not names):
        raise NotAllowed(", ".join(names) or None)


def may_write_company(work: UnitOfWork, client: Client, company: Client) -> bool:
    """Whether the actor may write the firm into this client's card; where a colleague leads the client's deals, those
    above are asked to."""
    if not led_by(work, [client]):
        return True
    me = work.actor
    assert me is not None
    said = CompanyAsked(client.id, company.id, client.name, company.name, me.name)
    cause = f"{client.id}-{company.id}"
    for reader in presence.nearest(work, presence.roles_above(me.role)):
        if reader.id != me.id:
            schedule.put_once(work, notices.to(work, reader, said, rule=COMPANY_ASKED, cause=cause))
    return False


def write_company(work: UnitOfWork, client: Client, company: Client) -> None:
    """Write the firm into the card of a client who has none. NotAllowed; NotFound for what is no firm; AlreadyDone."""
    check(work, client)
    if client.kind != "person" or company.kind != "company":
        raise NotFound("client")
    if client.company_id is not None:
        raise AlreadyDone
    client_cards.write_company(work, client.id, company.id)
