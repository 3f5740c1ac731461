"""Every table there is: what migrations, backups and tests must see whole."""

from __future__ import annotations

from models import shop_tables as shop_tables
from models.tables import metadata as metadata
