"""Texts: every {placeholder} is a word that can be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from models.fields.groups import PersonNaming
from models.process import robots as r
from models.process.checks import walk
from models.process.checks.field_checks import WORDS, words_of
from models.process.checks.problem_report import Path, Report
from models.process.process import Process


def check(process: Process, report: Report) -> None:
    """Report placeholders that nothing fills, and braces that stand alone."""
    known = [*words_of(process), *process.fields, *people_words(process)]
    for path, text in _texts(process):
        for word in _placeholders(path, text, report):
            report.knows(path, word, "placeholder", known)
    for name, line in process.pipelines.items():
        if line.new:
            at: Path = ("pipelines", name, "new", "title")
            for word in _placeholders(at, line.new.title, report):
                if word not in WORDS:
                    report.knows(at, word, "field that this button asks for", line.new.ask)


def people_words(process: Process) -> list[str]:
    """Of a field that names a person: his name, and his phone for a client who must be able to call him (K-21)."""
    named = ["responsible", *(name for name, field in process.fields.items() if isinstance(field, PersonNaming))]
    return [f"{name}{ending}" for name in named for ending in ("_who", "_phone")]


def _texts(process: Process) -> Iterator[tuple[Path, str]]:
    yield ("silence", "text"), process.silence.text
    if process.goods:
        yield ("goods", "title"), process.goods.title
    for path, _, _, task in walk.tasks(process):
        for key in ("title", "description"):
            if text := getattr(task, key):
                yield (*path, key), text
    for path, _, _, action in walk.actions(process):
        match action:
            case r.Notify() | r.Escalate() | r.AskFields():
                yield (*path, "text"), action.text
            case r.Comment():
                yield (*path, "comment"), action.comment
            case r.SendSms():
                yield (*path, "sms"), action.sms
            case r.PinText():
                yield (*path, "pin"), action.pin
            case _:
                pass


def _placeholders(path: Path, text: str, report: Report) -> Iterator[str]:
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
