"""What messages about visits, and to those above about people, claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from handlers.notices.statements.deal_statements import about
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.deal_notices import VisitCalledOff
from models.notices.visit_notices import (
    CannotCome,
    ClientCallWanted,
    ComesLate,
    VisitHandedOn,
    VisitImpossible,
    VisitOfPerson,
    VisitReport,
    VisitWithoutTask,
)


@states(VisitCalledOff)
def _called_off(view: NoticeView, notice: VisitCalledOff) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.MomentSaid("visit.off", notice.starts_at)


@states(VisitImpossible)
def _impossible(view: NoticeView, notice: VisitImpossible) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.MomentSaid("visit", notice.starts_at)
    yield s.PersonSaid("visit", notice.person)


@states(VisitHandedOn, VisitWithoutTask)
def _whose(view: NoticeView, notice: VisitOfPerson) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.MomentSaid(f"visit.{notice.visit}", notice.starts_at)
    yield s.PersonSaid("visit", notice.person)


@states(CannotCome, ComesLate)
def _report(view: NoticeView, notice: VisitReport) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.MomentSaid(f"visit.{notice.visit}", notice.starts_at)
    yield s.WordsSaid(None)


@states(ClientCallWanted)
def _client_waits(view: NoticeView, notice: ClientCallWanted) -> Iterator[s.Statement]:
    """Of a deal that is gone: what its client was told."""
    yield s.MomentSaid("visit.off", notice.starts_at)
