"""What of a line of the history stays when its client is erased: what happened, when and by whom, not what was said.

Of each kind the keys of its JSON that stay; every other key goes. Values of fields stay where the field tells of
nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.fields.base import Field
from models.fields.groups import FileLike

KEPT: Mapping[str, str] = {
    "created": "", "moved": "", "filled": "field", "aside": "field", "confirmed": "fields agree",
    "assigned": "to of", "client": "", "merged": "", "split": "", "converted": "deal number", "renamed": "",
    "deleted": "", "call": "result", "corrected": "", "forwarded": "", "comment": "", "note": "text",
    "blocked": "to", "not_held": "why", "held_again": "why", "change_asked": "field", "snoozed": "rule days",
    "file": "count", "file_removed": "count fields", "file_moved": "to fields", "file_restored": "to fields",
    "file_words": "fields",
    "paper_made": "paper number version", "paper_sent": "paper number version", "paper_name": "", "sms": "state sms",
    "question": "files", "answer": "files", "paid": "field amount on by", "unpaid": "field amount",
    "returned": "field amount on by", "money_kept": "", "claim": "number", "claim_settled": "",
    "task_given": "task title", "task_closed": "task outcome", "step": "task until to every",
    "task_aside": "task outcome", "task_answered": "task outcome", "task_snoozed": "task outcome",
    "put_off": "id task title until", "task_to": "task title to", "checklist": "task title change place",
    "visit_report": "what", "erased": "", "put_back": "fields visits led",
}  # fmt: skip
VALUES = ("value", "was")  # of the field that the line names
REQUIRED = {"checklist": {"line": "—"}}  # what a kind cannot do without

FieldOf = Callable[[str], Field | None]


def is_kept(one: Field | None) -> bool:
    """Whether the values of a field stay: it tells of nobody, and names no file."""
    return one is not None and not one.is_personal() and not isinstance(one, FileLike)


def left_of(kind: str, data: Any, field: FieldOf) -> Any:
    """The JSON of a line without the person; of a kind that this version does not know nothing stays."""
    if not isinstance(data, Mapping) or kind not in KEPT:
        return None
    keys = set(KEPT[kind].split())
    if "field" in keys and is_kept(field(str(data.get("field")))):
        keys |= set(VALUES)
    left = {key: value for key, value in data.items() if key in keys}
    return {**left, **{key: one for key, one in REQUIRED.get(kind, {}).items() if key in data}} or None
