"""What the tables hold of one deal, read without any verb of the product: what a message says is held against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.fields import codec
from models.process.process import Process
from models.tables.change_requests import ChangeRequestRow
from models.tables.deals import DealRow, HistoryRow
from models.tables.documents import PaperRow
from models.tables.payments import PaymentRow
from models.tables.sms import SmsRow
from models.tables.tasks import TaskRow
from models.tables.visits import VisitRow
from services.unit_of_work import UnitOfWork

COMING = ("planned", "confirmed", "under_way")


@dataclass(frozen=True)
class DealFacts:
    """A deal with all that hangs on it. `fields` are the values it keeps itself; those of visits stand with them."""

    deal: Any
    process: Process
    fields: dict[str, Any]
    visits: list[Any]
    tasks: list[Any]
    lines: list[Any]
    history: list[Any]
    sms: list[Any]
    papers: list[Any]
    asked: list[Any]

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.deal.pipeline}.{self.deal.stage}"

    def visit(self, name: str) -> Any:
        """The visit of that name which stands now, called off or not."""
        return next((one for one in reversed(self.visits) if one.name == name and one.current), None)

    def value(self, work: UnitOfWork, name: str) -> Any:
        """A field's value; of one that shows a visit what the visit's row says: a person, a day or a moment."""
        kind = self.process.faces.get(name)
        if kind is None:
            return self.fields.get(name)
        row = self.visit(kind.name)
        if row is None:
            return None
        match dict(kind.faces)[name]:
            case "by":
                return row.employee_id
            case "day":
                return row.day or (work.moment.day_of(row.starts_at) if row.starts_at else None)
            case _:
                return None if row.state == "off" else row.starts_at

    def people(self, name: str) -> set[Any]:
        """Whom a field names: of a visit in one answer, everybody who comes."""
        kind = self.process.faces.get(name)
        row = self.visit(kind.name) if kind is not None else None
        if row is not None:
            return {row.employee_id, *(row.others or ())}
        return {self.fields.get(name)}

    def paid(self) -> Decimal:
        """What has come into the account of its direction, in roubles."""
        kept = self.process.payments
        total = kept.totals.get(self.deal.pipeline, kept.total) if kept else ""
        slots = self.process.payment_slots.get(total, ())
        return Decimal(sum(one.amount for one in self.lines if one.field in slots)) / 100

    def total(self) -> Decimal | None:
        """What is to be paid in it."""
        kept = self.process.payments
        return self.fields.get(kept.totals.get(self.deal.pipeline, kept.total)) if kept else None

    def moments(self, work: UnitOfWork) -> set[date | datetime]:
        """Every day and moment that is known of it."""
        found: set[Any] = {value for value in self.fields.values() if isinstance(value, date)}
        found |= {self.deal.created_at, self.deal.entered_at, self.deal.closed_at}
        for row in self.visits:
            found |= {row.day, row.starts_at, row.ends_at}
        for task in self.tasks:
            found |= {task.due_at, task.given_at, task.closed_at}
        found |= {one.paid_on for one in self.lines} | {one.at for one in (*self.history, *self.lines)}
        return found - {None}


def of(work: UnitOfWork, deal_id: int | None) -> DealFacts | None:
    """The facts of a deal that is there; None for one that was taken away."""
    deal = work.tx.execute(select(DealRow).where(DealRow.id == deal_id, DealRow.deleted_at.is_(None))).first()
    if deal is None:
        return None

    def rows(table: Any) -> list[Any]:
        return list(work.tx.execute(select(table).where(table.deal_id == deal_id).order_by(table.id)))

    process = work.company.processes[deal.process]
    fields = codec.decode(process.fields, deal.fields or {})
    each = (VisitRow, TaskRow, PaymentRow, HistoryRow, SmsRow, PaperRow)
    asked = work.tx.execute(select(ChangeRequestRow).where(ChangeRequestRow.deal_id == deal_id)).all()
    return DealFacts(deal, process, dict(fields), *(rows(table) for table in each), asked=list(asked))


def every(work: UnitOfWork) -> list[DealFacts]:
    """The facts of all deals that there are."""
    keys = work.tx.execute(select(DealRow.id)).scalars().all()
    return [found for key in keys if (found := of(work, key)) is not None]
