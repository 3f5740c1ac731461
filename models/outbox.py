"""What is to happen later, as frozen values: a row of the schedule, what delivery adds to a message, its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from models.ids import DealId, EmployeeId, NoticeId, TaskId
from models.jobs import JOBS, Job
from models.notices import notice
from models.notices.notice import Notice
from models.roles import Role

ScheduledKind = Literal["timer", "task", "list", "person", "notice", "job"]


class DeliveryState(StrEnum):
    """How far a row of the schedule has come.

    waiting → sending → sent | refused | unsure | void. Nobody knows whether what is `sending` has happened while its
    call is under way; what is `unsure` may have happened: it is repeated, marked as a repeat, until it is known, or has
    ended so, and somebody was told. `refused` ended without success and `failure` says why. `void` is no longer wanted.
    A timer that has fired, a job that is done, is `sent` too. What has ended has `done_at`.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What delivery adds to a notice.

    `to`: whom the rule meant (a word of the process, or an employee's id); `stage`: `pipeline.stage` where the deal
    stood when it was said; `practice`: it is about a learner's deal; `late`: it should have been said long before;
    `passed`: those who could not be reached before this reader; `instead_of`: the name of the last of them; `anchor`:
    for which state of the deal the timer rang that says it; `role`: the reader's when it was written.
    """

    to: str | int | None = None
    stage: str | None = None
    practice: bool = False
    late: bool = False
    passed: tuple[int, ...] = ()
    instead_of: str | None = None
    anchor: str | None = None
    role: Role | None = None

    def to_data(self) -> dict[str, Any] | None:
        """What differs from an empty envelope, as JSON; None if nothing does."""
        given = {
            "to": self.to,
            "stage": self.stage,
            "practice": self.practice,
            "late": self.late,
            "passed": list(self.passed),
            "instead_of": self.instead_of,
            "anchor": self.anchor,
            "role": self.role,
        }
        return {key: value for key, value in given.items() if value} or None

    @classmethod
    def from_data(cls, data: Any) -> Envelope:
        """The envelope out of a row; what another version has written there otherwise is passed over."""
        if not data or not isinstance(data, dict):
            return EMPTY
        known = {key: value for key, value in data.items() if key in cls.__slots__}
        passed = known.get("passed")
        return cls(**{**known, "passed": tuple(passed) if isinstance(passed, list) else ()})

    def passed_by(self, person_id: int, name: str) -> Envelope:
        """The envelope for the next reader, because this one cannot be reached."""
        return replace(self, passed=(*self.passed, person_id), instead_of=name)


EMPTY = Envelope()


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of the schedule to be written: a message says its `content`, a job is its `content`.

    `run_at` may be later than `scheduled_for`, when it was to happen.
    """

    kind: ScheduledKind
    rule: str
    dedup_key: str
    run_at: datetime
    scheduled_for: datetime
    deal_id: int | None = None
    task_id: int | None = None
    employee_id: int | None = None
    content: Notice | Job | None = None
    envelope: Envelope = EMPTY


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A row of the schedule as it was read. `attempts` counts its claims; `tries`, sends that may have arrived;
    `failures`, what went wrong of our own making; `turned`: a press has put another screen in the message's place."""

    id: NoticeId
    kind: ScheduledKind
    deal_id: DealId | None
    task_id: TaskId | None
    employee_id: EmployeeId | None
    rule: str
    dedup_key: str
    payload: Mapping[str, Any]
    envelope: Envelope
    scheduled_for: datetime
    run_at: datetime
    delivery_state: DeliveryState
    attempts: int
    tries: int
    failures: int
    failure: str | None
    done_at: datetime | None
    message_id: int | None
    turned: bool = False

    @property
    def notice(self) -> Notice:
        """What the message says; an `UnknownNotice` for a kind that this version does not know."""
        return notice.read(self.payload)

    @property
    def job(self) -> Job:
        """What is to be done. UnknownKind for a job that this version does not know."""
        return JOBS.read(self.rule, self.payload)

    @property
    def reader_id(self) -> int:
        """Whose message it is. ValueError for a row that is nobody's."""
        if self.employee_id is None:
            raise ValueError(f"the row {self.id} of kind {self.kind} is for nobody")
        return self.employee_id
