"""What must happen outside a transaction, as frozen values: written down by its cause, carried out by `bot.jobs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.notices.deal_notices import FormerValue, PutBackTold
from models.stored_kinds import StoredKind, StoredKinds


@dataclass(frozen=True, slots=True)
class Job(StoredKind):
    """A job; its fields say what it is about."""


JOBS: StoredKinds[Job] = StoredKinds("job")
job = JOBS.register


@job("fetch")
@dataclass(frozen=True, slots=True)
class FetchFile(Job):
    """Bring the bytes of a file to our disk."""

    file: int


@job("fetch_old")
@dataclass(frozen=True, slots=True)
class FetchOldFiles(Job):
    """Bring the bytes of files from before, a few at a time."""


@job("forget")
@dataclass(frozen=True, slots=True)
class ForgetBlob(Job):
    """Take bytes off the disk if nobody needs them any more."""

    sha: str


@job("paper")
@dataclass(frozen=True, slots=True)
class PrintPaper(Job):
    """Print a paper."""

    paper: int


@job("pin")
@dataclass(frozen=True, slots=True)
class RedrawPin(Job):
    """Make the pinned message of a deal true."""

    deal: int


@job("sms")
@dataclass(frozen=True, slots=True)
class DeliverSms(Job):
    """Send a message to the client. `was`: the value before of the field whose change it tells; `text`: the process's
    own text, by which a visit is known that has begun meanwhile (one that a person repeats has none); `place`: where
    the deal stood when it was written, `pipeline.stage`."""

    sms: int
    was: FormerValue | None = None
    text: str = ""
    place: str | None = None


@job("sms_state")
@dataclass(frozen=True, slots=True)
class AskSmsState(Job):
    """Ask the gateway what became of a message."""

    sms: int


@job("template")
@dataclass(frozen=True, slots=True)
class TryTemplate(Job):
    """Try the owner's template."""

    template: int


@job("sample")
@dataclass(frozen=True, slots=True)
class MakeSample(Job):
    """An invoice with the company's requisites, or a .docx to begin with, for the owner to look at."""

    what: Literal["docx", "invoice"]
    process: str = ""
    name: str = ""


@job("album")
@dataclass(frozen=True, slots=True)
class SendAlbum(Job):
    """Send somebody photos that he may see."""

    files: tuple[int, ...]


@job("take_down")
@dataclass(frozen=True, slots=True)
class ForgetMessages(Job):
    """Take out of a person's chat what he may not read any more: of the messages whose rows lie `below`, and the
    question of a `form` that has ended."""

    person: int
    below: int | None = None
    form: int | None = None


@job("retell")
@dataclass(frozen=True, slots=True)
class CorrectNotices(Job):
    """Have messages that have left say what is true since a deal was put back: those of these rows."""

    deal: int
    said: PutBackTold
    rows: tuple[int, ...]


@job("retell_lead")
@dataclass(frozen=True, slots=True)
class CorrectLeadNotices(Job):
    """Have the messages that have offered a lead say whose it is now, or that it is over."""

    deal: int


@job("tell_trouble")
@dataclass(frozen=True, slots=True)
class TellTrouble(Job):
    """Tell a trouble, or that it is `over`, by SMS and e-mail: the bot cannot."""

    trouble: int
    over: bool = False


@job("leave_group")
@dataclass(frozen=True, slots=True)
class LeaveGroup(Job):
    """Go out of a group or a channel; `says`: first say why, in the language of `locale`."""

    chat: int
    locale: str
    says: bool = False


@job("erasure")
@dataclass(frozen=True, slots=True)
class FinishErasure(Job):
    """Do outside the database what erasing a person leaves: bytes, messages, the database's own file."""

    erasure: int


@job("dossier")
@dataclass(frozen=True, slots=True)
class GiveDossier(Job):
    """Send the owner all that is known of a person: of a client's card, or of a lead that has none. The data and the
    first files go with part 1; the later parts, each a job of its own, have the `files` that are left."""

    client: int | None = None
    lead: int | None = None
    part: int = 1
    of: int = 1
    files: tuple[int, ...] = ()


@job("certificate")
@dataclass(frozen=True, slots=True)
class GiveCertificate(Job):
    """Send the certificate of an erasure once more."""

    erasure: int
