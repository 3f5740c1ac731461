"""What the people of the simulated shop do all day: mostly what they should, now and then nothing."""

from __future__ import annotations

from datetime import date, time, timedelta

from models.entities import Deal, Employee, Task
from models.process.stages import Outcome
from services.deals import deal_commands, deal_queries
from services.deals.deal_lists import Scope, page
from services.escalations import handovers
from services.tasks import checklists, task_commands, task_queries
from services.unit_of_work import UnitOfWork
from services.visits import absences
from tests.month.answers import answer
from tests.month.shop import COMPANY, Shop

FORGETS = 0.15  # how often somebody passes over what is due
ILL = 0.01  # how often somebody is ill, a day
MOVES = 8  # steps of a manager a day
NEW = (("furniture", "order"), ("furniture", "repair"), ("kitchens", "general"), ("measurement", "sales"))
HOURS = (time(9, 30), *(time(hour) for hour in range(10, 18)))


def new_deal(shop: Shop, manager: Employee) -> None:
    """A client has come: a deal begins with what its pipeline asks."""
    name, pipeline = shop.random.choice(NEW)
    process = COMPANY.processes[name]
    line = process.pipelines[pipeline]
    work = shop.work(manager)
    asked = line.new.ask if line.new else ()
    values = {one: answer(work, one, process.fields[one], shop.random) for one in asked}
    values[process.client.name] = f"Клиент {shop.random.randint(1, 99_999)}"
    values[process.client.phone] = f"+7916{shop.random.randint(1_000_000, 9_999_999)}"
    shop.act(lambda: deal_commands.begin(work, process, pipeline, values, responsible_id=manager.id))


def day(shop: Shop) -> None:
    """One working day of everybody, hour by hour; nobody who is ill does anything."""
    today = shop.work().moment.today
    away = {one.id for one in shop.staff if _is_ill(shop, one)}
    for hour in HOURS:
        shop.until(COMPANY.calendar.at(today, hour))
        for person in shop.staff:
            if person.id in away:
                continue
            if person.role == "manager":
                _managers_hour(shop, person)
            elif person.role not in ("owner",):
                _tasks(shop, person, 3)
    shop.until(COMPANY.calendar.at(today, time(21)))


def _is_ill(shop: Shop, person: Employee) -> bool:
    if person.role in ("owner", "supervisor") or shop.random.random() >= ILL:
        return False
    today = shop.work().moment.today
    boss = shop.of_role("supervisor")[0]
    shop.act(lambda: _fall_ill(shop.work(boss), person, today))
    return True


def _fall_ill(work: UnitOfWork, person: Employee, today: date) -> None:
    made, _ = absences.add(work, person.id, "sick", today, today)
    handovers.away(work, made)


def _managers_hour(shop: Shop, manager: Employee) -> None:
    _tasks(shop, manager, 2)
    if shop.random.random() < MOVES / len(HOURS) / 2:
        _step(shop, manager)
    if shop.random.random() < 0.12:
        new_deal(shop, manager)


def _tasks(shop: Shop, person: Employee, most: int) -> None:
    """Some of his tasks that are due by now; now and then one is forgotten for this hour."""
    soon = shop.now + timedelta(hours=1)
    due = task_queries.mine(shop.work(person), until=soon, most=30)
    for found in shop.random.sample(due, min(most, len(due))):
        if shop.random.random() >= FORGETS:
            _do(shop, person, found)


def _do(shop: Shop, person: Employee, found: Task) -> None:
    """Tick its lines with what they ask, then close it with an outcome that is possible now."""
    deal = deal_queries.find(shop.work(), found.deal_id)
    if deal is None:
        return
    task = task_queries.find(shop.work(), found.id)
    for line in task.items if task else ():
        if line.done_at is None:
            shop.act(lambda line=line: _tick(shop, person, deal, found, line.id, line.asked))  # type: ignore[misc]
    shop.papers_sent(deal.id)
    described = task_queries.description_of(COMPANY.processes[deal.process], found)
    outcomes = list(described.outcomes.items()) if described else []
    usual = shop.random.random() < 0.7
    outcomes.sort(key=lambda one: (usual and one[1].style != "success", shop.random.random()))
    for name, chosen in outcomes:
        if shop.act(lambda name=name, chosen=chosen: _close(shop, person, deal, found, name, chosen)):  # type: ignore[misc]
            return


def _tick(shop: Shop, person: Employee, deal: Deal, found: Task, line: int, asked: tuple[str, ...]) -> None:
    work = shop.work(person, deal)
    process = COMPANY.processes[deal.process]
    values = {name: answer(work, name, process.fields[name], shop.random) for name in asked}
    checklists.complete(work, found.id, line, {name: value for name, value in values.items() if value is not None})


def _close(shop: Shop, person: Employee, deal: Deal, found: Task, name: str, chosen: Outcome) -> None:
    work = shop.work(person, deal)
    process = COMPANY.processes[deal.process]
    values = {one: answer(work, one, process.fields[one], shop.random) for one in chosen.ask if one in process.fields}
    if values:
        checklists.answer(work, found.id, name, values)
    task_commands.close(work, found.id, name)


def _step(shop: Shop, manager: Employee) -> None:
    """One of his deals a step on, with what is missing filled in; or a remark, where there is no way on."""
    scope = Scope("deal" if shop.random.random() < 0.8 else "lead", "mine")
    found = page(shop.work(manager), scope).deals
    if not found:
        return
    deal = shop.random.choice(found)
    if not shop.act(lambda: _move_on(shop, manager, deal)):
        shop.act(lambda: deal_commands.comment(shop.work(manager), deal.id, "Созвонились, клиент думает"))


def _move_on(shop: Shop, manager: Employee, deal: Deal) -> None:
    work = shop.work(manager, deal)
    ways = [one for one in deal_queries.options(work, deal) if one.direction == "on"]
    way = next((one for one in ways if all(reason.code == "missing" for reason in one.reasons)), None)
    if way is None:
        deal_commands.comment(work, deal.id, "Пока ждём")
        return
    fields = COMPANY.processes[deal.process].fields
    names = [name for reason in way.reasons for name in _named(reason.data)]
    values = {name: answer(work, name, fields[name], shop.random) for name in names if name in fields}
    if values:
        deal_commands.fill(work, deal.id, {name: value for name, value in values.items() if value is not None})
    deal_commands.move(shop.work(manager, deal), deal.id, None, way.stage)


def _named(data: object) -> list[str]:
    name = data.get("field") if isinstance(data, dict) else None
    return [name] if isinstance(name, str) else []


def month(shop: Shop, days: int, warm_up: int, deals: int) -> None:
    """Two weeks that nobody counts, so that the deals stand here and there; then the days that are counted."""
    for manager in shop.of_role("manager"):
        for _ in range(deals):
            new_deal(shop, manager)
    for number in range(warm_up + days):
        if number == warm_up:
            shop.counting, shop.begun = True, shop.now
        if COMPANY.calendar.is_working(shop.work().moment.today):
            day(shop)
        morning = COMPANY.calendar.at(shop.work().moment.today + timedelta(days=1), time(8, 59))
        shop.until(morning)
