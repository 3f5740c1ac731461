"""Who may know and change what: written down once more, in plain words over plain rows, apart from the product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from models.process.process import Process
from tests.matrix.shop import STRANGER, MatrixShop, marks_of

ABOVE = ("owner", "supervisor")
SELLS = (*ABOVE, "manager")
DRIVES = ("installer", "measurer")
PLANS = (*ABOVE, "dispatcher")
COMES = ("planned", "confirmed", "held")
# what belongs to a deal, by the column that says to which
OF_DEAL = {
    "deal": "id", "deal_word": "deal_id", "event": "deal_id", "task": "deal_id", "file": "deal_id",
    "payment": "deal_id", "claim": "deal_id", "sms": "deal_id", "paper": "deal_id", "visit": "deal_id",
    "change_request": "deal_id", "intake_key": "deal_id",
}  # fmt: skip
OWNERS = ("paper_template", "backup_key", "backup", "erasure")
FREE = {
    "scheduled",
    "pin",
    "deal_counter",
    "counter",
    "owed_screen",
    "inbox",
    "leader",
    "visit_cell",
    "trouble",
    "draft",
    "typed_answer",
}


class Judge:
    """One person's rights in the shop as it stood before the press."""

    def __init__(self, shop: MatrixShop, telegram_id: int) -> None:
        people = shop.rows("employee")
        self.me = next((one for one in people if one["telegram_id"] == telegram_id and one["active"]), None)
        self.is_somebody = telegram_id != STRANGER and self.me is not None
        self.role: str = self.me["role"] if self.me else ""
        self.key: int = self.me["id"] if self.me else 0
        self._shop = shop
        self._people = {one["id"]: one for one in people}
        self.deals = {one["id"]: one for one in shop.rows("deal")}
        self._tasks, self._visits = shop.rows("task"), shop.rows("visit")
        self.sees = {key for key, deal in self.deals.items() if self._sees(deal)}
        self.knows = self.sees | {key for key, deal in self.deals.items() if self._is_told(deal)}

    # --- deals ----------------------------------------------------------------------------------------------------

    def _sees(self, deal: dict[str, Any]) -> bool:
        """Those above see all; a manager his own and nobody's; anybody where a task or a visit of his is; and the lead
        that a deal of his was."""
        if self.me is None or deal["deleted_at"] is not None:
            return False
        if self.role in ABOVE:
            return True
        if self.role == "manager" and deal["responsible_id"] in (self.key, None):
            return True
        own = any(one["origin_id"] == deal["id"] and one["responsible_id"] == self.key for one in self.deals.values())
        return own or self._works_on(deal)

    def _works_on(self, deal: dict[str, Any]) -> bool:
        given = (one for one in self._tasks if one["deal_id"] == deal["id"] and one["state"] != "void")
        comes = (one for one in self._visits if one["deal_id"] == deal["id"] and one["state"] in COMES)
        return any(one["assignee_id"] == self.key for one in given) or any(
            one["employee_id"] == self.key for one in comes
        )

    def _is_told(self, deal: dict[str, Any]) -> bool:
        """A task that is for his role, and that nobody has taken, tells what it is about."""
        open_ = (one for one in self._tasks if one["deal_id"] == deal["id"] and one["state"] == "open")
        mine = any(one["assignee_id"] is None and one["role"] == self.role for one in open_)
        return self.me is not None and deal["deleted_at"] is None and mine

    def _process(self, deal: dict[str, Any]) -> Process:
        return self._shop.company.processes[deal["process"]]

    # --- what must not be read ------------------------------------------------------------------------------------

    def secrets(self) -> Iterator[str]:
        """The marks that this person may read nowhere."""
        clients = {self.deals[one]["client_id"] for one in self.knows}
        for key, deal in self.deals.items():
            marks = marks_of(key)
            if key not in self.knows:
                yield marks.told
            if key not in self.knows or not self._is_shown_all(deal):
                yield marks.hidden
            if key not in self.knows or self.role in DRIVES:
                yield marks.money
            if self.role not in SELLS and deal["client_id"] not in clients:
                yield marks.client

    def _is_shown_all(self, deal: dict[str, Any]) -> bool:
        hidden = (getattr(one, "hidden_from", ()) for one in self._process(deal).fields.values())
        return not any(self.role in one for one in hidden)

    # --- what must not be changed ---------------------------------------------------------------------------------

    def forbidden(self, table: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        """Why this person may not have changed that row so; None if he may."""
        row = after or before or {}
        if self.me is None and table not in FREE:
            return "a stranger"
        if table in FREE:
            return self._others_draft(table, row)
        if table in OF_DEAL:
            return self._deal_row(table, before, after)
        check = getattr(self, f"_{table}_row", None)
        if check is not None:
            return check(before, after)  # type: ignore[no-any-return]
        if table in OWNERS:
            return None if self.role == "owner" else "for the owner only"
        return "nobody has said who may"

    def _others_draft(self, table: str, row: dict[str, Any]) -> str | None:
        mine = table not in ("draft", "typed_answer") or row["employee_id"] == self.key
        return None if mine else "somebody else's form"

    def _deal_row(self, table: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        key = row[OF_DEAL[table]]
        if key is None or key not in self.deals:  # a deal that was born by the press
            return (
                None if self.role in SELLS or table != "deal" or row.get("origin_id") in self.knows else "made a deal"
            )
        if key not in self.knows:
            return None if self._asks_above(table, before, after) else f"deal {key} is none of his"
        if table == "payment" and self.role not in SELLS:
            return "entered money"
        if table != "deal" or before is None or after is None or self.role in ABOVE:
            return None
        if before["deleted_at"] != after["deleted_at"]:
            return "deleted a deal"
        if before["responsible_id"] not in (None, self.key) and before["responsible_id"] != after["responsible_id"]:
            return "took a deal away"
        return None

    def _item_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        deal = next((one["deal_id"] for one in self._tasks if one["id"] == row["task_id"]), None)
        return None if deal is None or deal in self.knows else f"a line on deal {deal}"

    def _asks_above(self, table: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
        """Who sells asks those above about an entry of the client ledger that is a colleague's by now (M-14)."""
        if self.role not in SELLS or after is None:
            return False
        if table == "deal" and before is not None:
            return _unchanged(before) == _unchanged(after)
        return table == "event" and before is None and after["kind"] == "question"

    def _client_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        if self.role in ABOVE or before is None:
            return None
        own = [one for one in self.deals.values() if one["client_id"] == before["id"] and one["status"] == "open"]
        # who has left leads nothing any more, whatever still bears his name
        colleagues = {key for key, one in self._people.items() if one["active"] and key != self.key}
        others = [one for one in own if one["responsible_id"] in colleagues and one["deleted_at"] is None]
        if self.role == "manager" and others:
            return "the card of a colleague's client"
        if self.role not in SELLS and not any(one["id"] in self.knows for one in own):
            return "the card of a client that he does not know"
        return None

    def _client_word_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        return self._client_phone_row(before, after)

    def _consent_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        if row["client_id"] is not None:
            return self._client_row({"id": row["client_id"]}, after)
        return None if self.role in SELLS and row["deal_id"] in self.knows else "noted a consent"

    def _journal_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        own = before is None and after is not None and after["actor_id"] == self.key
        return None if own else "wrote somebody else's line into the journal, or changed one"

    def _client_phone_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        return self._client_row({"id": row["client_id"]}, after)

    def _employee_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        if row["id"] == self.key:
            same = before is None or after is None or before["role"] == after["role"]
            return None if same else "gave himself a role"
        if self.role not in ABOVE:
            return "changed a person"
        owners = "owner" in {(before or row)["role"], (after or row)["role"]}
        return "changed an owner" if owners and self.role != "owner" else None

    def _invitation_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        row = after or before or {}
        if before is not None and (after is None or before["used_at"] != after["used_at"]):
            return None if self.role in ABOVE else "used an invitation"
        if self.role not in ABOVE:
            return "touched an invitation"
        return "invited an owner" if row["role"] == "owner" and self.role != "owner" else None

    def _hours_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None, what: str) -> str | None:
        row = after or before or {}
        whose = self._people[row["employee_id"]]
        if self.role not in PLANS:
            return f"changed {what}"
        return f"changed an owner's {what}" if whose["role"] == "owner" and self.role != "owner" else None

    def _absence_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        return self._hours_row(before, after, "an absence")

    def _working_hours_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        same = before is not None and after is not None and before["week"] == after["week"]
        own = (after or before or {})["employee_id"] == self.key
        link = same or (before is None and after is not None and after["week"] is None)
        return None if own and link else self._hours_row(before, after, "hours")

    def _setting_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        name = str((after or before or {})["name"])
        if name.startswith(f"file:{self.key}:") or self.role == "owner":
            return None
        return f"changed the setting {name.split(':')[0]}"

    def _undo_row(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str | None:
        author = (before or after or {})["author_id"]
        return None if author == self.key or self.role in ABOVE else "took back what somebody else did"


def _unchanged(deal: dict[str, Any]) -> dict[str, Any]:
    """A deal without what a line of its history changes by itself: its version, and how its values are written."""
    fields = json.loads(deal["fields"]) if isinstance(deal["fields"], str) else deal["fields"]
    return {**deal, "version": 0, "fields": {name: str(value) for name, value in fields.items()}}
