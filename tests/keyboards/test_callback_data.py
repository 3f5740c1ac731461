"""The wire format of presses: buttons of former versions work, what is no press of ours is none."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyboards import base36, callback_data, callbacks
from keyboards.callback_data import FORMATS, MOST_BYTES, CallbackData, callback
from keyboards.callbacks.deal_callbacks import MoveDeal, OpenDeal
from keyboards.callbacks.file_callbacks import SendTaskFile
from keyboards.callbacks.forms.question_callbacks import SkipQuestion
from keyboards.callbacks.list_callbacks import ListDeals, OpenHome
from keyboards.callbacks.task_callbacks import ListTasks, OpenCallList
from models import discovery
from models.ids import DealId, TaskId
from tests.worlds.old_buttons import OLD_BUTTONS

discovery.import_all(callbacks, deep=True)


@pytest.mark.parametrize(("raw", "press"), OLD_BUTTONS.items(), ids=OLD_BUTTONS)
def test_a_button_of_a_former_version_is_read_and_would_be_written_as_it_was(raw: str, press: CallbackData) -> None:
    read = callback_data.unpack(raw)
    assert read == press
    assert [type(getattr(read, one.name)) for one in fields(press)] == [
        type(getattr(press, one.name)) for one in fields(press)
    ]
    assert press.pack() == raw


def test_every_action_of_former_versions_is_among_them() -> None:
    assert {_word(raw) for raw in OLD_BUTTONS} == FORMATS.keys() - ADDED_SINCE


def _word(raw: str) -> str:
    """What a press is declared by; those of a form's questions share their action and are told apart by a verb."""
    parts = raw.split(":")
    return parts[1] if parts[1] != "form" else f"form:{parts[3]}"


ADDED_SINCE = frozenset({
    "ask_above", "backups", "bin", "bkp_kept", "bkp_key", "call", "called", "cannot_come", "cl_firm", "comes_late",
    "consent", "data_rules", "erased_act", "fback", "form:agree", "form:correct", "form:heard", "form:meant",
    "form:not", "form:over", "form:resume", "found", "invite_off", "invites", "job", "job_end", "job_step", "lead_of",
    "left", "left_deal", "left_give", "left_leave", "left_task", "left_to", "looks", "looks_back", "looks_lift",
    "looks_log", "looks_most", "looks_own", "merge_ask", "narrow", "on_day", "paperfill", "papergo", "papername",
    "papernamed", "pay_out", "person", "person_erase", "person_give", "place", "range", "reqcard", "rights", "step",
    "step_at", "step_of", "step_who", "task_ask", "task_give", "task_to", "tickfiles", "undo", "wanted",
})  # fmt: skip  # presses that no former version had, by their words


@pytest.mark.parametrize(
    "raw",
    [
        None, "", "v1", "v1:", "v2:deal:1", "V1:deal:1", "v1:nothing:1", "v1:deal", "v1:deal:", "v1:deal:1:2",
        "v1:deal:A", "v1:deal: 1", "v1:deal:+1", "v1:deal:1_0", "v1:deal:\u0661", "v1:deal:1\n", "v1:deal:~",
        "v1:deal:zzzzzzzzzzzzz", "v1:deal:zzzzzzzzzzzzzz", "v1:move:1:2", "v1:move:1:2:to:more", "v1:move:1:x y:to",
        "v1:move:1:2:сюда", "v1:home:hello", "v1:tick:1:1:2", "v1:list:x:m", "v1:list:d:m:z", "v1:delete:1:n",
        "v1:ledger_file:visits:pdf", "v1:section:1:" + "x" * 60, "{}", "💥",
        "v1:form", "v1:form:1", "v1:form:skip", "v1:form::skip", "v1:form:1:", "v1:form:1:nothing", "v1:form:~:skip",
        "v1:form:1:skip:", "v1:form:1:skip:1", "v1:form:1:month", "v1:form:1:month:", "v1:form:1:client:2",
        "v1:form:1:win:1", "v1:form:1:win:1:2:3", "v1:form:1:opt:a b", "v1:form:skip:1",
    ],
)  # fmt: skip
def test_what_is_cut_off_padded_forged_or_of_the_wrong_type_is_no_press(raw: str | None) -> None:
    assert callback_data.unpack(raw) is None


def _argument(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True).filter(str.isascii)


