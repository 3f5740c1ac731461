"""The tables. SQLAlchemy Core: statements are built once, at import, because a tap costs what its statements cost.

Times are `UtcDateTime`, money is whole kopecks, texts are cleaned before they come here.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.columns import Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by INTEGER PRIMARY KEY only; PostgreSQL should have room for more
Id = BigInteger().with_variant(Integer(), "sqlite")

# --- people -----------------------------------------------------------------------------------------------------

employee = Table(
    "employee",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("locale", String(8), nullable=False),
    Column("quiet_from", SmallInteger),  # minutes from midnight, local; both or none
    Column("quiet_to", SmallInteger),
    Column("active", Boolean, nullable=False),
    Column("phone", String(20)),  # where a client reaches him on the day of the visit (K-21)
    Column("unreachable_at", UtcDateTime),  # since when Telegram refuses to deliver to this person
    Column("created_at", UtcDateTime, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("name", Text),
    Column("created_by_id", ForeignKey("employee.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_by_id", ForeignKey("employee.id")),
    Column("used_at", UtcDateTime),
)

# --- clients ----------------------------------------------------------------------------------------------------

client = Table(
    "client",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # person | company
    Column("name", Text, nullable=False),
    Column("note", Text),
    Column("company_id", ForeignKey("client.id")),
    Column("merged_into_id", ForeignKey("client.id")),
    Column("created_at", UtcDateTime, nullable=False),
)

client_phone = Table(
    "client_phone",
    metadata,
    Column("client_id", ForeignKey("client.id"), primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Index("ix_client_phone_phone", "phone"),
)

# words of names, lower case, for search by their beginning: flat cost at a million clients
client_word = Table(
    "client_word",
    metadata,
    Column("word", String(60), primary_key=True),
    Column("client_id", ForeignKey("client.id"), primary_key=True),
)

# --- deals ------------------------------------------------------------------------------------------------------

deal = Table(
    "deal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("process", String(24), nullable=False),
    Column("pipeline", String(24), nullable=False),
    Column("kind", String(10), nullable=False),  # lead | deal | deferred
    Column("stage", String(24), nullable=False),
    Column("status", String(10), nullable=False),  # open | won | lost
    Column("title", Text, nullable=False),
    Column("client_id", ForeignKey("client.id")),
    Column("responsible_id", ForeignKey("employee.id")),
    Column("source", Text),
    Column("fields", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("came_from", String(24)),
    Column("origin_id", ForeignKey("deal.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Index("ix_deal_mine", "responsible_id", "status", "kind", "id"),
    Index("ix_deal_all", "status", "kind", "id"),
    Index("ix_deal_stage", "process", "pipeline", "stage", "id"),
    Index("ix_deal_client_id", "client_id"),
    Index("ix_deal_origin_id", "origin_id"),
)

# append-only: who, when, from → to, why
event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", SmallInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", ForeignKey("employee.id")),
    Column("kind", String(20), nullable=False),
    Column("from_stage", String(50)),
    Column("to_stage", String(50)),
    Column("rule", Text),
    Column("data", Json),
    # the second lock against two winners: nobody can write the same step of a deal twice
    UniqueConstraint("deal_id", "version", "seq"),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("name", String(24), nullable=False),
    Column("origin", String(60), nullable=False),  # pipeline.stage it was given on
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("video", Text),
    Column("list", Text),
    Column("assignee_id", ForeignKey("employee.id")),
    Column("role", String(20)),  # whose it is while nobody has taken it
    Column("state", String(10), nullable=False),  # open | done | void
    Column("outcome", String(24)),
    Column("due_at", UtcDateTime, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by_id", ForeignKey("employee.id")),
    Index("ix_task_deal", "deal_id", "id"),
    Index("ix_task_assignee", "assignee_id", "state", "due_at"),
    Index("ix_task_role", "role", "state", "due_at"),
)

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("task_id", ForeignKey("task.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("fill", Json, nullable=False),
    Column("offers", Json),  # fields that are asked beside them and may be skipped
    Column("paper", String(24)),  # the paper that one tap makes
    Column("optional", Boolean, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by_id", ForeignKey("employee.id")),
    UniqueConstraint("task_id", "position"),
)

file = Table(
    "file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("field", String(24)),
    Column("kind", String(10), nullable=False),  # photo | document | video | audio | voice | animation | video_note
    Column("name", Text, nullable=False),
    Column("size", BigInteger),
    Column("mime", Text),
    Column("telegram_id", Text, nullable=False),  # file_id: what the bot sends back; empty for what it has only on disk
    Column("unique_id", Text, nullable=False),  # file_unique_id: the same file sent twice is one
    Column("sha", String(64)),  # of its bytes, once they lie on our disk; the same bytes lie there once
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("deal_id", "field", "unique_id"),
    Index("ix_file_sha", "sha"),
)

# --- what is to happen later ------------------------------------------------------------------------------------

PENDING, DONE, VOID, FAILED, DOUBT = 0, 1, 2, 3, 4

due = Table(
    "due",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # timer | task | list | notice | errand
    Column("deal_id", ForeignKey("deal.id")),
    Column("task_id", ForeignKey("task.id")),
    Column("employee_id", ForeignKey("employee.id")),
    Column("rule", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("payload", Json),
    Column("meant_at", UtcDateTime, nullable=False),  # when it was to happen; `due_at` may be later: hours, retries
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("failure", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("message_id", BigInteger),
    Index("ix_due_pending", "due_at", "id", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
    Index("ix_due_deal", "deal_id", "state"),
    # which deal a message was about: an answer to it belongs there (K-22)
    Index(
        "ix_due_message",
        "employee_id",
        "message_id",
        sqlite_where=text("message_id IS NOT NULL"),
        postgresql_where=text("message_id IS NOT NULL"),
    ),
    # one pending timer per deal and rule: a new anchor replaces the old one
    Index(
        "uq_due_timer",
        "deal_id",
        "rule",
        unique=True,
        sqlite_where=text("state = 0 AND kind = 'timer'"),
        postgresql_where=text("state = 0 AND kind = 'timer'"),
    ),
    Index(
        "uq_due_list",
        "employee_id",
        "rule",
        "anchor",
        unique=True,
        sqlite_where=text("kind = 'list'"),
        postgresql_where=text("kind = 'list'"),
    ),
    # one message per cause: a cause carried out twice (a crash, a second replica) speaks once
    Index("uq_due_task", "task_id", "kind", "anchor", unique=True),
)

# --- what came in -----------------------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),  # PENDING, DONE or FAILED (quarantined)
    Column("attempts", SmallInteger, nullable=False),
    Column("failure", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    UniqueConstraint("bot_id", "update_id"),
    Index("ix_inbox_pending", "id", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
    Index("ix_inbox_quarantined", "id", sqlite_where=text("state = 3"), postgresql_where=text("state = 3")),
)

# a half-filled form: one per person, in the database, so that it survives a restart
draft = Table(
    "draft",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    Column("data", Json, nullable=False),
    Column("message_id", BigInteger),
    Column("updated_at", UtcDateTime, nullable=False),
)

intake_key = Table(
    "intake_key",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# how many open deals stand where, and whose (0: nobody's): counts on the menu cost the same at a million deals
tally = Table(
    "tally",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("process", String(24), primary_key=True),
    Column("pipeline", String(24), primary_key=True),
    Column("stage", String(24), primary_key=True),
    Column("responsible_id", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("value", Json),
)

leader = Table(
    "leader",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
