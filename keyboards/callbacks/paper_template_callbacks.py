"""Presses of «Шаблоны документов». A template is named by its process and its paper."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback


@callback("templates")
@dataclass(frozen=True, slots=True)
class ListPaperTemplates(CallbackData):
    """Every paper of every process."""


@callback("doc")
@dataclass(frozen=True, slots=True)
class OpenPaperTemplate(CallbackData):
    """One paper's template."""

    process: str
    name: str


@callback("docfields")
@dataclass(frozen=True, slots=True)
class ListPaperVariables(CallbackData):
    """What can be put into it, page by page."""

    process: str
    name: str
    page: int | None = None


@callback("docsample")
@dataclass(frozen=True, slots=True)
class SendTemplateExample(CallbackData):
    """A .docx to begin with."""

    process: str
    name: str


@callback("docback")
@dataclass(frozen=True, slots=True)
class RestorePaperTemplate(CallbackData):
    """Ours again."""

    process: str
    name: str


@callback("docsend")
@dataclass(frozen=True, slots=True)
class SendOwnTemplate(CallbackData):
    """The owner's own .docx."""

    process: str
    name: str
