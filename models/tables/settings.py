"""What the owner sets in the chat."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json
from models.tables.table_row import TableRow


class SettingRow(TableRow):
    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=True)
