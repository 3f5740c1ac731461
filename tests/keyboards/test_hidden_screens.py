"""What is hidden from a role is in no view of a deal, whoever makes it; a refusal says no more (safety 17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from keyboards import refusals
from keyboards.deals import deal_card, deal_pages, filling_pages
from keyboards.deals.deal_view import DealView
from keyboards.screen import Screen
from keyboards.translator import translator
from models import access
from models.engine.deal_state import Moment
from models.engine.effects import Reason
from models.entities import Deal
from models.errors import DealHasMoney
from models.fields.base import AnswerContext
from models.history.deal_lines import ChangeAsked, FieldFilled, FieldPutAside
from models.history.file_lines import FileMoved, FilesRemoved
from models.history.line import HistoryEntry, HistoryLine
from models.process import parse
from models.process.process import Process
from models.roles import Role
from models.values.invalid_value import InvalidValue
from models.values.product_text import ProductText
from tests.worlds import hidden_shop
from tests.worlds.hidden_shop import MARK, NEW, OLD
from tests.worlds.office import ZONE

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def process() -> Process:
    found, problems, _ = parse.read(hidden_shop.TEXT, "vault.yaml")
    assert found is not None, problems
    return found


def view(process: Process, role: Role) -> DealView:
    values: dict[str, Any] = {
        "name": "Мария", "note": "открытая", "text_": NEW, "money_": Decimal(765_432), "date_": date(2029, 5, 17)
    }  # fmt: skip
    deal = Deal(
        id=1, number="2026-0001", process="vault", pipeline="general", kind="deal", stage="start", status="open",
        title="Мария", client_id=None, responsible_id=1, source=None, fields=values, version=1, entered_at=NOW,
        origin_id=None, created_at=NOW, came_from=None,
    )  # fmt: skip
    return DealView(deal, process, NOW, role=role, can_edit=role == "manager")


def text(screen: Screen) -> str:
    lines = [part if isinstance(part, str) else part.text for line in screen.lines for part in line]
    return "\n".join([*lines, *(button.text for row in screen.rows for button in row)])


@pytest.mark.parametrize("role", hidden_shop.BLIND)
def test_a_view_has_neither_title_nor_value_nor_visit_of_what_is_hidden(process: Process, role: Role) -> None:
    t = translator("ru", ZONE)
    seen, whole = view(process, role), view(process, "manager")
    assert set(seen.deal.fields) == {"name", "note"} and not [name for name in seen.fields if name.endswith("_")]
    assert not seen.sees_money and whole.sees_money
    for draw in (deal_card.card, filling_pages.sections, lambda one, t: filling_pages.section(one, "secret", t)):
        assert MARK not in text(draw(seen, t))
        assert "17 мая" not in text(draw(seen, t)) and "765" not in text(draw(seen, t))
    assert NEW in text(filling_pages.sections(whole, t))


@pytest.mark.parametrize("role", hidden_shop.BLIND)
@pytest.mark.parametrize(
    "line",
    [
        FieldFilled("text_", NEW, OLD), FieldPutAside("text_", NEW), ChangeAsked("money_", 1, 2, OLD),
        FilesRemoved(OLD, fields=("file_",)), FileMoved(OLD, ProductText(MARK), fields=("file_",)), FilesRemoved(OLD),
    ],
)  # fmt: skip
def test_history_tells_nothing_of_a_hidden_field_nor_of_a_file_that_lay_there(
    process: Process, role: Role, line: HistoryLine
) -> None:
    """An older line that does not say where a file lay is told to those who may see every file."""
    t, entry = translator("ru", ZONE), HistoryEntry(NOW, "Анна", line, None, None, None)
    assert MARK not in text(deal_pages.history(view(process, role), [entry], False, t))
    assert MARK in text(deal_pages.history(view(process, "manager"), [entry], False, t))
    open_line = replace(entry, line=FilesRemoved("план.pdf", fields=()))
    assert "план.pdf" in text(deal_pages.history(view(process, role), [open_line], False, t))


def test_a_refusal_names_no_hidden_field_and_quotes_no_hidden_limit(process: Process) -> None:
    t, hidden = translator("ru", ZONE), access.hidden_fields("technologist", process)
    missing = [Reason("missing", {"field": "text_"}), Reason("missing", {"field": "money_"})]
    assert refusals.reasons(missing, process, t, hidden) == [t(refusals.HIDDEN)]
    assert len(refusals.reasons(missing, process, t)) == 2
    assert refusals.sentence(DealHasMoney(Decimal(765_432)), t, process, hidden) == t(refusals.HIDDEN)
    assert "765" in refusals.sentence(DealHasMoney(Decimal(765_432)), t, process)


def test_an_answer_that_breaks_a_hidden_limit_is_refused_without_it(process: Process) -> None:
    t, hidden = translator("ru", ZONE), access.hidden_fields("technologist", process)
    limited = process.fields["money_"].model_copy(update={"at_most": "total", "title": ProductText("Счёт")})
    fields = {"bill": limited, "total": process.fields["money_"]}
    context = AnswerContext(Moment(NOW, None), {"total": Decimal(765_432)}, fields)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue) as wrong:
        limited.check(Decimal(800_000), context)
    assert wrong.value.quotes == {"total"}
    assert "765" in refusals.sentence(wrong.value, t, hidden=hidden)
    assert refusals.sentence(wrong.value, t, hidden=hidden | {"total"}) == t(refusals.HIDDEN)
