"""Messages to the client by SMS: written in the transaction of their cause, sent by a job (K-21)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from models import access, rights
from models import sms as m
from models.engine import effects as e
from models.engine import guards
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.field_values import FieldValues
from models.fields import codec
from models.ids import SmsId
from models.jobs import DeliverSms
from models.notices.deal_notices import FormerValue
from models.notices.sms_notices import SmsWithoutPhone
from models.process import marked_values
from models.process.actions import SendSms
from models.process.conditions import fields_of
from models.sms import SmsMessage
from models.states import SmsState
from models.tables.people import EmployeeRow
from models.tables.sms import SmsRow
from models.values.invalid_value import N_
from models.visits import OFF
from services import company_settings
from services.clients import client_cards
from services.deals import deal_queries, plans
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.outbox import jobs
from services.sms import sms_delivery, sms_times
from services.unit_of_work import UnitOfWork

SMS = rights.thing("sms", N_("SMS клиенту"), ids=(SmsId,), tables=("sms",))
SEE = SMS.right(N_("видеть вместе со сделкой"), (access.SALES, ("any",)))
REPEAT = SMS.right(N_("отправлять снова"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own",)), robots=False)

LISTED = 10

ADD = insert(SmsRow).returning(SmsRow.id)
_ALL: Select[*tuple[Any, ...]] = select(SmsRow, EmployeeRow.name.label("author")).outerjoin(
    EmployeeRow, EmployeeRow.id == SmsRow.author_id
)
BY_ID = _ALL.where(SmsRow.id == bindparam("id"))
OF_DEAL = _ALL.where(SmsRow.deal_id == bindparam("deal")).order_by(SmsRow.id.desc()).limit(LISTED)
COUNT = select(func.count()).select_from(SmsRow).where(SmsRow.deal_id == bindparam("deal"))
SAME = select(SmsRow.id).where(
    SmsRow.deal_id == bindparam("deal"),
    SmsRow.rule == bindparam("rule"),
    SmsRow.text == bindparam("text"),
    SmsRow.state == m.WAITING,
)
GIVE_WAY = (
    update(SmsRow)
    .where(
        SmsRow.deal_id == bindparam("of"), SmsRow.rule == bindparam("by"), SmsRow.state == m.WAITING,
        SmsRow.at < bindparam("now"),
    )
    .values(state=m.DROPPED, state_at=bindparam("now"))
)  # fmt: skip
LAST = _ALL.where(SmsRow.state.in_((m.SENT, m.DELIVERED, m.FAILED, m.DOUBT))).order_by(SmsRow.id.desc()).limit(1)
SENT_AGAIN = (
    update(SmsRow)
    .where(SmsRow.id == bindparam("key"), SmsRow.state.in_(tuple(m.REPEATABLE)))
    .values(state=m.AGAIN, state_at=bindparam("now"))
)


@applies(e.SmsPlanned)
def _texted(changes: DealChanges, effect: e.SmsPlanned) -> None:
    was, place = plans.former(changes.process, effect.was), f"{changes.pipeline}.{changes.stage}"
    fields = changes.fields
    to_client(changes.work, changes.before, effect.text, effect.rule, was=was, fields=fields, place=place)


def to_client(
    work: UnitOfWork,
    deal: Deal,
    text: str,
    rule: str,
    *,
    was: FormerValue | None = None,
    fields: FieldValues | None = None,
    place: str | None = None,
) -> None:
    """Write to the client of a deal: the text of a process, with placeholders that are filled in when it goes.

    `was` is what {was} stands for, `place` where the deal stands. It goes within the company's hours, once: the same
    text of the same rule that still waits is not written twice, and an older one of the rule that says something else
    gives way. What a press causes waits until it can be put back no more, and what tells a change a little longer, so
    that a slip of the finger that is put right is not told (truth 30). Without a phone the responsible is told; and at
    once if the visit that it speaks of, by the `fields` as they become, begins before it may go, or its day is over by
    then. In a pipeline of practice the learner gets it.
    """
    phone = _phone(work, deal)
    if phone is None:
        sms_delivery.tell(work, deal, SmsWithoutPhone(), rule)
        sms_delivery.note(work, deal, "no_phone")
        return
    is_practice = work.process(deal.process).direction(deal.pipeline) == "practice"
    known = {"deal": deal.id, "rule": rule, "text": text}
    if not is_practice and work.tx.execute(SAME, known).first() is not None:
        return
    work.tx.execute(GIVE_WAY, {"of": deal.id, "by": rule, "now": work.now})
    state: SmsState = m.PRACTICE if is_practice else m.WAITING
    key = _add(work, deal.id, phone=phone, text=text, parts=0, rule=rule, state=state)
    becomes = fields or deal.fields
    at = work.now if is_practice else sms_times.goes_at(work, deal.process, becomes, tells_change=was is not None)
    sms_delivery.note(work, deal, state, key)
    past = sms_times.speaks_of_past(work, deal.process, becomes, text, work.now, at)
    if past is not None and not is_practice:
        one = find(work, key)
        assert one is not None
        sms_delivery.failed(work, one, m.VISIT_FIRST if past == "visit" else m.DAY_FIRST)
        return
    jobs.ask(work, DeliverSms(key, was, text, place), deal_id=deal.id, at=at)


def is_wanted(work: UnitOfWork, deal: Deal, one: SmsMessage, job: DeliverSms) -> bool:
    """Whether a message that waits still tells what is so: the deal was not lost since, the visit is agreed, what has
    changed is not as it was before, and what its robot wanted still holds."""
    if deal.status == "lost" and job.place not in (None, f"{deal.pipeline}.{deal.stage}"):
        return False
    process = work.process(deal.process)
    named = {kind.name for name, kind in process.faces.items() if f"{{{name}}}" in job.text}
    if any((every := deal.visits.get(name)) and every[-1].state == OFF for name in named):
        return False  # the visit that it tells of was called off
    if job.was is not None:
        field, name = process.fields.get(job.was.field), job.was.field
        if codec.encode_value(field, deal.fields.get(name)) == job.was.value:
            return False
    robot = process.rules.get(one.rule)
    if robot is None:
        return True
    own = {name for action in robot.do if not isinstance(action, SendSms) for name in marked_values.fields_of(action)}
    tests = [test for test in robot.if_ if own.isdisjoint(fields_of(test))]  # what the robot itself has set is no test
    return not tests or guards.all_hold(tests, deal_queries.state_of(work, deal), work.moment)


def _phone(work: UnitOfWork, deal: Deal) -> str | None:
    return client_cards.contact_of(work, deal, work.process(deal.process).client).phone


def _add(work: UnitOfWork, deal_id: int, **values: Any) -> int:
    return work.add(ADD, deal_id=deal_id, author_id=work.actor_id, at=work.now, **values)


def find(work: UnitOfWork, sms_id: int) -> SmsMessage | None:
    """The message, whoever asks."""
    row: Row[Any] | None = work.tx.execute(BY_ID, {"id": sms_id}).one_or_none()
    return SmsMessage.of(row) if row is not None else None


def of_deal(work: UnitOfWork, deal_id: int) -> list[SmsMessage]:
    """The deal's latest messages, the newest first, as the actor may see them: NotFound, NotAllowed."""
    SEE.check(work.actor)
    found = deal_queries.get(work, deal_id)
    return [SmsMessage.of(row) for row in work.tx.execute(OF_DEAL, {"deal": found.id})]


