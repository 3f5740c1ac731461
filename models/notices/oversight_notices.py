"""What the owner hears of who looks at clients and takes them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.notices.notice import Notice, notice


@notice("looks_limited")
@dataclass(frozen=True, slots=True)
class LooksLimited(Notice):
    """Somebody has looked at as many of others' clients (`most`) as he may on that day, and wanted to see more."""

    person: int
    name: str
    most: int
    day: date


@notice("table_taken")
@dataclass(frozen=True, slots=True)
class TableTaken(Notice):
    """Somebody has taken so many rows out as a file (`table`, its word); `name` is empty: on the server."""

    table: str
    rows: int
    name: str = ""


@notice("company_asked")
@dataclass(frozen=True, slots=True)
class CompanyAsked(Notice):
    """`by` has converted a lead of a client (`name`) whose deals a colleague leads, and may not write the `company`
    into his card: those above are to."""

    client: int
    company: int
    name: str
    title: str
    by: str
