"""What no button of ours says changes nothing, however near to one it is (proof 28); FORGED=1000000: the long form."""

from __future__ import annotations

import os
import random
import string

from keyboards import callback_data
from tests.worlds.old_buttons import OLD_BUTTONS

FORGED = int(os.environ.get("FORGED", "20000"))
SIGNS = string.ascii_letters + string.digits + ":~-_. /\0«»٣²💥\u202e\ud800"
BIG = ("9" * 40, "-1", "zzzzzzzzzzzzz", "1y2p0ij32e8e7", "1y2p0ij32e8e8", "0" * 70, "", "~", "v1", "½")


def forged(chance: random.Random, real: list[str]) -> str:
    """A real button with something in it taken out, put in, doubled, changed, or joined with another one's."""
    raw = chance.choice(real)
    for _ in range(chance.randint(1, 3)):
        parts, place = raw.split(":"), chance.randint(0, len(raw))
        match chance.randint(0, 5):
            case 0:
                raw = raw[:place] + raw[place + 1 :]
            case 1:
                raw = raw[:place] + chance.choice(SIGNS) + raw[place:]
            case 2:
                parts[chance.randrange(len(parts))] = chance.choice(BIG)
                raw = ":".join(parts)
            case 3:
                raw = ":".join([*parts, chance.choice(parts)])
            case 4:
                chance.shuffle(parts)
                raw = ":".join(parts)
            case _:
                raw = raw[:place] + chance.choice(real)[place:]
    return raw


def test_whatever_is_forged_is_no_press_or_one_that_a_button_can_carry() -> None:
    """Never an error, and never more than a button says: what is read is written back, short enough for Telegram."""
    chance, real = random.Random(28), sorted(OLD_BUTTONS)
    pressed = 0
    for _ in range(FORGED):
        raw = forged(chance, real)
        callback_data.action_of(raw)
        press = callback_data.unpack(raw)
        if press is not None:
            pressed += 1
            assert len(press.pack().encode()) <= callback_data.MOST_BYTES, raw
            assert callback_data.unpack(press.pack()) == press, raw
    assert 0 < pressed < FORGED
