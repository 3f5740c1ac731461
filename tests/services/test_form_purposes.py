"""What forms are for outlives an update: kept as the versions before kept it, refused where nobody knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from models import discovery
from models.ids import DealId, TaskId
from services import form_purposes, purposes
from services.form_purposes import FORMATS, JsonValue, Purpose, UnknownPurpose, purpose
from services.purposes.claim_purposes import ClaimPhotosPurpose, ClaimPurpose
from services.purposes.client_purposes import ClientNamePurpose, ClientPhonePurpose, SearchPurpose
from services.purposes.deal_purposes import (
    FillPurpose,
    MovePurpose,
    NewDealPurpose,
    NewLeadPurpose,
    NotePurpose,
    RenameDealPurpose,
    TapPurpose,
)
from services.purposes.document_purposes import PaperPurpose, RequisitePurpose, TemplatePurpose
from services.purposes.field_chat_purposes import AskPurpose, ReplyPurpose
from services.purposes.file_purposes import FileSearchPurpose
from services.purposes.payment_purposes import PaymentPurpose, ReversalPurpose
from services.purposes.people_purposes import (
    AbsencePurpose,
    DayHoursPurpose,
    MemberPhonePurpose,
    OwnPhonePurpose,
    QuietHoursPurpose,
)
from services.purposes.task_purposes import (
    AddLinePurpose,
    OutcomePurpose,
    RenameLinePurpose,
    SnoozePurpose,
    SnoozeTimePurpose,
    TickPurpose,
)
from services.purposes.task_template_purposes import (
    AddTemplateLinePurpose,
    DescriptionPurpose,
    RenameTemplateLinePurpose,
    VideoPurpose,
)

discovery.import_all(purposes)

# as the versions before the typed purposes kept them
KEPT: tuple[tuple[dict[str, JsonValue], Purpose], ...] = (
    ({"do": "fill", "deal": 5}, FillPurpose(5)),
    ({"do": "move", "deal": 5, "to": "paid"}, MovePurpose(5, "paid")),
    ({"do": "tap", "deal": 5, "rule": "order.contract.2"}, TapPurpose(5, "order.contract.2")),
    ({"do": "new", "process": "kitchens", "pipeline": "order"}, NewDealPurpose("kitchens", "order")),
    ({"do": "new", "process": "kitchens", "pipeline": "leads", "client": 7}, NewDealPurpose("kitchens", "leads", 7)),
    ({"do": "new", "process": "kitchens", "pipeline": "leads", "client": 0}, NewDealPurpose("kitchens", "leads", 0)),
    (
        {"do": "new_with", "process": "kitchens", "pipeline": "leads", "phone": "+79123456789"},
        NewLeadPurpose("kitchens", "leads", "+79123456789"),
    ),
    ({"do": "note", "deal": 5}, NotePurpose(5)),
    ({"do": "rename", "deal": 5}, RenameDealPurpose(5)),
    ({"do": "item", "task": 3, "item": 9}, TickPurpose(3, 9)),
    ({"do": "outcome", "task": 3, "outcome": "signed"}, OutcomePurpose(3, "signed")),
    ({"do": "snooze_at", "task": 3}, SnoozeTimePurpose(3)),
    (
        {"do": "put_off", "task": 3, "until": "2026-11-24T06:00:00+00:00"},
        SnoozePurpose(3, datetime(2026, 11, 24, 6, tzinfo=UTC)),
    ),
    ({"do": "ck_add", "task": 3}, AddLinePurpose(3)),
    ({"do": "ck_name", "task": 3, "item": 9}, RenameLinePurpose(3, 9)),
    ({"do": "tpl_add", "key": 207425231}, AddTemplateLinePurpose(207425231)),
    ({"do": "tpl_name", "key": 207425231, "stamp": 4, "at": 0}, RenameTemplateLinePurpose(207425231, 4, 0)),
    ({"do": "tpl_text", "key": 207425231}, DescriptionPurpose(207425231)),
    ({"do": "tpl_video", "key": 207425231}, VideoPurpose(207425231)),
    ({"do": "claim", "deal": 5}, ClaimPurpose(5)),
    ({"do": "claim_photos", "claim": 2, "deal": 5}, ClaimPhotosPurpose(2, 5)),
    ({"do": "find"}, SearchPurpose()),
    ({"do": "cl_phone", "client": 7}, ClientPhonePurpose(7)),
    ({"do": "cl_name", "client": 7}, ClientNamePurpose(7)),
    ({"do": "paper", "deal": 5, "name": "contract"}, PaperPurpose(5, "contract")),
    ({"do": "template", "process": "kitchens", "name": "contract"}, TemplatePurpose("kitchens", "contract")),
    ({"do": "requisite", "name": "inn", "turn": 1}, RequisitePurpose("inn", turn=True)),
    ({"do": "requisite", "name": "inn", "turn": 0}, RequisitePurpose("inn")),
    ({"do": "ask", "deal": 5}, AskPurpose(5)),
    ({"do": "ask", "deal": 5, "task": 3}, AskPurpose(5, 3)),
    ({"do": "reply", "deal": 5, "notice": 11}, ReplyPurpose(5, 11)),
    ({"do": "reply", "deal": 5, "notice": 11, "task": 3}, ReplyPurpose(5, 11, 3)),
    ({"do": "find_file", "deal": 5}, FileSearchPurpose(5)),
    ({"do": "pay", "deal": 5}, PaymentPurpose(5)),
    ({"do": "unpay", "deal": 5, "payment": 8}, ReversalPurpose(5, 8)),
    ({"do": "unpay", "deal": 5, "payment": 8, "why": "ошибка"}, ReversalPurpose(5, 8, "ошибка")),
    ({"do": "quiet"}, QuietHoursPurpose()),
    ({"do": "myphone"}, OwnPhonePurpose()),
    ({"do": "phone_of", "who": 4}, MemberPhonePurpose(4)),
    ({"do": "hours", "who": 4, "day": 0}, DayHoursPurpose(4, 0)),
    ({"do": "absence", "who": 4, "kind": "leave"}, AbsencePurpose(4, "leave")),
)


@pytest.mark.parametrize(("kept", "typed"), KEPT, ids=[str(kept["do"]) for kept, _ in KEPT])
def test_a_purpose_of_a_former_version_is_read_and_would_be_kept_as_it_was(
    kept: dict[str, JsonValue], typed: Purpose
) -> None:
    assert form_purposes.from_json(kept) == typed
    written = form_purposes.to_json(typed)
    assert written == kept
    assert [type(value) for value in written.values()] == [type(value) for value in kept.values()]


def test_every_purpose_of_former_versions_is_among_them() -> None:
    assert {str(kept["do"]) for kept, _ in KEPT} == FORMATS.keys() - ADDED_SINCE


ADDED_SINCE = frozenset({
    "ask_above", "ask_field", "call", "cannot_come", "comes_late", "keep_money", "paper_name", "range", "refund",
    "refund_why", "requisite_card", "step", "step_deal",
})  # fmt: skip  # purposes that no former version had


@pytest.mark.parametrize(
    ("kept", "word"),
    [
        ({"do": "praise", "deal": 5}, "praise"),
        ({"do": "move", "deal": 5}, "move"),
        ({"do": "move", "deal": "сделка", "to": "paid"}, "move"),
        ({"do": "put_off", "task": 3, "until": "завтра"}, "put_off"),
        ({"do": "new", "process": "kitchens"}, "new"),
        ({}, ""),
    ],
)
def test_what_this_version_does_not_know_or_knows_otherwise_is_named(kept: dict[str, JsonValue], word: str) -> None:
    assert form_purposes.from_json(kept) == UnknownPurpose(word)


def test_what_a_later_version_has_added_is_passed_over() -> None:
    assert form_purposes.from_json({"do": "fill", "deal": 5, "shade": "oak"}) == FillPurpose(DealId(5))


def test_what_a_form_is_about() -> None:
    assert form_purposes.find_id(MovePurpose(DealId(5), "paid"), DealId) == 5
    assert form_purposes.find_id(AskPurpose(DealId(5), TaskId(3)), TaskId) == 3
    assert form_purposes.find_id(AskPurpose(DealId(5)), TaskId) is None
    assert form_purposes.find_id(SnoozeTimePurpose(TaskId(3)), DealId) is None
    assert form_purposes.find_id(UnknownPurpose("praise"), DealId) is None


def test_a_word_is_taken_once() -> None:
    @dataclass(frozen=True, slots=True)
    class OtherFill(Purpose):
        deal: DealId

    with pytest.raises(ValueError, match="the purpose fill is declared twice"):
        purpose("fill")(OtherFill)
