"""Forms about clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.ids import ClientId
from services.form_purposes import Purpose, purpose


@purpose("find")
@dataclass(frozen=True, slots=True)
class SearchPurpose(Purpose):
    """Whom or what to look for."""

    is_search: ClassVar[bool] = True


@purpose("range")
@dataclass(frozen=True, slots=True)
class RangePurpose(Purpose):
    """Between which sums or days, of what was found by these words (as a button carries them)."""

    words: str


@purpose("cl_phone")
@dataclass(frozen=True, slots=True)
class ClientPhonePurpose(Purpose):
    """One more phone of a client."""

    client: ClientId


@purpose("cl_name")
@dataclass(frozen=True, slots=True)
class ClientNamePurpose(Purpose):
    """Another name of a client."""

    client: ClientId
