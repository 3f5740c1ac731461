"""By what a deal is found: its number, its title, and what its fields say that people look for."""

from __future__ import annotations

import hashlib
import json

from models.entities import Deal
from models.process.process import Process
from models.search import search_words

OWN = ""  # the number and the title: whoever sees the deal sees them
PAPER = "paper:"  # and the paper's name
MOST_WORDS = 60  # of one field: the beginning of a long letter is enough
VERSION = 1  # of how words are kept: another one has all of them written anew
Word = tuple[str, str]  # (token, field)


def of(process: Process | None, deal: Deal) -> frozenset[Word]:
    """All tokens of the deal with the field that says each; its papers' numbers are kept where papers are. A learner's
    deal has none: it stands in no list (K-2)."""
    if deal.kind == "practice":
        return frozenset()
    found = {(one, OWN) for one in search_words.number_tokens(deal.number)}
    found |= {(one, OWN) for one in search_words.tokens(deal.title, MOST_WORDS)}
    for name, value in deal.fields.items():
        field = process.fields.get(name) if process is not None and name not in process.faces else None
        if field is not None and value is not None:
            found |= {(one, name) for one in search_words.tokens(field.found_by(value), MOST_WORDS)}
    return frozenset(found)


def of_paper(name: str, number: str) -> list[Word]:
    """The tokens of a paper's number."""
    return [(one, f"{PAPER}{name}") for one in search_words.number_tokens(number)]


def fingerprint(process: Process) -> str:
    """What the tokens of a process's deals depend on beside the deals: types of its fields, titles of options. When a
    file is edited so that it changes, they are written anew."""
    said = {name: [one.type, getattr(one, "options", None)] for name, one in process.fields.items()}
    whole = json.dumps([VERSION, said, sorted(process.faces)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
