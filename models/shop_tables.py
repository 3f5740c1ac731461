"""The tables of a shop that takes orders: payments, papers, booked visits, messages to clients, claims, pinned texts.

They share `models.tables.metadata`; whoever needs every table imports this module too (migrations, export, backup).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.columns import Json, UtcDateTime
from models.tables import Id, metadata

# --- money: append-only; a correction is a row with the opposite sign that names what it takes back (K-14) ---------

payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("field", String(24), nullable=False),  # the payment field of the process that it counts for
    Column("amount", BigInteger, nullable=False),  # kopecks; below zero for a reversal
    Column("paid_on", Date, nullable=False),
    Column("method", String(24), nullable=False),
    Column("note", Text),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("reverses_id", ForeignKey("payment.id"), unique=True),  # nothing is taken back twice
    Index("ix_payment_deal", "deal_id", "id"),
)

# --- papers: every version stays (K-11, K-12) ----------------------------------------------------------------------

paper = Table(
    "paper",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("name", String(24), nullable=False),  # as the process calls it: contract, invoice …
    Column("number", String(30), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("data", Json, nullable=False),  # what the template was filled with
    Column("fingerprint", String(64), nullable=False),  # of data and template: the same card makes no new version
    Column("state", String(10), nullable=False),  # asked | made | failed
    Column("failure", Text),
    Column("file_id", ForeignKey("file.id")),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
    Column("sent_at", UtcDateTime),  # when the manager said that the client has it
    Column("sent_by_id", ForeignKey("employee.id")),
    UniqueConstraint("deal_id", "name", "number", "version"),
)

# the owner's own templates; the newest accepted one of a name is used
paper_template = Table(
    "paper_template",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process", String(24), nullable=False),
    Column("name", String(24), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("telegram_id", Text, nullable=False),
    Column("sha", String(64)),
    Column("state", String(10), nullable=False),  # checking | used | refused | old
    Column("problem", Text),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_paper_template_name", "process", "name", "state"),
)

# --- booked visits (K-19, K-20) -------------------------------------------------------------------------------------

booking = Table(
    "booking",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id")),
    Column("field", String(24), nullable=False),
    Column("employee_id", ForeignKey("employee.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # held | booked | freed
    Column("held_until", UtcDateTime),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_booking_deal", "deal_id", "state"),
    Index("ix_booking_who", "employee_id", "state", "starts_at"),
)

# one row per half hour of a person: the primary key is what makes a second booking impossible, on every database
booking_cell = Table(
    "booking_cell",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),  # half hours since 1970, UTC
    Column("booking_id", ForeignKey("booking.id"), nullable=False),
    Index("ix_booking_cell_booking", "booking_id"),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("employee_id", ForeignKey("employee.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # off | leave | sick
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_absence_who", "employee_id", "last_on"),
)

# when a person works, where it differs from the company's hours; and the secret of the calendar's link
working_hours = Table(
    "working_hours",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    # {"0": ["09:00", "18:00"], …} by weekday, Monday 0; a missing day is off; None: the company's week
    Column("week", Json),
    Column("calendar_secret", String(64), unique=True),
)

# --- messages to clients (K-21) -------------------------------------------------------------------------------------

sms = Table(
    "sms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("parts", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("state", String(10), nullable=False),  # see models.sms
    Column("provider_id", Text),
    Column("failure", Text),
    Column("author_id", ForeignKey("employee.id")),  # whose press it follows from
    Column("at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("state_at", UtcDateTime),
    Index("ix_sms_deal", "deal_id", "id"),
)

# --- claims (K-24) --------------------------------------------------------------------------------------------------

claim = Table(
    "claim",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False),  # open | settled
    Column("opened_by_id", ForeignKey("employee.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("photos", Json, nullable=False),  # ids of the files that came with it; who works on it: its task says
    Column("settled_at", UtcDateTime),
    Column("settled_by_id", ForeignKey("employee.id")),
    Column("client_word", Text),
    Column("repair_id", ForeignKey("deal.id")),
    Index("ix_claim_deal", "deal_id", "state"),
    Index("ix_claim_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)

# --- the pinned message of a deal, which stays true (K-14) ----------------------------------------------------------

pin = Table(
    "pin",
    metadata,
    Column("deal_id", ForeignKey("deal.id"), primary_key=True),
    Column("text", Text, nullable=False),  # the process's text with placeholders
    Column("employee_id", ForeignKey("employee.id")),  # in whose chat it hangs
    Column("message_id", BigInteger),
    Column("shown", Text),  # what it says now
    Column("stale", Boolean, nullable=False),
    Column("sending_at", UtcDateTime),  # since when somebody is about to change it; a lease that lapses
)
