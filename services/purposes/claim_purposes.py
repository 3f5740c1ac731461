"""Forms about clients' claims."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import ClaimId, DealId
from services.form_purposes import Purpose, purpose


@purpose("claim")
@dataclass(frozen=True, slots=True)
class ClaimPurpose(Purpose):
    """What the client says."""

    deal: DealId


@purpose("claim_photos")
@dataclass(frozen=True, slots=True)
class ClaimPhotosPurpose(Purpose):
    """Photos for a claim."""

    claim: ClaimId
    deal: DealId
