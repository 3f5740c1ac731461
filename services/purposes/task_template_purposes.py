"""Forms of «Чек-листы задач». `key` names a task of a process, `stamp` the state of its list, `at` a line's place."""

from __future__ import annotations

from dataclasses import dataclass

from services.form_purposes import Purpose, purpose


@purpose("tpl_add")
@dataclass(frozen=True, slots=True)
class AddTemplateLinePurpose(Purpose):
    """A new line."""

    key: int


@purpose("tpl_name")
@dataclass(frozen=True, slots=True)
class RenameTemplateLinePurpose(Purpose):
    """Other words for a line."""

    key: int
    stamp: int
    at: int


@purpose("tpl_text")
@dataclass(frozen=True, slots=True)
class DescriptionPurpose(Purpose):
    """Another description."""

    key: int


@purpose("tpl_video")
@dataclass(frozen=True, slots=True)
class VideoPurpose(Purpose):
    """Another video."""

    key: int
