"""Which clients managers see, and how many of others' in a day: the owner decides, for all, and for one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.errors import NotFound
from models.oversight.looks import LiftedLimit, ListRules
from services import company_settings
from services.oversight import journal
from services.people import employees
from services.unit_of_work import UnitOfWork


def get(work: UnitOfWork) -> ListRules:
    """What holds now."""
    kept = company_settings.get(work.tx, company_settings.CLIENT_LISTS)
    return ListRules(kept["own_only"], kept["most"]) if kept else ListRules()


def show_only_own(work: UnitOfWork, *, own_only: bool) -> ListRules:
    """Managers see only the clients of their own deals and free ones from now on, or all of them. NotAllowed."""
    return _keep(work, replace(get(work), own_only=own_only))


def limit(work: UnitOfWork, most: int | None) -> ListRules:
    """So many of others' clients a day, None: as many as they like. NotAllowed; NotFound for a number below one."""
    if most is not None and most < 1:
        raise NotFound("button")
    return _keep(work, replace(get(work), most=most))


def _keep(work: UnitOfWork, rules: ListRules) -> ListRules:
    employees.check_owner(work)
    if rules != get(work):
        kept = {"own_only": rules.own_only, "most": rules.most}
        company_settings.put(work.tx, company_settings.CLIENT_LISTS, kept)
        journal.note(work, "lists_changed", about=("own" if rules.own_only else "all", None), count=rules.most)
    return rules


def lift(work: UnitOfWork, person_id: int, day: date | None) -> LiftedLimit:
    """One person may look at as many as he likes: on that day (NotFound if it is over), or until it is taken back.

    It ends with his place. NotAllowed; NotFound for one who does not work here.
    """
    employees.check_owner(work)
    person = employees.find_working(work, person_id)
    if person is None:
        raise NotFound("employee")
    if day is not None and day != work.moment.today:
        raise NotFound("day")
    company_settings.put(work.tx, _name(person_id), day.isoformat() if day else "")
    journal.note(work, "limit_lifted", about=("employee", person.id))
    return LiftedLimit(person, day)


def put_back(work: UnitOfWork, person_id: int) -> None:
    """The limit holds for that person again. NotAllowed."""
    employees.check_owner(work)
    company_settings.remove(work.tx, _name(person_id))
    journal.note(work, "lists_changed", about=("employee", person_id))


def is_lifted(work: UnitOfWork, person_id: int) -> bool:
    """Whether the limit does not hold for that person today."""
    kept = company_settings.get(work.tx, _name(person_id))
    return kept is not None and kept in ("", work.moment.today.isoformat())


def lifted(work: UnitOfWork) -> list[LiftedLimit]:
    """For whom it does not hold today."""
    found = []
    for name, kept in company_settings.beginning_with(work.tx, company_settings.LOOKS_LIFTED):
        person = employees.find_working(work, int(name.removeprefix(company_settings.LOOKS_LIFTED)))
        if person is not None and kept in ("", work.moment.today.isoformat()):
            found.append(LiftedLimit(person, date.fromisoformat(kept) if kept else None))
    return found


def _name(person_id: int) -> str:
    return f"{company_settings.LOOKS_LIFTED}{person_id}"
