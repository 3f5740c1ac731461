"""A new deal out of a lead, or out of another deal (F-L6, F-L7, K-24)."""

from __future__ import annotations

from functools import partial
from typing import Any

from models.engine import effects as e
from models.history.deal_lines import ClientMade, LeadConverted
from models.process.process import Process
from services.clients import client_cards
from services.deals import client_access, deal_commands, deal_titles, hooks
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies


@applies(e.ClientsCreated)
def _create_clients(changes: DealChanges, effect: e.ClientsCreated) -> None:
    wanted = effect.what & {"contact", "company"}
    if changes.practice or not wanted or (changes.client_id is not None and "company" not in wanted):
        return
    may_write = partial(client_access.may_write_company, changes.work)
    made = client_cards.for_lead(changes.work, changes.process.client, changes.fields, wanted, may_write)
    if made is not None and made != changes.client_id:
        changes.client_id = made if changes.client_id is None or "contact" in wanted else changes.client_id
        changes.note(ClientMade(client_cards.get(changes.work, made).name))


@applies(e.Converted)
def _convert(changes: DealChanges, effect: e.Converted) -> None:
    work, lead = changes.work, changes.before
    process = work.process(effect.process) if effect.process else changes.process
    client_id = changes.client_id
    if client_id is None:  # only the deal was wanted: its client is still known by the phone, if anyhow
        client_id = client_cards.known_by(work, changes.process.client, changes.fields)
    taken = _taken_along(changes, process, effect)
    begun = deal_commands.begin(
        work,
        process,
        effect.pipeline,
        taken,
        source=lead.source,
        stage=effect.stage or None,
        client_id=client_id,
        responsible_id=changes.responsible_id,
        origin=lead,
        title=deal_titles.title_for_successor(work, lead),
        makes_client=False,  # which client's cards there are to be was chosen on the lead
    )
    if process is changes.process:  # its payments and visits go along with their lines, and are counted there
        gone = {*process.payment_fields, *(name for name in process.faces if name in taken)}
        changes.fields = {name: one for name, one in changes.fields.items() if name not in gone}
        changes.visits_changed = True
    changes.note(LeadConverted(deal=begun.id, number=begun.number))
    hooks.converted(work, lead, begun, effect.process is not None)


def _taken_along(changes: DealChanges, process: Process, effect: e.Converted) -> dict[str, Any]:
    """What goes along to a new deal: everything within a process (F-L7) but what is of other stages; to another process
    what it calls and means alike.

    Money received, booked windows and files belong to this deal alone.
    """
    own, fill = changes.process.fields, effect.fill
    if process is changes.process:
        stage = effect.stage or process.pipelines[effect.pipeline].first
        ended = {name for name, life in process.staying_fields if not life.holds_on(stage)}
        return {name: value for name, value in changes.fields.items() if name not in ended}
    kept = {
        name: value
        for name, value in changes.fields.items()
        if name in own and type(process.fields.get(name)) is type(own[name]) and not own[name].needs_deal
    }
    return kept | {
        theirs: changes.fields[ours] for theirs, ours in fill.items() if changes.fields.get(ours) is not None
    }
