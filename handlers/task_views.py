"""What the actor sees of a task: gathered for the screens, without what is not his to see (C-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keyboards.notices import Notice
from keyboards.screen import Line, line
from keyboards.task_card import ItemView, OutcomeView, TaskView
from keyboards.texts import Texts
from models import access
from models.errors import NotFound
from models.nouns import Client, Deal, Employee, Task
from models.process import fields as f
from models.process.process import Process
from models.process.robots import Tapped
from models.process.stages import Outcome
from models.values.address import Address
from services import clients, deals, people, tasks
from services.work import Work


def view(work: Work, t: Texts, task: Task) -> TaskView:
    """What the actor sees of a task. Prices are not shown to those who drive out (C-8)."""
    deal = deals.find(work, task.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or work.actor is None:
        raise NotFound("deal")
    me, described = work.actor, tasks.description_of(process, task)
    client = clients.get(work, deal.client_id) if deal.client_id else None
    phone = deal.fields.get(process.client.phone)
    outcomes = described.outcomes if described else {"done": Outcome(title="Готово", style="success")}
    wanted = described.shows if described else ()
    return TaskView(
        id=task.id,
        title=task.title,
        due_at=task.due_at,
        now=work.now,
        deal_id=deal.id,
        deal_number=deal.number,
        deal_title=deal.title,
        client=_client_name(client, deal, process),
        phones=client.phones if client and client.phones else (phone,) if phone else (),
        address=address_for(me, deal, process, wanted),
        description=task.description,
        video=task.video,
        shows=shown(work, t, deal, process, wanted),
        items=tuple(
            ItemView(one.id, one.title, one.done_at is not None, bool(one.fill), one.optional) for one in task.items
        ),
        outcomes=tuple(OutcomeView(name, one.title, one.style) for name, one in outcomes.items()),
        taps=_taps(me, deal, process) if task.list else (),  # what one wants while calling, not on other tasks
        list=task.list,
        assignee=people.get(work, task.assignee_id).name if task.assignee_id not in (None, me.id) else None,
        role=task.role,
        is_open=task.state == "open",
        outcome=outcomes[task.outcome].title if task.outcome in outcomes else task.outcome,
        mine=task.assignee_id == me.id,
        may_act=tasks.may_act(work, task),
        may_take=task.assignee_id is None and (task.role == me.role or me.role in access.MANAGEMENT),
        may_open=access.can_view(me, deal, assigned=task.assignee_id == me.id),
    )


def _client_name(client: Client | None, deal: Deal, process: Process) -> str:
    return client.name if client else str(deal.fields.get(process.client.name) or "")


def shown(work: Work, t: Texts, deal: Deal, process: Process, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    sees_money = work.actor is not None and access.can_see_money(work.actor)
    staff = {one.id: one.name for one in people.staff(work)}
    out = []
    for name in names:
        field, value = process.fields.get(name), deal.fields.get(name)
        if field is not None and value is not None and (sees_money or not isinstance(field, f.MoneyField)):
            out.append((field.title, t.value(field, value, staff)))
    return tuple(out)


def address_for(me: Employee, deal: Deal, process: Process, names: Sequence[str]) -> Address | None:
    """Of the fields that the task shows; for those who drive out any address of the deal."""
    tried = [*names, *process.fields] if me.role in access.FIELD_STAFF else names
    found = (deal.fields.get(name) for name in tried if isinstance(process.fields.get(name), f.AddressField))
    return next((one for one in found if isinstance(one, Address)), None)


def _taps(me: Employee, deal: Deal, process: Process) -> tuple[tuple[int, str], ...]:
    if not access.can_edit(me, deal):
        return ()
    rules = enumerate(process.rules_of(deal.pipeline, deal.stage))
    return tuple((place, robot.on.tap) for place, (_, robot) in rules if isinstance(robot.on, Tapped))


def short_address(address: Address) -> str:
    """«ул. Ленина, д. 5, кв. 12»: what one needs to know where the day goes."""
    if not address.street and not address.house:
        return address.one_line()[:60]
    return replace(address, city=None, entrance=None, floor=None, intercom=None, private=False, note="").one_line()


def marks(work: Work, t: Texts, sent: Notice) -> list[Line]:
    out: list[Line] = []
    if sent.payload.get("instead_of"):
        out.append(
            line(t("Адресат — {name}, но сообщение не дошло, поэтому пишу вам", name=sent.payload["instead_of"]))
        )
    if sent.payload.get("late"):
        when = t.moment(sent.meant_at, now=work.now)
        out.append(line(t("Опоздало. Должно было прийти: {when}", when=when)))
    return out
