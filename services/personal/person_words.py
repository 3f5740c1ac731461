"""What a person is called and reached by, so that he is found where nothing but the words tell of him.

In rows that hang on his card or deals nothing is looked for: they are his. This is for half-filled forms, updates and
screens, which hang on nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork

WORD = re.compile(r"\w+")
NATIONAL = 10  # digits of a number without its country's code
NUMBERS = re.compile(r"\d(?:[\d ]*\d)?")
LEAST_STEM, LEAST_DIGITS = 5, 10


@dataclass(frozen=True, slots=True)
class PersonWords:
    """`stems`: beginnings of the words of his names, in any case of theirs; `digits`: of phones and papers; `said`:
    e-mails."""

    stems: frozenset[str]
    digits: frozenset[str]
    said: frozenset[str]

    def are_in(self, content: Any) -> bool:
        """Whether the text, or any text of the JSON value, tells of him, or may."""
        text = _plain(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
        if any(one in text for one in self.said):
            return True
        numbers = re.sub(r"\D", "", text)
        if any(one in numbers for one in self.digits):
            return True
        words = set(WORD.findall(text))
        return any(word.startswith(stem) for stem in self.stems for word in words)


NOBODY = PersonWords(frozenset(), frozenset(), frozenset())


def of(work: UnitOfWork, keys: PersonKeys) -> PersonWords:
    """By what the cards and deals say; to be asked before they are erased."""
    names, texts = _names(work, keys), list(_texts(work, keys))
    digits = {one[-NATIONAL:] for one in keys.phones}
    runs = {run.replace(" ", "") for text in texts for run in NUMBERS.findall(text)}
    digits |= {run for run in runs if len(run) >= LEAST_DIGITS}
    mails = {_plain(word) for text in texts for word in text.split() if "@" in word}
    return PersonWords(frozenset(_stems(names)), frozenset(digits), frozenset(mails))


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
