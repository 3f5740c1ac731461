"""Presses and their handlers belong together: each press has its roles, and shows a fresh card when it is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from form_phone import Phone, Shop
from structlog.testing import capture_logs

import handlers.routes as routes
from handlers import refusals
from handlers.deals import deal_actions
from handlers.request import CALLBACKS, COMMANDS, Incoming, RegisteredCallback, on_callback, on_command, on_message
from handlers.tasks import task_actions
from keyboards.callback_data import FORMATS, CallbackData, CallbackFormat
from keyboards.callbacks.deal_callbacks import OpenDeal
from models import access
from models.errors import CardOutdated, NotAllowed, NotFound
from models.ids import DealId, TaskId
from services.deals import deal_commands
from services.tasks import task_queries

ROOT = Path(__file__).resolve().parents[2]
ABOUT_A_DEAL = frozenset(
    {"deal", "stages", "move", "take", "sections", "section", "fill", "history", "dtasks", "files", "cure", "robot",
     "claims", "claim_new", "handto", "hand", "putoff", "putoff_for", "askman", "reply", "note", "rename", "delete",
     "papers", "paper", "papermake", "paperask", "papername", "papernamed", "paperfill", "papergo",
     "photos", "ffind", "bin", "put", "sms", "on_day",
     "ledger_one", "ledger_st", "ledger_ask", "pay", "pay_in", "pay_back", "pay_line", "pay_undo", "pay_keep",
     "left_deal", "pay_out", "ask_above", "step", "step_at", "step_who", "step_of", "call", "called", "place",
     "wanted"}
)  # fmt: skip
ABOUT_A_TASK = frozenset(
    {"task", "tfile", "tick", "outcome", "task_take", "snooze", "snooze_own", "calls",
     "ck", "ck_line", "ck_add", "ck_name", "ck_move", "ck_del", "papername", "papernamed", "paperfill", "papergo",
     "task_to", "task_give", "task_ask", "left_task", "cannot_come", "comes_late", "tickfiles",
     "job", "job_step", "job_end"}
)  # fmt: skip


def test_every_press_has_a_handler_and_somebody_who_may_press_it() -> None:
    assert routes.missing() == []
    assert CALLBACKS.keys() == {one.made for one in FORMATS.values()}
    assert all(known.roles <= access.EVERYONE for known in CALLBACKS.values())


@dataclass(frozen=True, slots=True)
class Unheard(CallbackData):
    """A press of tomorrow."""


def test_a_press_without_a_handler_and_a_handler_for_nobody_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "unheard", replace(FORMATS["home"], action="unheard", made=Unheard))
    assert routes.missing() == ["the press Unheard (unheard) has no handler"]
    monkeypatch.setitem(CALLBACKS, Unheard, RegisteredCallback(frozenset(), CALLBACKS[OpenDeal].handler))
    assert routes.missing() == ["the press Unheard may be pressed by nobody"]


def test_a_press_has_one_handler() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        on_callback(OpenDeal, access.EVERYONE)(CALLBACKS[OpenDeal].handler)


# --- what a press is about --------------------------------------------------------------------------------------


def _about(of: object) -> frozenset[str]:
    return frozenset(name for name, form in FORMATS.items() if any(one.of is of for one in form.arguments))


def test_what_each_press_is_about() -> None:
    assert _about(DealId) == ABOUT_A_DEAL
    assert _about(TaskId) == ABOUT_A_TASK


def _pressed(form: CallbackFormat, deal_id: DealId, task_id: TaskId) -> str:
    """A button of that press for this deal, or this task."""

    def value(of: object) -> Any:
        known: dict[object, Any] = {DealId: deal_id, TaskId: task_id, str: "x", bool: True}
        return known.get(of) or (get_args(of) or [1])[0]

    return form.made(*(value(one.of) for one in form.arguments)).pack()


def _refused(phone: Phone, data: str) -> Any:
    """What is shown when a press of the button comes too late."""
    request = phone.as_request(Incoming("tap", 1, 1, "x", "ru", message_id=5, query_id="q", data=data))
    return refusals.answer(request, CardOutdated(None, None))


def test_a_refused_press_about_a_deal_shows_the_deal_as_it_is(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    fresh = deal_actions.card(manager.as_request(), deal.id).screen
    for action in sorted(ABOUT_A_DEAL):
        answer = _refused(manager, _pressed(FORMATS[action], deal.id, TaskId(77)))
        assert answer.screen == fresh, action
        assert answer.toast, action


def test_a_refused_press_about_a_task_shows_the_task_as_it_is(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person, refusal_reason="expensive")
    deal_commands.move(shop.work(manager.person), deal.id, None, "refused")
    task = task_queries.of_deal(shop.work(manager.person), deal.id)[0]
    fresh = task_actions.show(manager.as_request(), task.id).screen
    for action in sorted(ABOUT_A_TASK - ABOUT_A_DEAL):  # what is about a deal too shows the deal
        assert _refused(manager, _pressed(FORMATS[action], DealId(77), task.id)).screen == fresh, action


def test_a_cut_off_button_of_a_deal_shows_the_deal_as_well(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    for cut in ("v1:move:1", "v1:move:1:", "v1:move:1:~", "v1:move:1:~:won:more"):
        with pytest.raises(NotFound) as caught:
            manager.press(cut)
        assert caught.value.what == "button"
        assert _refused(manager, cut).screen == deal_actions.card(manager.as_request(), deal.id).screen, cut


# --- buttons of other versions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("v1:praise:1:secret", "praise"),
        ("v1:form:1:skip:secret", "form:skip"),
        ("v1:form:1:praise:secret", "form"),
        ("v1:deal:1:secret", "deal"),
        ("v2:deal:secret", None),
        ("v1:ДОМ:1", None),
    ],
)
def test_a_press_that_no_handler_can_take_is_outdated_and_named_in_the_log(
    data: str, named: str | None, manager: Phone
) -> None:
    with capture_logs() as logged, pytest.raises(NotFound) as caught:
        manager.press(data)
    assert caught.value.what == "button"
    assert [one["action"] for one in logged] == [named]
    assert "secret" not in repr(logged), "what a person does with whom is nobody's business"


# --- the code ---------------------------------------------------------------------------------------------------


def test_no_button_is_drawn_by_a_bare_word() -> None:
    """Neither `buttons.button(text, "move", …)` nor a text that begins like callback data."""
    found = []
    for path in sorted(one for folder in ("bot", "handlers", "keyboards") for one in (ROOT / folder).rglob("*.py")):
        text = path.read_text()
        if "buttons." in text or "v1:" in text:
            found += [f"{path.relative_to(ROOT)}:{at}" for at in _bare_words(ast.parse(text))]
    assert found == []


def _bare_words(tree: ast.Module) -> list[int]:
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    drawn = [one for one in calls if ast.unparse(one.func) in ("buttons.button", "buttons.back")]
    words = [one for one in drawn if len(one.args) != 2 or isinstance(one.args[1], ast.Constant | ast.JoinedStr)]
    texts = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and str(one.value).startswith("v1:")]
    return [one.lineno for one in (*words, *texts)]


# --- default deny -------------------------------------------------------------------------------------------------

# who may press what not everybody may; a press that is missing here would be everybody's
RESTRICTED = {
    access.SALES: (
        "ask_above bystage call called ck ck_add ck_del ck_line ck_move ck_name cl_name cl_phone claim_add "
        "claim_new client consent cure deferred fdel fdel_yes fill find fmove found fput lead_of ledger ledger_ask "
        "ledger_file ledger_of ledger_one ledger_st list merge merge_ask merge_do move narrow new new_with on_day "
        "paper paperfile paperfill papergo papermake papername papernamed papers papersent pay_back pay_in pay_keep "
        "pay_line pay_out pay_undo place practice rename robot section sms sms_again stages starters step_who take "
        "range wanted"
    ),
    access.OWNER: (
        "backups bkp_kept bkp_key data_rules doc docback docfields docsample docsend erased_act looks looks_back "
        "looks_lift looks_log looks_most looks_own person person_erase person_give reqcard reqfill reqgroup reqsample "
        "reqset requisites reqvat rights sms_set templates tpl tpl_add tpl_del tpl_line tpl_move tpl_name tpl_of "
        "tpl_reset tpl_task tpl_text tpl_video"
    ),
    access.MANAGEMENT: (
        "cl_firm claims_all delete dismiss dismiss_yes hand handto invite invite_off invites left left_deal left_give "
        "left_leave left_task left_to member phone_of putoff putoff_for role role_set task_ask team"
    ),
    access.PLANNERS: ("absence_del absence_new hours_all hours_day hours_off hours_own hours_same hours_set"),
    frozenset({"dispatcher", "manager", "owner", "supervisor", "technologist"}): "pay",
    frozenset({"installer", "measurer", "owner", "supervisor"}): "askman",
}


def test_what_not_everybody_may_press_is_written_down() -> None:
    """Whoever widens a permission, or makes a press that not everybody may press, says so here."""
    known = {word: CALLBACKS[form.made].roles for word, form in FORMATS.items()}
    restricted = {word: roles for word, roles in known.items() if roles != access.EVERYONE}
    assert restricted == {word: roles for roles, words in RESTRICTED.items() for word in words.split()}


def test_a_command_is_refused_to_who_may_not_give_it(installer: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setitem(COMMANDS, "safe", (access.OWNER, lambda request: given.append(request.me.role)))
    with pytest.raises(NotAllowed):
        installer.type("/safe")
    assert given == []


def test_a_message_is_given_to_no_handler_of_other_roles(installer: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    mine = [
        (0, access.OWNER, lambda _: heard.append("owner")),
        (1, access.FIELD_STAFF, lambda _: heard.append("field")),
    ]
    monkeypatch.setattr(routes, "MESSAGES", mine)
    installer.type("Позвоните мне")
    assert heard == ["field"]


def test_a_command_without_a_permission_does_not_start() -> None:
    with pytest.raises(ValueError, match="for nobody"):
        on_command("nobodys", frozenset())(lambda _: None)
    assert "nobodys" not in COMMANDS


def test_a_handler_of_messages_without_a_permission_does_not_start() -> None:
    known = list(routes.MESSAGES)
    with pytest.raises(ValueError, match="for nobody"):
        on_message(0, frozenset())(lambda _: None)
    assert known == routes.MESSAGES and all(roles for _, roles, _ in known)
