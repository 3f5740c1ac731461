"""One visit, several fields: what follows when one of them is written, and when the deal goes elsewhere (E, A)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.engine import effects as e
from models.engine import moves, visit_changes
from models.engine.deal_state import DealState, Moment
from models.process import parse
from models.process.actions import SetVisit
from models.process.process import Process
from models.values.work_calendar import WorkCalendar
from models.visits import Visit
from tests.models.process.test_visit_checks import SHOP

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 23, 10, tzinfo=ZONE).astimezone(UTC)
DAY = date(2026, 11, 25)
PETER, OLEG = 7, 8


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


def process() -> Process:
    found, problems, _ = parse.read(SHOP, "shop.yaml")
    assert found is not None, problems
    return found


def moment(now: datetime = NOW) -> Moment:
    return Moment(now, WorkCalendar(ZONE))


def written(deal: DealState | None = None, now: datetime = NOW, **values: Any) -> DealState:
    """The deal after a person has written these fields."""
    before = deal or DealState("sales", "measure", NOW)
    return kept(visit_changes.write(process(), before, values, moment(now)).deal)


def kept(deal: DealState) -> DealState:
    """The deal as it is read again: every visit has its row."""
    rows = {name: tuple(replace(one, id=n) for n, one in enumerate(every, 1)) for name, every in deal.visits.items()}
    return replace(deal, visits=rows)


def current(deal: DealState, name: str = "measuring") -> Visit:
    found = deal.visit(name)
    assert found is not None
    return found


def shown(deal: DealState) -> dict[str, Any]:
    return {name: deal.fields.get(name) for name in ("measure_on", "visit_at", "visit_by")}


PLANNED = {"visit_at": at(25, 12), "visit_by": PETER}


def test_a_day_alone_is_a_wish_an_hour_and_a_person_are_a_plan() -> None:
    wished = written(measure_on=DAY)
    assert current(wished).state == "wished"
    hour = written(wished, visit_at=at(25, 12))
    assert current(hour).state == "wished", "nobody comes yet"
    planned = written(hour, visit_by=PETER)
    assert current(planned).state == "planned"
    assert shown(planned) == {"measure_on": DAY, **PLANNED}
    assert current(planned).ends_at == at(25, 13), "as long as it takes"


def test_where_nobody_is_named_an_hour_is_a_plan() -> None:
    assert current(written(delivery_at=at(25, 9)), "delivery").state == "planned"


def test_an_hour_on_another_day_takes_the_day_along() -> None:
    assert shown(written(written(measure_on=DAY), visit_at=at(27, 9)))["measure_on"] == date(2026, 11, 27)


def test_another_day_drops_the_hour_and_the_confirmation_but_not_the_person() -> None:
    deal = written(measure_on=DAY, **PLANNED)
    confirmed = kept(
        visit_changes.set_state(process(), deal, SetVisit(visit="measuring", to="confirmed"), moment()).deal
    )
    assert current(confirmed).state == "confirmed"
    moved = written(confirmed, measure_on=date(2026, 11, 30))
    assert current(moved).state == "wished"
    assert shown(moved) == {"measure_on": date(2026, 11, 30), "visit_at": None, "visit_by": PETER}


def test_the_same_day_again_changes_nothing() -> None:
    deal = written(measure_on=DAY, **PLANNED)
    assert visit_changes.write(process(), deal, {"measure_on": DAY}, moment()).sets == ()


def test_another_person_has_confirmed_nothing() -> None:
    deal = written(measure_on=DAY, **PLANNED)
    confirmed = kept(
        visit_changes.set_state(process(), deal, SetVisit(visit="measuring", to="confirmed"), moment()).deal
    )
    assert current(written(confirmed, visit_by=OLEG)).state == "planned"


def test_a_visit_that_is_over_stays_and_a_new_day_is_another_visit() -> None:
    """Twice? The first one is in the history, with what it was."""
    deal = written(measure_on=DAY, **PLANNED)
    later = written(deal, now=at(26, 10), measure_on=date(2026, 11, 30))
    first, second = later.visits["measuring"]
    assert (first.current, first.starts_at) == (False, at(25, 12))
    assert (second.current, second.state, second.day, second.people) == (True, "wished", date(2026, 11, 30), (PETER,))


def test_what_is_off_comes_back_by_another_day_and_not_by_the_same_one() -> None:
    """M-8: a stamp after its hour brings nothing back; a new date does."""
    deal = written(measure_on=DAY, **PLANNED)
    off = kept(
        visit_changes.set_state(process(), deal, SetVisit(visit="measuring", to="off", why="нет печати"), moment()).deal
    )
    assert (current(off).state, shown(off)) == ("off", {"measure_on": DAY, "visit_at": None, "visit_by": PETER})
    assert current(written(off, visit_by=OLEG)).state == "off"
    again = written(off, measure_on=date(2026, 11, 30))
    assert [one.state for one in again.visits["measuring"]] == ["off", "wished"]


def test_what_is_off_comes_back_by_its_own_hour_agreed_again() -> None:
    deal = written(visit_at=at(25, 12), visit_by=PETER)
    off = kept(visit_changes.set_state(process(), deal, SetVisit(visit="measuring", to="off"), moment()).deal)
    again = written(off, visit_at=at(25, 12))
    assert [(one.state, one.starts_at) for one in again.visits["measuring"]] == [
        ("off", at(25, 12)),
        ("planned", at(25, 12)),
    ]


def test_how_it_went_is_said_of_the_visit_whose_day_has_come() -> None:
    """The new date is entered first and the old visit is told of afterwards: they are not taken for each other."""
    deal = written(written(measure_on=DAY, **PLANNED), now=at(26, 10), measure_on=date(2026, 11, 30))
    told = visit_changes.set_state(process(), deal, SetVisit(visit="measuring", to="missed"), moment(at(26, 10))).deal
    assert [one.state for one in told.visits["measuring"]] == ["off", "wished"]


def test_a_plan_is_under_way_from_its_hour_on() -> None:
    found = current(written(measure_on=DAY, **PLANNED))
    assert [found.state_at(at(25, hour)) for hour in (11, 12, 13)] == ["planned", "under_way", "under_way"]


# --- the deal goes elsewhere ------------------------------------------------------------------------------------


def moved(to: str, deal: DealState, now: datetime = NOW) -> tuple[e.VisitSet, ...]:
    plan = moves.plan_move(process(), deal, to, moment(now))
    assert isinstance(plan, e.Plan), plan
    return tuple(one for one in plan.effects if isinstance(one, e.VisitSet))


def test_back_before_its_stage_the_plan_is_off_and_the_wish_stays() -> None:
    deal = written(measure_on=DAY, **PLANNED)
    off, wish = moved("calc", deal)
    assert (off.visit.state, off.visit.current, off.visit.off_why) == ("off", False, visit_changes.WHY["back"])
    assert (wish.was, wish.visit.state, wish.visit.day) == (None, "wished", DAY)
    assert visit_changes.called_off_by_going_back(process(), deal, "calc", moment()) == (current(deal),)


def test_a_lost_deal_calls_everything_off_that_is_ahead_and_nothing_that_has_begun() -> None:
    deal = written(measure_on=DAY, **PLANNED)
    (off,) = moved("lost", deal)
    assert (off.visit.state, off.visit.off_why) == ("off", visit_changes.WHY["lost"])
    assert moved("lost", deal, at(25, 12)) == (), "he is there"


def test_reopened_nothing_is_brought_back() -> None:
    """Truth 1, «Back?»: the day must be chosen anew."""
    deal = written(measure_on=DAY, **PLANNED)
    lost = visit_changes.leave(process(), deal, deal.at("lost", NOW), moment()).deal
    again = visit_changes.leave(process(), kept(lost), lost.at("measure", NOW), moment()).deal
    assert again.visit("measuring") is None and shown(again) == dict.fromkeys(shown(again))


def test_forward_a_visit_that_is_ahead_stays() -> None:
    """A delivery of tomorrow is still to come when the deal goes on today."""
    assert moved("won", written(delivery_at=at(25, 9), measure_on=DAY)) == ()


@pytest.mark.parametrize("days", [0, 1, 3])
def test_whatever_is_written_day_and_hour_never_differ(days: int) -> None:
    deal = written(measure_on=DAY)
    for hour in (9, 23):
        deal = written(deal, visit_at=at(25, hour) + timedelta(days=days), visit_by=PETER)
        day, hour_at = deal.fields["measure_on"], deal.fields["visit_at"]
        assert hour_at.astimezone(ZONE).date() == day
