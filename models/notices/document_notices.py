"""What is said about papers, templates and requisites (K-11, K-12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from models.notices.notice import Notice, notice
from models.values.product_text import NO_TITLE, StoredTitle
from models.values.template_flaw import TemplateFlaw


@notice("paper")
@dataclass(frozen=True, slots=True)
class PaperReady(Notice):
    """A paper was made, or could not be (`failure`). `same`: the version before says the same."""

    paper: int
    name: str
    file: int | None = None
    same: bool = False
    failure: str | None = None


@notice("requisites")
@dataclass(frozen=True, slots=True)
class RequisitesWanted(Notice):
    """A colleague cannot make a paper until the owner has filled them in."""

    from_id: Annotated[int | None, Field(alias="from")] = None


@notice("template")
@dataclass(frozen=True, slots=True)
class TemplateTried(Notice):
    """What became of the owner's template, with a trial; or a sample that he asked for (`what`).

    `used` are the names that it asks for, `unknown` those behind which nothing stands, each with the nearest one.
    `flaws` are what would run or be fetched when a paper is opened, `dropped` the templates that it was linked to.
    `stopped`: it was in use (`template`), and no paper is made by it any more.
    """

    process: str = ""
    name: str = ""
    what: Literal["docx", "invoice"] | None = None
    accepted: bool = False
    used: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    why: StoredTitle = NO_TITLE
    sha: str = ""
    file: str = ""
    flaws: tuple[TemplateFlaw, ...] = ()
    dropped: tuple[str, ...] = ()
    template: int | None = None
    stopped: bool = False
