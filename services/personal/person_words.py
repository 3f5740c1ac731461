"""What a person is called and reached by, so that he is found where nothing but the words tell of him.

In rows that hang on his card or deals nothing is looked for: they are his. This is for half-filled forms, updates and
screens, which hang on nobody. What is erased may be a namesake's; what is given out is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.values import phone
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork

WORD = re.compile(r"\w+")
NATIONAL = 10  # digits of a number without its country's code
NUMBERS = re.compile(r"\d(?:[\d ]*\d)?")
WRITTEN = re.compile(r"\d(?:[\s().+–-]*\d)*")  # a number as people write it
AROUND = ".,;:!?()<>[]{}«»\"'"  # what stands around an e-mail
LEAST_STEM, LEAST_DIGITS = 5, 10


@dataclass(frozen=True, slots=True)
class PersonWords:
    """`stems`: beginnings of the words of his names, in any case of theirs; `digits`: of phones and papers; `said`:
    e-mails. `own`: those digits that are surely his (another's phone may stand in a note on his deal); `names`: his
    full names, word by word."""

    stems: frozenset[str] = frozenset()
    digits: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    names: frozenset[tuple[str, ...]] = frozenset()

    def may_be_in(self, content: Any) -> bool:
        """Whether the text, or any text of the JSON value, tells of him or of a namesake."""
        text = _plain(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
        if any(one in text for one in self.said):
            return True
        numbers = re.sub(r"\D", "", text)
        if any(one in numbers for one in self.digits):
            return True
        words = set(WORD.findall(text))
        return any(word.startswith(stem) for stem in self.stems for word in words)

    def are_in(self, line: str) -> bool:
        """Whether the line names him and nobody else: by his full name, phone, paper or e-mail."""
        text = _plain(line)
        mails = {one.strip(AROUND) for one in text.split()}
        if not self.said.isdisjoint(mails):
            return True
        runs = [re.sub(r"\D", "", run) for run in WRITTEN.findall(text)]
        if any(one in run for run in runs for one in self.own):
            return True
        words = WORD.findall(text)
        return any(_follow(words, name) for name in self.names)

    def lines_of(self, content: Any) -> list[str]:
        """The lines of a text, or of all texts of a JSON value, that name him."""
        if isinstance(content, str):
            return [line for line in content.splitlines() if self.are_in(line)]
        parts = content.values() if isinstance(content, Mapping) else content if isinstance(content, list) else ()
        return [line for part in parts for line in self.lines_of(part)]


NOBODY = PersonWords()


def of(work: UnitOfWork, keys: PersonKeys) -> PersonWords:
    """By what the cards and deals say; to be asked before they are erased."""
    names, texts = _names(work, keys), list(_texts(work, keys))
    phones = frozenset(one[-NATIONAL:] for one in keys.phones)
    runs = {run.replace(" ", "") for text in texts for run in NUMBERS.findall(text)}
    papers = frozenset(run for run in runs if len(run) >= LEAST_DIGITS)
    mails = frozenset(word for text in texts for word in (one.strip(AROUND) for one in _plain(text).split())
                      if "@" in word)  # fmt: skip
    full = frozenset(tuple(words) for words in (WORD.findall(_plain(name)) for name in names) if len(words) > 1)
    own = phones | frozenset(run for run in papers if not phone.find_phones(run))
    return PersonWords(frozenset(_stems(names)), phones | papers, mails, own, full)


def _follow(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the words of the name stand there, one after the other."""
    return any(tuple(words[at : at + len(name)]) == name for at in range(len(words) - len(name) + 1))


def _names(work: UnitOfWork, keys: PersonKeys) -> list[str]:
    cards = select(ClientRow.name).where(ClientRow.id.in_(keys.clients), ClientRow.kind == "person")
    found = list(work.tx.execute(cards).scalars())
    for row in work.tx.execute(select(DealRow.process, DealRow.fields).where(DealRow.id.in_(keys.deals))):
        process = work.company.processes.get(row.process)
        found.append(str((process and row.fields.get(process.client.name)) or ""))
    return found


def _texts(work: UnitOfWork, keys: PersonKeys) -> Iterable[str]:
    """The personal values of his deals that are texts."""
    for row in work.tx.execute(select(DealRow.process, DealRow.fields).where(DealRow.id.in_(keys.deals))):
        process = work.company.processes.get(row.process)
        for name, value in row.fields.items():
            field = process.fields.get(name) if process else None
            if isinstance(value, str) and (field is None or field.is_personal()):
                yield value


def _stems(names: Iterable[str]) -> set[str]:
    """«Жемчугова» as «жемчугов»: of each name its longest word, which is seldom the first name."""
    found = set[str]()
    for name in names:
        words = sorted(WORD.findall(_plain(name)), key=len)
        if words and not words[-1].isdigit():
            stem = words[-1][:-1] if words[-1][-1] in "аяоеыиуйь" else words[-1]
            found |= {stem} if len(stem) >= LEAST_STEM else set()
    return found


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")
