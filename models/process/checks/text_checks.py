"""Texts: every {placeholder} is a word that can be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from models.fields.groups import PersonNaming
from models.process.annotations import ShownText
from models.process.checks import time_checks, walk
from models.process.checks.field_checks import WORDS, words_of
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process
from models.process.stages import NewDeal


def check(process: Process, report: ProblemReport) -> None:
    """Report placeholders that nothing fills, and braces that stand alone."""
    known = [*words_of(process), *process.fields, *people_words(process), *time_checks.words_of(process)]
    for found in walk.marked(process):
        if not isinstance(found.marker, ShownText) or not isinstance(found.value, str):
            continue
        if found.marker.holds == "deal":
            for word in _placeholders(found.path, found.value, report):
                report.knows(found.path, word, "placeholder", known)
        elif found.marker.holds == "asked":
            asked = found.owner.ask if isinstance(found.owner, NewDeal) else ()
            for word in _placeholders(found.path, found.value, report):
                if word not in WORDS:
                    report.knows(found.path, word, "field that this button asks for", asked)


def people_words(process: Process) -> list[str]:
    """Of a field that names a person: his name, and his phone for a client who must be able to call him (K-21)."""
    named = ["responsible", *(name for name, field in process.fields.items() if isinstance(field, PersonNaming))]
    return [f"{name}{ending}" for name in named for ending in ("_who", "_phone")]


def _placeholders(path: Path, text: str, report: ProblemReport) -> Iterator[str]:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        report.add(path, "a brace stands alone; a placeholder is {word}, a brace itself is written twice")
        return
    for _, word, form, conversion in parsed:
        if word is None:
            continue
        if form or conversion or not word:
            report.add(path, f"a placeholder is a word in braces and nothing else, not `{{{word}…}}`")
        else:
            yield word
