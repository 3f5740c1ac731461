"""Papers, messages to the client, questions and answers in the history."""

from __future__ import annotations

from dataclasses import dataclass

from models.history.line import Footnote, HistoryLine, line


@dataclass(frozen=True, slots=True)
class PaperLine(Footnote):
    """A version of a paper."""

    paper: str = ""
    number: str = ""
    version: int = 1


@line("paper_made")
@dataclass(frozen=True, slots=True)
class PaperWasMade(PaperLine):
    """It was made (K-11)."""


@line("paper_sent")
@dataclass(frozen=True, slots=True)
class PaperWasSent(PaperLine):
    """The client has it, says the manager (K-12)."""


@line("paper_name")
@dataclass(frozen=True, slots=True)
class PaperNameChosen(HistoryLine):
    """Whose name the deal's papers carry, where the deal (`own`) and the client's card name two people."""

    name: str = ""
    own: str = ""
    card: str = ""


@line("sms")
@dataclass(frozen=True, slots=True)
class SmsChanged(Footnote):
    """A message to the client has come so far (K-21): a state of `models.sms`, or `no_phone`."""

    state: str = ""
    sms: int | None = None


@dataclass(frozen=True, slots=True)
class ChatLine(HistoryLine):
    """What a person said, and with how many files (M-10)."""

    text: str = ""
    files: int = 0


@line("question")
@dataclass(frozen=True, slots=True)
class QuestionLine(ChatLine):
    """Asked from the spot, or by those above."""


@line("answer")
@dataclass(frozen=True, slots=True)
class AnswerLine(ChatLine):
    """Answered."""
