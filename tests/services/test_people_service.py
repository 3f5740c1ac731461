"""Joining, leaving, reachability (C-8, promise 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Employee
from models.errors import InvitationInvalid, NotAllowed, NotFound
from models.tables.people import InvitationRow
from services import invitations
from services.people import employees, team
from services.unit_of_work import UnitOfWork
from tests.worlds.office import NOON, Office, open_office, race


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def test_an_invitation_keeps_only_a_hash_of_its_token(office: Office) -> None:
    token = await office.run(lambda work: invitations.invite(work, "manager"), "owner")

    def kept(work: UnitOfWork) -> list[str]:
        return [str(tuple(row)) for row in work.tx.execute(select(InvitationRow))]

    assert not any(token in row for row in await office.run(kept))
    assert len(token) >= 32


async def test_of_two_at_once_on_one_invitation_exactly_one_gets_in_C8(office: Office) -> None:
    token = await office.run(lambda work: invitations.invite(work, "manager"), "owner")

    def joining(key: int) -> Callable[[UnitOfWork], Employee]:
        return lambda work: invitations.join(work, token, key, f"№ {key}", "ru")

    got = await race(office, [(joining(8000 + place), None) for place in range(3)])
    assert sum(isinstance(one, Employee) for one in got) == 1
    assert {one.why for one in got if isinstance(one, InvitationInvalid)} == {"used"}
    staff = await office.run(employees.staff)
    assert sum(one.telegram_id is not None and one.telegram_id >= 8000 for one in staff) == 1


async def test_an_invitation_lives_for_exactly_48_hours(office: Office) -> None:
    first = await office.run(lambda work: invitations.invite(work, "manager"), "owner")
    second = await office.run(lambda work: invitations.invite(work, "manager"), "owner")
    office.now = NOON + timedelta(hours=48) - timedelta(seconds=1)
    assert (await office.run(lambda work: invitations.join(work, first, 8000, "А", "ru"))).active
    office.now = NOON + timedelta(hours=48)
    with pytest.raises(InvitationInvalid):
        await office.run(lambda work: invitations.join(work, second, 8001, "Б", "ru"))


@pytest.mark.parametrize("who", ["manager", "installer"])
async def test_only_those_above_invite_and_dismiss(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        await office.run(lambda work: invitations.invite(work, "manager"), who)
    with pytest.raises(NotAllowed):
        await office.run(lambda work: employees.dismiss(work, office.staff["installer"].id), who)


async def test_a_role_that_does_not_exist_cannot_be_given(office: Office) -> None:
    with pytest.raises(ValueError, match="no such role"):
        await office.run(lambda work: invitations.invite(work, "king"), "owner")
    with pytest.raises(NotFound):
        await office.run(lambda work: team.change_role(work, office.staff["manager"].id, "king"), "owner")


async def test_who_is_dismissed_is_gone_from_the_staff_at_once(office: Office) -> None:
    def leave(work: UnitOfWork) -> list[str]:
        assert employees.of_role(work, "manager")
        employees.dismiss(work, office.staff["manager"].id)
        return [one.name for one in employees.staff(work)]

    assert "Анна" not in await office.run(leave, "owner")


async def test_a_person_who_blocked_the_bot_is_marked_since_the_first_time(office: Office) -> None:
    await office.run(lambda work: employees.mark_reachable(work, 1002, reachable=False))
    office.later(hours=1)
    await office.run(lambda work: employees.mark_reachable(work, 1002, reachable=False))
    key = office.staff["manager"].id
    assert (await office.run(lambda work: employees.get(work, key))).unreachable_at == NOON
    await office.run(lambda work: employees.mark_reachable(work, 1002, reachable=True))
    assert (await office.run(lambda work: employees.get(work, key))).unreachable_at is None


async def test_what_hangs_on_a_person_is_counted(office: Office) -> None:
    await office.deal()
    await office.assembly()
    manager, installer = office.staff["manager"].id, office.staff["installer"].id
    assert await office.run(lambda work: team.load(work, manager)) == team.PersonLoad(2, 1)
    assert await office.run(lambda work: team.load(work, installer)) == team.PersonLoad(0, 1)
