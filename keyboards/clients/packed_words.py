"""Words that were looked for, as a button carries them: in letters that a button may hold, one for one, so that a page
of what was found can be turned months later. Words of other alphabets, or too many, do not fit."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 44  # characters: the rest of the 64 bytes is the press's own
SPACE, ESCAPE = "_", "-"
RUSSIAN = dict(zip("абвгдежзийклмнопрстуфхцчшыьюя", "ABVGDEJZIYKLMNOPRSTUFHCQWX.~@", strict=True))
PACKED = {
    **{one: one for one in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{letter: sign for letter, sign in RUSSIAN.items() if sign != "@"},
    "я": f"{ESCAPE}A", "щ": f"{ESCAPE}W", "ъ": f"{ESCAPE}X", "э": f"{ESCAPE}E", " ": SPACE,
}  # fmt: skip
READ = {sign: letter for letter, sign in PACKED.items()}


def pack(words: Sequence[str]) -> str | None:
    """The words for a button; None where they do not fit."""
    signs = [PACKED.get(one) for one in " ".join(words)]
    if None in signs:
        return None
    packed = "".join(one for one in signs if one is not None)
    return packed if 0 < len(packed) <= MOST else None


def unpack(packed: str) -> str:
    """The words again; what no button of ours holds is left out."""
    found, escaped = list[str](), False
    for sign in packed:
        if sign == ESCAPE and not escaped:
            escaped = True
            continue
        found.append(READ.get(ESCAPE + sign if escaped else sign, ""))
        escaped = False
    return "".join(found)