def count(work: UnitOfWork, deal_id: int) -> int:
    """How many messages the deal has, for its card."""
    return int(work.tx.execute(COUNT, {"deal": deal_id}).scalar_one())


def can_repeat(work: UnitOfWork, deal: Deal) -> bool:
    """Whether the actor may send a failed message once more: the responsible, and those above him."""
    return REPEAT.allows(work.actor, own=deal.responsible_id == work.actor_id)


def repeat(work: UnitOfWork, sms_id: int) -> Deal:
    """Send a message once more that has failed or is in doubt, to the client's number as it is now.

    NotFound, NotAllowed; AlreadyDone for one that is on its way, has arrived or was repeated.
    """
    old = find(work, sms_id)
    if old is None:
        raise NotFound("button")
    found = deal_queries.get_editable(work, old.deal_id)
    if not can_repeat(work, found):
        raise NotAllowed
    if work.tx.execute(SENT_AGAIN, {"key": old.id, "now": work.now}).rowcount != 1:
        raise AlreadyDone
    phone = _phone(work, found) or old.phone
    key = _add(work, found.id, phone=phone, text=old.text, parts=old.parts, rule=old.rule, state=m.WAITING)
    at = work.company.calendar.next_open(work.now)
    jobs.ask(work, DeliverSms(key), deal_id=found.id, at=at)
    sms_delivery.note(work, found, m.WAITING, key)
    return found


def provider(work: UnitOfWork) -> str | None:
    """The name of the gateway that the running bot has, None without one."""
    name: str | None = company_settings.get(work.tx, company_settings.SMS_PROVIDER)
    return name


def last(work: UnitOfWork) -> SmsMessage | None:
    """The latest message that has left or has failed: how the gateway is doing."""
    row: Row[Any] | None = work.tx.execute(LAST).one_or_none()
    return SmsMessage.of(row) if row is not None else None


def remember_provider(work: UnitOfWork, name: str | None) -> None:
    """Note which gateway the bot runs with, for the settings' screen; called at start."""
    if name is None:
        company_settings.remove(work.tx, company_settings.SMS_PROVIDER)
    else:
        company_settings.put(work.tx, company_settings.SMS_PROVIDER, name)
