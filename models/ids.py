"""Ids of rows, a type for each table that a button or a form names, so that one is never passed for another."""

from __future__ import annotations

from typing import NewType

DealId = NewType("DealId", int)
TaskId = NewType("TaskId", int)
ItemId = NewType("ItemId", int)  # a line of a task's checklist
ClientId = NewType("ClientId", int)
EmployeeId = NewType("EmployeeId", int)
FileId = NewType("FileId", int)
ClaimId = NewType("ClaimId", int)
PaperId = NewType("PaperId", int)  # one version of a paper
PaymentId = NewType("PaymentId", int)  # a line of the deal's payments
SmsId = NewType("SmsId", int)
NoticeId = NewType("NoticeId", int)  # a message of the schedule
AbsenceId = NewType("AbsenceId", int)
InvitationId = NewType("InvitationId", int)
UndoId = NewType("UndoId", int)
BackupKeyId = NewType("BackupKeyId", int)
Revision = NewType("Revision", int)  # how often a deal has changed: what a button was drawn for
