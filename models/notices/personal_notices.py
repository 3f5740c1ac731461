"""What the owner hears of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.notice import Notice, notice


@notice("dossier_unsent")
@dataclass(frozen=True, slots=True)
class DossierNotSent(Notice):
    """All that is known of a client, or of a lead that has no card, could not be sent from this part on."""

    tells_of_loss: ClassVar[bool] = True

    client: int | None = None
    lead: int | None = None
    part: int = 1
    of: int = 1
