"""Presses about clients' claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards.callback_data import CallbackData, callback
from models.ids import ClaimId, DealId


@callback("claim")
@dataclass(frozen=True, slots=True)
class ShowClaim(CallbackData):
    """The page of one."""

    claim: ClaimId


@callback("claims")
@dataclass(frozen=True, slots=True)
class ListClaims(CallbackData):
    """Those of a deal."""

    deal: DealId


@callback("claims_all")
@dataclass(frozen=True, slots=True)
class ListOpenClaims(CallbackData):
    """All that are open: `a ID` after that claim, `b ID` before it."""

    way: Literal["a", "b"] | None = None
    edge: int | None = None


@callback("claim_photos")
@dataclass(frozen=True, slots=True)
class SendClaimPhotos(CallbackData):
    """The photos themselves."""

    claim: ClaimId


@callback("claim_new")
@dataclass(frozen=True, slots=True)
class EnterClaim(CallbackData):
    """The client has called with a claim."""

    deal: DealId


@callback("claim_add")
@dataclass(frozen=True, slots=True)
class AddClaimPhotos(CallbackData):
    """More photos for a claim."""

    claim: ClaimId
