"""The company's requisites in the database: one row of settings that the owner fills in (K-11)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select, update

from models.tables.settings import SettingRow
from services.documents.requisites import Requisites
from services.people import employees
from services.unit_of_work import UnitOfWork

NAME = "requisites"

READ = select(SettingRow.value).where(SettingRow.name == NAME)
ADD = insert(SettingRow)
CHANGE = update(SettingRow).where(SettingRow.name == NAME).values(value=bindparam("body"))


def get(work: UnitOfWork) -> Requisites:
    """What is known so far; empty ones before the owner has told any. Papers are made for everybody: no check."""
    stored = work.tx.execute(READ).scalar_one_or_none()
    return Requisites.from_json(stored or {})


def put(work: UnitOfWork, changes: Mapping[str, str]) -> Requisites:
    """Keep what the owner has typed (names as in `services.documents.requisites.TITLES`) and give all of it.

    Raises NotAllowed for anybody else, Wrong for a value that cannot be; then nothing is kept.
    """
    employees.check_owner(work)
    stored = work.tx.execute(READ).scalar_one_or_none()
    after = Requisites.from_json(stored or {}).changed(changes)
    if stored is None:
        work.tx.execute(ADD, {"name": NAME, "value": after.to_json()})
    else:
        work.tx.execute(CHANGE, {"body": after.to_json()})
    return after
