"""Which deals stand in the ledger, as conditions of statements that mean the same on both databases (M-5)."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    case,
    exists,
    false,
    literal_column,
    not_,
    or_,
    type_coerce,
)

from models import access, rights
from models.errors import NotFound
from models.process.process import Process
from models.tables.deals import DealRow, HistoryRow
from models.tables.visits import VisitRow
from models.values.invalid_value import N_
from models.values.product_text import ProductText
from services.register import register_status
from services.unit_of_work import UnitOfWork

REGISTER = rights.thing("register", N_("Учёт клиентов"))
SEE = REGISTER.right(N_("видеть и выгружать"), (access.ALL_SEEING, ("any",)), (access.MANAGER, ("own", "free")))
CHANGE = REGISTER.right(N_("менять статус"), (access.ALL_SEEING, ("any",)), (access.MANAGER, ("own",)))

TEXT = type_coerce(DealRow.fields, Text)  # JSON as text: a quote inside a value is written \", so `"name":"` is a key


def check_sells(work: UnitOfWork) -> None:
    """The ledger tells prices, and is for those who sell; raises NotAllowed (C-8)."""
    SEE.check(work.actor, own=True)


def reach(work: UnitOfWork) -> ColumnElement[bool]:
    """What the actor may see of the ledger: as with the deals themselves (C-8)."""
    check_sells(work)
    if work.actor is None or SEE.allows(work.actor):
        return DealRow.deleted_at.is_(None)
    return and_(
        DealRow.deleted_at.is_(None), or_(DealRow.responsible_id == work.actor.id, DealRow.responsible_id.is_(None))
    )


def kept_in(process: Process, *, newest: bool = False) -> ColumnElement[bool]:
    """Deals with the ledger's date, and those that have ever stood where a measurement or a contract is in hand.

    `newest`: the statement wants a few by descending id; an index of places would have SQLite sort all of them first.
    """
    ledger = process.ledger
    assert ledger is not None
    places = [f"{pipeline}.{stage}" for pipeline, stage in register_status.standing(process)]
    stands = (DealRow.pipeline + "." + DealRow.stage).in_(places)
    stood = exists().where(HistoryRow.deal_id == DealRow.id, HistoryRow.to_stage.in_(places))
    name: SQLColumnExpression[str] = DealRow.process + "" if newest else DealRow.process
    pipeline: SQLColumnExpression[str] = DealRow.pipeline + "" if newest else DealRow.pipeline
    return and_(
        name == process.process,
        pipeline.in_(register_status.pipelines(process)),
        or_(_has_date(process), stands, stood),
    )


def _has_date(process: Process) -> ColumnElement[bool]:
    """Deals with the ledger's date: of the visit that the field shows, where it shows one."""
    ledger = process.ledger
    assert ledger is not None
    kind = process.faces.get(ledger.date)
    if kind is None:
        return TEXT.contains(f'"{ledger.date}":"', autoescape=True)
    return _has_visit(kind.name, or_(VisitRow.day.is_not(None), VisitRow.starts_at.is_not(None)))


def _has_visit(name: str, *such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Deals whose visit of that name, as it stands now, is such."""
    return exists().where(VisitRow.deal_id == DealRow.id, VisitRow.name == name, VisitRow.current, *such)


def has_status(process: Process, words: ProductText) -> ColumnElement[bool]:
    """Deals whose status reads so; NotFound if none ever does."""
    keys = register_status.every(process).get(words)
    if not keys:
        raise NotFound("button")
    return or_(*(_stands_at(process, key) for key in keys))


def _stands_at(process: Process, key: register_status.StatusKey) -> ColumnElement[bool]:
    rules = [DealRow.pipeline == key.pipeline]
    rules.append(DealRow.stage == key.stage if key.stage is not None else DealRow.status == "open")
    if key.option is not None:
        rules.append(_chose(process, key.option))
    rules += [not_(_chose(process, one)) for one in key.without]
    if key.off is not None:
        rules.append(is_off(process) if key.off else not_(is_off(process)))
    return and_(*rules)


def is_off(process: Process) -> ColumnElement[bool]:
    """Deals whose visit that the ledger's date shows is off."""
    name = register_status.visit_of(process)
    return _has_visit(name, VisitRow.state == "off") if name is not None else false()


def lost_option(process: Process) -> ColumnElement[str]:
    """Which lost result a deal has, as the column `how_lost`; an empty text where none was chosen."""
    none: ColumnElement[str] = literal_column("''")
    cases: list[tuple[ColumnElement[bool], ColumnElement[str]]] = [
        (_chose(process, one), literal_column(f"'{one}'")) for one in register_status.options(process)
    ]
    return (case(*cases, else_=none) if cases else none).label("how_lost")


def _chose(process: Process, option: str) -> ColumnElement[bool]:
    return TEXT.contains(f'"{register_status.lost_field(process)}":"{option}"', autoescape=True)
