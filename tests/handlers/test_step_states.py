"""Where a person stands inside a question is kept with the form: as this version writes it, and as those before did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from form_phone import Phone, Shop
from sqlalchemy import select, update
from structlog.testing import capture_logs

from handlers.forms import form_runner
from handlers.forms.known_client import KnownClient
from handlers.forms.steps.address_answers import AddressState
from handlers.forms.steps.choice_answers import ChoiceState
from handlers.forms.steps.date_answers import DateState
from handlers.forms.steps.file_answers import FilesState
from handlers.forms.steps.payment_question import PaymentState
from handlers.forms.steps.visit_question import VisitState
from keyboards import base36
from models.entities import Deal
from models.ids import ClientId
from models.tables.forms import DraftRow
from models.values.addresses.address import Address
from services import drafts, step_states
from services.deals import deal_queries
from services.purposes.deal_purposes import FillPurpose
from services.step_states import KIND_OF_KEY, STEP_STATES, StepState, step_state

DAY = date(2026, 3, 14)  # the day 739689
AT = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)  # the minute 29557860
HOME = Address("Казань", "ул. Баумана")
HOME_KEPT = {
    "city": "Казань", "street": "ул. Баумана", "house": None, "flat": None, "entrance": None, "floor": None,
    "intercom": None, "private": False, "note": "",
}  # fmt: skip

# What the versions before the kinds kept (a kind and `said` aside, this version keeps the same), and what it means.
KEPT: list[tuple[str, dict[str, Any], StepState]] = [
    ("date", {"month": 24315}, DateState(month=24315)),
    ("date", {"month": 24314, "day": 739689}, DateState(month=24314, day=DAY)),
    ("date", {"guess": "2026-03-14"}, DateState(guess="2026-03-14")),
    ("date", {"day": 739689, "guess": "2026-03-14T07:00:00+00:00"}, DateState(None, DAY, "2026-03-14T07:00:00+00:00")),
    ("address", {"address": HOME_KEPT}, AddressState(HOME)),
    ("address", {"address": HOME_KEPT, "part": "flat"}, AddressState(HOME, "flat")),
    ("address", {"part": "flat"}, AddressState(None, "flat")),
    ("choice", {"ticked": ["deal", "contact"]}, ChoiceState(("deal", "contact"))),
    ("choice", {"ticked": []}, ChoiceState(())),
    ("files", {"files": [3, 4], "album": "7"}, FilesState((3, 4), "7")),
    ("files", {"files": [3]}, FilesState((3,))),
    ("payment", {"sum": 7500000}, PaymentState(Decimal(75000))),
    ("payment", {"sum": 7500050, "guess": 739689}, PaymentState(Decimal("75000.50"), guessed_on=DAY)),
    ("payment", {"sum": 100, "dates": True, "month": 24315}, PaymentState(Decimal(1), has_calendar=True, month=24315)),
    ("payment", {"sum": 100, "on": 739689, "by": "card"}, PaymentState(Decimal(1), paid_on=DAY, method="card")),
    (
        "payment",
        {"sum": 100, "on": 739689, "by": "card", "same": 5},
        PaymentState(Decimal(1), paid_on=DAY, method="card", same=5),
    ),
    ("visit", {"from": 739689}, VisitState(start=DAY)),
    ("visit", {"near": 29557860}, VisitState(near=AT)),
    ("visit", {"near": 29557860, "who": 3}, VisitState(near=AT, person_id=3)),
    ("visit", {"held": [3, 29557860]}, VisitState(held=(3, AT))),
    ("known_client", {"known": 5}, KnownClient(ClientId(5))),
]


@pytest.mark.parametrize(("kind", "kept", "state"), KEPT)
def test_what_a_version_before_the_kinds_kept_is_read_as_what_it_means(
    kind: str, kept: dict[str, Any], state: StepState
) -> None:
    assert step_states.from_json(kept) == state
    assert step_states.from_json({**kept, "said": "Имя: Анна"}) == state


@pytest.mark.parametrize(("kind", "kept", "state"), KEPT)
def test_a_state_is_kept_under_its_kind_and_read_back(kind: str, kept: dict[str, Any], state: StepState) -> None:
    written = json.loads(json.dumps(step_states.to_json(state)))
    assert written == {"kind": kind, **kept}
    assert step_states.from_json(written) == state


def test_what_the_version_before_wrote_otherwise_is_read_as_well() -> None:
    """A file without an album had an empty one; an open calendar was a 1."""
    assert step_states.from_json({"files": [3], "album": None}) == FilesState((3,))
    assert step_states.from_json({"sum": 100, "dates": 1}) == PaymentState(Decimal(1), has_calendar=True)


def test_every_kind_is_among_them() -> None:
    kinds = {kind for kind, _, _ in KEPT}
    assert kinds == {one.kind for one in STEP_STATES} - ADDED_SINCE == set(KIND_OF_KEY.values())


ADDED_SINCE = frozenset({"agreement", "doubt"})  # kinds that were never kept without their word


@dataclass(frozen=True, slots=True)
class Unheard(StepState):
    """A kind of tomorrow."""


def test_a_word_is_taken_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        step_state("date")(Unheard)


@pytest.mark.parametrize("kept", [{}, {"said": "Имя: Анна"}])
def test_no_state_is_none(kept: dict[str, Any]) -> None:
    with capture_logs() as logged:
        assert step_states.from_json(kept) is None
    assert logged == []
    assert step_states.to_json(None) == {}


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ({"kind": "moon", "phase": 3}, "moon"),
        ({"kind": "date", "day": "secret"}, "date"),
        ({"kind": "address", "address": {"planet": "secret"}}, "address"),
        ({"files": "secret"}, "files"),
        ({"phase": 3}, "phase"),
    ],
)
def test_a_state_that_this_version_cannot_read_is_none_and_named_in_the_log(kept: dict[str, Any], named: str) -> None:
    with capture_logs() as logged:
        assert step_states.from_json(kept) is None
    assert [one["step_state"] for one in logged] == [named]
    assert "secret" not in repr(logged)


# --- half-filled forms of the version before --------------------------------------------------------------------


def asked(shop: Shop, phone: Phone, *fields: str) -> Deal:
    """A form that asks these fields of a deal."""
    deal = shop.order(phone.person)
    answer = form_runner.begin(
        phone.as_request(), FillPurpose(deal.id), fields, process=shop.process, deal=deal, again=True
    )
    phone.do(answer)
    return deal


def leave(shop: Shop, phone: Phone, sub: dict[str, Any]) -> None:
    """The open form as the version before has left it: what stood in `sub`, and nothing of what came since."""
    data = shop.tx.execute(select(DraftRow.data).where(DraftRow.employee_id == phone.person.id)).scalar_one()
    data = {key: value for key, value in data.items() if key != "said"} | {"sub": sub}
    shop.tx.execute(update(DraftRow).where(DraftRow.employee_id == phone.person.id).values(data=data))


@pytest.mark.parametrize(
    ("field", "sub", "go_on", "value"),
    [
        ("delivery_at", {"month": 24315, "day": 739689}, lambda phone: phone.type("10:00"), AT),
        ("delivery_at", {"guess": "2026-03-14T07:00:00+00:00"}, lambda phone: phone.press(button(phone, "ok")), AT),
        ("to_create", {"ticked": ["deal"]}, lambda phone: phone.press(button(phone, "done")), ("deal",)),
        (
            "address",
            {"address": HOME_KEPT | {"house": "7"}, "part": "flat"},
            lambda phone: phone.type("13").tap("Верно"),
            Address("Казань", "ул. Баумана", "7", "13"),
        ),
    ],
)
def test_a_half_given_answer_of_the_version_before_is_not_lost(
    field: str, sub: dict[str, Any], go_on: Callable[[Phone], object], value: object, shop: Shop, manager: Phone
) -> None:
    deal = asked(shop, manager, field)
    leave(shop, manager, sub)
    go_on(manager)
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None and found.fields[field] == value
    assert drafts.find(shop.work(manager.person)) is None


def button(phone: Phone, verb: str) -> str:
    """A button of the open question."""
    return (phone.find("Отмена").data or "").removesuffix("cancel") + verb


def test_files_that_came_before_the_upgrade_are_not_lost(shop: Shop, manager: Phone) -> None:
    deal = asked(shop, manager, "design")
    manager.send_file("a.pdf")
    form = drafts.find(shop.work(manager.person))
    assert form is not None and isinstance(form.step_state, FilesState)
    leave(shop, manager, {"files": list(form.step_state.files), "album": None})
    manager.send_file("b.pdf").tap("Готово")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None and len(found.fields["design"]) == 2


def test_the_client_whom_the_version_before_has_found_is_still_offered(shop: Shop, manager: Phone) -> None:
    known = shop.order(manager.person)
    manager.press("v1:new:furniture:order").type("Маша").type("8 912 345-67-89")
    leave(shop, manager, {"known": known.client_id})
    manager.tap("Создать для этого клиента").type("Полка").tap("Пропустить")
    fresh = deal_queries.find(shop.work(), known.id + 1)
    assert fresh is not None and fresh.client_id == known.client_id


def test_the_answer_before_is_told_as_the_version_before_has_kept_it(shop: Shop, manager: Phone) -> None:
    asked(shop, manager, "budget", "needs_assembly")
    manager.type("150 000")
    leave(shop, manager, {"said": "Бюджет: 150 000 ₽"})
    form = drafts.find(shop.work(manager.person))
    assert form is not None and (form.said, form.step_state) == ("Бюджет: 150 000 ₽", None)


def test_a_place_that_this_version_does_not_know_leaves_the_question_asked_anew(shop: Shop, manager: Phone) -> None:
    deal = asked(shop, manager, "budget", "delivery_at")
    manager.type("150 000")
    leave(shop, manager, {"kind": "moon", "phase": 3})
    with capture_logs() as logged:
        manager.press(button(manager, f"month:{base36.to36(24315)}"))
    assert [one["step_state"] for one in logged if "step_state" in one] == ["moon"]
    assert "апрель 2026" in manager.labels
    manager.type("14.03.2026 10:00")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None and (found.fields["budget"], found.fields["delivery_at"]) == (Decimal(150_000), AT)


def test_the_text_that_the_version_before_asks_for_is_asked_on(shop: Shop, manager: Phone) -> None:
    """Its question had no hint where there was none to give."""
    deal = shop.order(manager.person)
    manager.press(f"v1:note:{deal.id}")
    data = shop.tx.execute(select(DraftRow.data)).scalar_one()
    data = data | {"text": {"title": "Заметка", "longest": 5}, "sub": {}}
    shop.tx.execute(update(DraftRow).values(data=data))
    assert "можно не больше 5" in manager.type("Длинная заметка").text
