"""The words that say what kind a card is of and how far something has come, as they stand in the database."""

from __future__ import annotations

from typing import Literal

DealKind = Literal["lead", "deal", "deferred", "practice"]
DealStatus = Literal["open", "won", "lost"]
# void: taken back before it was done; lapsed: done, and what it said counts no longer
TaskState = Literal["open", "done", "void", "lapsed"]
StepEvery = Literal["day", "workday", "week", "month"]  # a next step that comes again
# of an open form: what is typed answers its question; he has gone elsewhere since, so what is typed may be meant for
# something else; he has said that it is
QuestionStands = Literal["asked", "aside", "parked"]
CallResult = Literal["reached", "missed", "calls_back"]  # calls_back: he will call, or asked to be called later
ClaimState = Literal["open", "settled"]
AbsenceKind = Literal["off", "leave", "sick"]
# a window is `reserved` while somebody talks with the client; a visit is wished (a day, perhaps nobody yet), planned
# (an hour, and who comes), confirmed by him, under way (his word, or its hour has come), held or off
VisitState = Literal["reserved", "wished", "planned", "confirmed", "under_way", "held", "off"]
PaperState = Literal["asked", "made", "failed"]
TemplateState = Literal["checking", "used", "refused", "old"]
# waiting → sending → sent → delivered | failed; sending → doubt: whether it went out is not known, and it is not sent
# again by itself. practice: nothing goes out. again: a person has sent it once more, as another message. dropped: what
# it would have told is no longer so
SmsState = Literal["waiting", "sending", "sent", "delivered", "failed", "doubt", "practice", "again", "dropped"]
FileKind = Literal["photo", "document", "video", "audio", "voice", "animation", "video_note"]
# a program or script; a page (HTML, SVG) by another name; a picture of too many points; no picture where one is wanted
FileRefusal = Literal["program", "page", "pixels", "picture"]
ClientKind = Literal["person", "company"]