@given(data=st.data(), action=st.sampled_from(sorted(OLD_BUTTONS)))
def test_whatever_is_read_is_written_back_the_same(data: st.DataObject, action: str) -> None:
    form = FORMATS[_word(action)]
    most = data.draw(st.integers(form.least, len(form.arguments)))
    texts = [data.draw(_argument(one.pattern)) for one in form.arguments[:most]]
    raw = ":".join((form.head, *texts[:1], *([form.verb] if form.verb else []), *texts[1:]))
    press = callback_data.unpack(raw)
    if press is None:
        assert len(raw) > MOST_BYTES or any(base36.from36(one) is None for one in texts)
    elif not any(_is_long_way_round(one) for one in texts):
        assert press.pack() == raw


def _is_long_way_round(text: str) -> bool:
    """«007» and «-0» are read as numbers, but nobody writes them so; «~» as a last text could be left out."""
    return text.lstrip("-").startswith("0") or text == "~"


def test_data_that_does_not_fit_is_refused_when_it_is_drawn() -> None:
    with pytest.raises(ValueError, match="callback data of"):
        MoveDeal(DealId(2**62), None, "x" * 48).pack()
    with pytest.raises(ValueError, match="callback data of"):
        MoveDeal(DealId(1), None, "оплачено").pack()


def test_what_may_be_left_out_is_not_written() -> None:
    assert ListDeals("d", "m").pack() == "v1:list:d:m"
    assert OpenCallList().pack() == "v1:calls"


def test_the_message_of_a_call_list_may_have_any_number() -> None:
    """Its number 29 is «t» in base 36, which stands for «by a task» where a task follows."""
    by_notice, by_task = callback_data.unpack("v1:calls:t"), callback_data.unpack("v1:calls:t:5")
    assert isinstance(by_notice, OpenCallList) and isinstance(by_task, OpenCallList)
    assert (by_notice.notice, by_notice.task) == (29, None)
    assert (by_task.notice, by_task.task) == (None, 5)


def test_what_a_press_is_about_is_known_even_if_the_rest_of_it_is_cut_off() -> None:
    assert callback_data.find_id("v1:move:1o", DealId) == 60
    assert callback_data.find_id(SendTaskFile(TaskId(7), 9).pack(), TaskId) == 7  # type: ignore[arg-type]
    assert callback_data.find_id(OpenDeal(DealId(7)).pack(), TaskId) is None
    for raw in (None, "v1:move", "v1:move:", "v1:move:x y", "v1:home", "v1:list:d:m:a:5", "v1:client:5"):
        assert callback_data.find_id(raw, DealId) is None, raw


# --- declaring --------------------------------------------------------------------------------------------------


def test_a_word_is_taken_once_and_short() -> None:
    for word in ("deal", "Deal", "a_very_long_word", "a:b", ""):
        with pytest.raises(ValueError, match="declared twice, or its word"):
            callback(word)(OpenDeal)


@dataclass(frozen=True, slots=True)
class Carries(CallbackData):
    what: list[str]


@dataclass(frozen=True, slots=True)
class LeavesOutTheFirst(CallbackData):
    one: int | None = None
    other: int = 0


@dataclass(frozen=True, slots=True)
class EndsInTheMiddle(CallbackData):
    one: Literal["a", "b"]
    other: int | str


def test_a_verb_is_taken_once_and_stands_after_a_field() -> None:
    for verb in ("skip", "Skip", "a_very_long_word", "a b", ""):
        with pytest.raises(ValueError, match="declared twice, or its word"):
            callback("form", verb=verb)(SkipQuestion)
    for made in (OpenHome, ListTasks):
        with pytest.raises(TypeError, match="stands after no field"):
            callback("form", verb="unheard_of")(made)
    assert "form:unheard_of" not in FORMATS


@dataclass(frozen=True, slots=True)
class AnswersADeal(CallbackData):
    """A press of tomorrow, whose verb stands before the deal that it is about."""

    step: int
    deal: DealId
    left_out: int | None = None


def test_what_a_press_with_a_verb_is_about_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback_data, "FORMATS", dict(FORMATS))
    press = callback("form", verb="unheard_of")(AnswersADeal)(36, DealId(60))
    assert press.pack() == "v1:form:10:unheard_of:1o"
    assert callback_data.unpack("v1:form:10:unheard_of:1o:2") == AnswersADeal(36, DealId(60), 2)
    assert callback_data.find_id("v1:form:10:unheard_of:1o:cut off", DealId) == 60
    assert callback_data.find_id("v1:form:10:unheard_of", DealId) is None


@pytest.mark.parametrize("made", [Carries, LeavesOutTheFirst, EndsInTheMiddle])
def test_what_no_button_can_carry_is_refused_at_import(made: type[CallbackData]) -> None:
    with pytest.raises(TypeError, match=made.__name__):
        callback("unheard_of")(made)
    assert "unheard_of" not in FORMATS
