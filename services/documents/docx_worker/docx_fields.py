"""The codes of fields («PAGE», «DDEAUTO …»): put together from the pieces over which Word spreads them, and judged.

A code is judged by every reading that Word may come to: tracked changes taken or not, one branch of an alternative or
the other. What cannot be put together whole is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.documents.docx_worker.docx_findings import PLACEHOLDER, FindingKind, is_safe_link

NESTED = "\0"  # stands for a field inside the code of another one
# What only counts, repeats or shows something of the document itself. Everything else is refused, what is unknown too:
# DDE, DDEAUTO, INCLUDEPICTURE, INCLUDETEXT, LINK, EMBED, DATABASE, MACROBUTTON and whatever comes after them.
HARMLESS_NAMES = """
    PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF STYLEREF SEQ TOC TOA TC TA INDEX XE BIBLIOGRAPHY CITATION
    DATE TIME CREATEDATE SAVEDATE PRINTDATE EDITTIME AUTHOR LASTSAVEDBY TITLE SUBJECT KEYWORDS COMMENTS CATEGORY REVNUM
    NUMWORDS NUMCHARS FILENAME FILESIZE TEMPLATE INFO USERNAME USERINITIALS USERADDRESS DOCPROPERTY DOCVARIABLE
    IF COMPARE SET QUOTE ASK FILLIN SYMBOL EQ ADVANCE LISTNUM AUTONUM AUTONUMLGL AUTONUMOUT BIDIOUTLINE PRIVATE SHAPE
    FORMTEXT FORMCHECKBOX FORMDROPDOWN MERGEFIELD NEXT NEXTIF SKIPIF MERGEREC MERGESEQ ADDRESSBLOCK GREETINGLINE
    BARCODE DISPLAYBARCODE MERGEBARCODE HYPERLINK
    """
HARMLESS = frozenset(HARMLESS_NAMES.split())
FIRST = re.compile(r'[^\s"\\\0]+')
WORD = re.compile(r'"([^"]*)"?|\\(\S)|([^\s"]+)')
WITH_VALUE = frozenset("lot")  # switches of HYPERLINK whose next word is theirs
PLAIN, TAKEN, LEFT = 0, 1, 2  # a piece of the text itself, of an insertion, of a deletion

Tell = Callable[[FindingKind, str], None]


class _Code:
    def __init__(self) -> None:
        self.pieces: list[tuple[int, str]] = []
        self.is_over = False  # what follows is its result

    def readings(self) -> set[str]:
        """The code with all tracked changes in it, taken, and not taken."""
        without = (None, TAKEN, LEFT)
        return {"".join(text for kind, text in self.pieces if kind != left_out) for left_out in without}


class Fields:
    """The fields of one part, as its elements go by."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._open: list[list[_Code]] = [[]]

    def fork(self) -> None:
        """What follows may be left out as a whole: a field stands in it from end to end, or not at all."""
        self._open.append([])

    def join(self) -> None:
        """The end of such a place."""
        if self._open.pop():
            self._tell("torn", "")

    def mark(self, kind: str, change: int) -> None:
        """A sign of a field: its begin, the begin of its result, its end."""
        here = self._open[-1]
        if kind == "begin":
            here.append(_Code())
        elif not here:
            self._tell("torn", "")
        elif kind == "separate":
            here[-1].is_over = here[-1].is_over or change == PLAIN
        else:
            self._judge(here.pop())
            if here and not here[-1].is_over:
                here[-1].pieces.append((change, NESTED))

    def text(self, text: str, change: int) -> None:
        """A piece of a code."""
        if self._open[-1]:
            self._open[-1][-1].pieces.append((change, text))
        elif text.strip():
            self._tell("torn", text)

    def whole(self, text: str) -> None:
        """A code that stands in one place."""
        self._tell_all(text)

    def close(self) -> None:
        """The end of the part: what has no end is judged as it is."""
        for code in self._open[-1]:
            self._judge(code)

    def _judge(self, code: _Code) -> None:
        for reading in code.readings():
            self._tell_all(reading)

    def _tell_all(self, text: str) -> None:
        for kind, detail in judge(text):
            self._tell(kind, detail)


def judge(code: str) -> list[tuple[FindingKind, str]]:
    """What is wrong with a code, if anything."""
    text = code.strip()
    if not text or text.startswith("="):
        return [("filled", text)] if PLACEHOLDER.search(text) else []
    if PLACEHOLDER.search(text):
        return [("filled", text)]
    first = FIRST.match(text)
    name = first[0].upper() if first else ""
    if name not in HARMLESS:
        return [("field", name or text.replace(NESTED, "{…}"))]
    if name == "HYPERLINK" and not is_safe_link(target := _target(text[len(name) :])):
        return [("link", target.replace(NESTED, "{…}"))]
    return []


def _target(rest: str) -> str:
    """Where a HYPERLINK leads: its first word that is no switch and belongs to none."""
    belongs = False
    for quoted, switch, bare in WORD.findall(rest):
        if switch:
            belongs = switch.lower() in WITH_VALUE
        elif belongs:
            belongs = False
        else:
            return str(quoted or bare)
    return ""
