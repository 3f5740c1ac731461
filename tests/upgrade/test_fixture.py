"""What the tests of the upgrade walk through: so that a fixture made anew is not poorer by accident."""

from __future__ import annotations

from tests.upgrade import past as pasts
from tests.upgrade.fixture import Past
from tests.upgrade.seen import HEARD

ACTIONS = 147  # that a button could mean in the version before
ERRANDS = {"album", "fetch", "fetch_old", "forget", "paper", "pin", "sample", "sms", "sms_state", "template"}
WISHES = {
    "absence", "ask", "ck_add", "ck_name", "cl_name", "cl_phone", "claim", "claim_photos", "fill", "find", "find_file",
    "hours", "item", "move", "myphone", "new", "new_with", "note", "outcome", "paper", "pay", "phone_of", "put_off",
    "quiet", "rename", "reply", "requisite", "snooze_at", "tap", "template", "tpl_add", "tpl_name", "tpl_text",
    "tpl_video", "unpay",
}  # fmt: skip
PLACES = {
    "address", "by", "dates", "day", "files", "from", "guess", "held", "known", "month", "near", "on", "part", "said",
    "same", "sum", "ticked",
}  # fmt: skip
VERBS = {
    "agreed", "back", "by", "cancel", "client", "dates", "day", "done", "drop", "keep", "later", "month", "more", "no",
    "none", "ok", "opt", "other", "part", "private", "reset", "skip", "sum", "tick", "time", "who", "win", "yes",
}  # fmt: skip
EVENTS = {
    "answer", "assigned", "blocked", "checklist", "claim", "claim_settled", "client", "comment", "converted", "created",
    "deleted", "file", "file_moved", "file_removed", "filled", "merged", "moved", "note", "paid", "paper_made",
    "paper_sent", "put_off", "question", "renamed", "sms", "snoozed", "task_answered", "task_closed", "task_given",
    "task_snoozed", "unpaid",
}  # fmt: skip
FAILURES = {"sending", "sending again", "doubt: waiting", "waiting for its turn", "outside the company's hours"}


def test_there_is_a_button_of_every_action_and_a_message_of_every_kind(past: Past) -> None:
    """Old messages: what could be pressed, and what could wait to be sent."""
    assert len({one.data.split(":")[1] for one in past.buttons}) == ACTIONS
    assert {one.kind for one in past.letters} == set(HEARD)
    assert {one.kind for one in past.bells} == {"timer", "task", "list"}


def test_there_is_a_form_for_every_wish_and_for_every_place_inside_a_question(past: Past) -> None:
    """Drafts: each wish, each place, each of a question's buttons."""
    steps = [step for one in past.drafts for step in one.steps]
    pressed = {given[-1].split(":")[3] for kind, *given in steps if kind == "press" and ":form:" in given[-1]}
    assert {one.do for one in past.drafts} >= WISHES
    assert {place for one in past.drafts for place in one.sub} >= PLACES
    assert pressed | {given[0] for kind, *given in steps if kind.startswith("verb")} >= VERBS


def test_rows_of_every_kind_wait_and_tell_of_everything_that_can_happen() -> None:
    """The tables: errands of every name, lines of history of every kind, rows of a process that died."""
    with pasts.old() as db:
        errands = {row[0] for row in db.execute("SELECT rule FROM due WHERE kind = 'errand' AND state = 0")}
        events = {row[0] for row in db.execute("SELECT kind FROM event")}
        failures = {row[0] for row in db.execute("SELECT failure FROM due WHERE state = 0 AND failure IS NOT NULL")}
        empty = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not _has(db, row[0])
        ]
    assert errands == ERRANDS
    assert events == EVENTS
    assert failures >= FAILURES and any(one.startswith("try 3: ") for one in failures)
    assert empty == ["leader"], "a table of which nothing is tested"


def _has(db: pasts.sqlite3.Connection, table: str) -> bool:
    return db.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is not None
