"""Alembic's entry: the connection comes from the application, which holds the only writer."""

from typing import Any, Literal

from alembic import context

from models.tables import metadata
from models.tables.columns import Json, UtcDateTime


def render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """A migration names plain types: it must read the same when our own types have moved on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.BigInteger()"
    return "sa.Text()" if kind == "type" and isinstance(item, Json) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
    transactional_ddl=True,
)
# the caller's transaction holds the whole upgrade: a crash in the middle leaves nothing half-done
context.run_migrations()
