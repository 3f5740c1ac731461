"""What deals of an earlier version, or of an earlier file, hold of visits is moved into the table (E)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from models.fields import codec
from models.tables.deals import DealRow
from models.tables.settings import SettingRow
from models.tables.visits import HalfHourRow, VisitRow
from services import company_settings
from services.deals import deal_commands, deal_queries
from services.unit_of_work import UnitOfWork
from services.visits import visit_adoption
from tests.worlds.crew import Hire, InWork, at, open_crew

DAY = date(2026, 11, 25)


def old_deal(work: UnitOfWork, process: str, pipeline: str, stage: str, **kept: Any) -> int:
    """A deal as the version before has left it: everything in its own fields."""
    known = work.process(process)
    values = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Кухня"}
    key = deal_commands.begin(work, known, pipeline, values, stage=stage).id
    row = work.tx.execute(select(DealRow.fields).where(DealRow.id == key)).scalar_one()
    fields = {name: codec.encode_value(known.fields.get(name), one) for name, one in kept.items()}
    work.tx.execute(update(DealRow).where(DealRow.id == key).values(fields={**row, **fields}))
    work.tx.execute(SettingRow.__table__.delete().where(SettingRow.name == company_settings.VISITS_ADOPTED))
    return key


def fields_of(work: UnitOfWork, key: int) -> dict[str, Any]:
    return dict(work.tx.execute(select(DealRow.fields).where(DealRow.id == key)).scalar_one())


async def test_loose_fields_become_a_visit_with_its_lock_and_are_kept_nowhere_else(in_work: InWork, hire: Hire) -> None:
    crew = await open_crew(in_work, hire)

    def adopt(work: UnitOfWork) -> tuple[Any, dict[str, Any], int]:
        key = old_deal(work, "furniture", "order", "assembly", assembly_at=at(25, "10:00"), assembler=crew.igor.id)
        assert visit_adoption.adopt(work) == 1
        deal = deal_queries.get(work, key)
        cells = len(work.tx.execute(select(HalfHourRow)).all())
        return deal, fields_of(work, key), cells

    deal, kept, cells = await crew.run(adopt)
    assert deal.fields["assembly_at"] == at(25, "10:00") and deal.fields["assembler"] == crew.igor.id
    assert deal.visit("assembly").state == "planned" and cells == 6
    assert "assembly_at" not in json.dumps(kept) and "assembler" not in kept


async def test_two_who_were_promised_one_hour_are_not_both_promised_any_more(in_work: InWork, hire: Hire) -> None:
    """The older deal keeps the hour; the other keeps who was to come, and its hour is agreed anew."""
    crew = await open_crew(in_work, hire)

    def adopt(work: UnitOfWork) -> list[Any]:
        keys = [
            old_deal(work, "furniture", "order", "assembly", assembly_at=at(25, "10:00"), assembler=crew.igor.id)
            for _ in range(2)
        ]
        visit_adoption.adopt(work)
        return [deal_queries.get(work, key) for key in keys]

    first, second = await crew.run(adopt)
    assert (first.visit("assembly").state, second.visit("assembly").state) == ("planned", "wished")
    assert "assembly_at" not in second.fields and second.fields["assembler"] == crew.igor.id


async def test_flags_of_an_earlier_file_become_the_visits_state(in_work: InWork, hire: Hire) -> None:
    """`was: {measured: held, visit_off: off}`: what the flags meant is not lost."""
    crew = await open_crew(in_work, hire)

    def adopt(work: UnitOfWork) -> list[Any]:
        keys = [
            old_deal(work, "measurement", "sales", "measure", measure_on=DAY, visit_off=True),
            old_deal(work, "measurement", "sales", "after_measure", measure_on=DAY - timedelta(days=9), measured=True),
            old_deal(work, "measurement", "sales", "measure", measure_on=DAY, visit_off=False),
        ]
        visit_adoption.adopt(work)
        assert not any({"visit_off", "measured", "measure_on"} & fields_of(work, key).keys() for key in keys)
        return [deal_queries.get(work, key) for key in keys]

    found = await crew.run(adopt)
    assert [one.visit("measuring").state for one in found] == ["off", "held", "wished"]
    assert [one.fields["measure_on"] for one in found] == [DAY, DAY - timedelta(days=9), DAY]


async def test_it_is_done_once_for_a_set_of_fields(in_work: InWork, hire: Hire) -> None:
    crew = await open_crew(in_work, hire)

    def adopt(work: UnitOfWork) -> tuple[int, int, int]:
        old_deal(work, "measurement", "sales", "measure", measure_on=DAY)
        first, second = visit_adoption.adopt(work), visit_adoption.adopt(work)
        return first, second, len(work.tx.execute(select(VisitRow)).all())

    assert await crew.run(adopt) == (1, 0, 1)
