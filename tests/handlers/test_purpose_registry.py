"""Forms and what they are for belong together: each purpose is finished, by those who may; an unknown one is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from form_phone import Phone, Shop
from sqlalchemy import insert, update
from structlog.testing import capture_logs

import handlers.routes as routes
from handlers.forms import form_runner, purpose_registry
from handlers.forms.purpose_registry import FINISHERS, RegisteredFinisher, on_finish
from models import access
from models.ids import DealId
from models.tables.forms import DraftRow
from models.tables.people import EmployeeRow
from services import drafts
from services.form_purposes import FORMATS, Purpose, PurposeFormat
from services.people import employees
from services.purposes.deal_purposes import FillPurpose, NotePurpose

OUTDATED = "Эти вопросы задала другая версия бота, продолжить их нельзя. Начните, пожалуйста, заново."
CLOSED = "Эти вопросы больше не нужны: сделки нет или она вам больше не видна."


def test_every_purpose_has_a_finisher_and_somebody_who_may_finish_it() -> None:
    assert routes.ALL, "all handlers are registered"
    assert purpose_registry.missing() == []
    assert FINISHERS.keys() == {one.made for one in FORMATS.values()}
    assert all(known.roles <= access.EVERYONE for known in FINISHERS.values())


@dataclass(frozen=True, slots=True)
class Unheard(Purpose):
    """A purpose of tomorrow."""

    deal: DealId


def test_a_purpose_without_a_finisher_and_a_finisher_for_nobody_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Any = FORMATS["fill"]
    monkeypatch.setitem(FORMATS, "unheard", PurposeFormat("unheard", Unheard, known.adapter, {}))
    assert purpose_registry.missing() == ["the purpose Unheard (unheard) has no finisher"]
    monkeypatch.setitem(FINISHERS, Unheard, RegisteredFinisher(frozenset(), FINISHERS[FillPurpose].finish))
    assert purpose_registry.missing() == ["the purpose Unheard may be finished by nobody"]


def test_a_purpose_has_one_finisher() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        on_finish(FillPurpose, access.SALES)(FINISHERS[FillPurpose].finish)


# --- forms of other versions ------------------------------------------------------------------------------------


def _kept_form(shop: Shop, phone: Phone, purpose: dict[str, Any]) -> None:
    """A form as another version has left it."""
    body = {"purpose": purpose, "queue": ["budget"], "process": "furniture", "deal_id": 1, "step": 3}
    values = {"employee_id": phone.person.id, "data": body, "message_id": None, "updated_at": shop.now}
    shop.tx.execute(insert(DraftRow).values(**values))


@pytest.mark.parametrize("purpose", [{"do": "praise", "deal": 1}, {"do": "move", "deal": 1}])
def test_a_form_for_an_unknown_purpose_is_outdated_told_and_forgotten(
    purpose: dict[str, Any], shop: Shop, manager: Phone
) -> None:
    for act in ("types", "presses", "cancels"):
        deal = shop.order(manager.person)
        _kept_form(shop, manager, purpose)
        with capture_logs() as logged:
            match act:
                case "types":
                    assert manager.type("150 000").text == OUTDATED
                case "presses":
                    assert manager.press("v1:form:3:skip").text == OUTDATED
                case _:
                    manager.press("v1:cancel")
        assert [(one["event"], one["purpose"]) for one in logged] == [
            ("a form that another version has begun", purpose["do"])
        ]
        assert drafts.find(shop.work(manager.person)) is None
        assert deal.stage == "contract"


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": [1], "queue": ["budget"]},
        {"queue": ["budget"]},
        {"purpose": {"do": "move", "deal": 1, "to": "prepayment"}},
        {"purpose": {"do": "note", "deal": 1}, "queue": ["text"], "text": {"hint": "Что записать?"}},
    ],
    ids=["its purpose is a list", "without a purpose", "without questions", "half a question"],
)
def test_a_form_that_cannot_be_read_is_outdated_told_and_forgotten(
    body: dict[str, Any], shop: Shop, manager: Phone
) -> None:
    shop.order(manager.person)
    values = {"employee_id": manager.person.id, "data": body, "message_id": None, "updated_at": shop.now}
    shop.tx.execute(insert(DraftRow).values(**values))
    assert manager.type("150 000").text == OUTDATED
    assert drafts.find(shop.work(manager.person)) is None


def test_a_form_that_the_version_before_has_begun_goes_on(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    _kept_form(shop, manager, {"do": "move", "deal": deal.id, "to": "prepayment"})
    manager.type("150 000")
    assert manager.toast or "Предоплата" in manager.text
    assert drafts.find(shop.work(manager.person)) is None


# --- rights -----------------------------------------------------------------------------------------------------


def test_who_has_lost_his_role_cannot_finish_what_he_began(shop: Shop, manager: Phone) -> None:
    """C-8: a second step asks anew."""
    deal = shop.order(manager.person)
    manager.do(form_runner.begin_text(manager.as_request(), NotePurpose(deal.id), "Заметка"))
    asked = form_runner.begin(
        manager.as_request(), FillPurpose(deal.id), ["comment"], process=shop.process, deal=deal, again=True
    )
    manager.do(asked)
    shop.tx.execute(update(EmployeeRow).where(EmployeeRow.id == manager.person.id).values(role="dispatcher"))
    shop.work().staff_cache = None
    assert employees.get(shop.work(), manager.person.id).role == "dispatcher"
    assert manager.type("Другой шкаф").text == CLOSED
    assert drafts.find(shop.work(manager.person)) is None
