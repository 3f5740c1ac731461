"""The hours of a working day as people say them: «9–18», «с 9:30 до 18», «выходной»."""

import re
from datetime import time

from models.values.clean_text import squeeze
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText

EXAMPLE = ProductText("9–18")
OFF = frozenset({"выходной", "выходные", "вых", "нет", "off", "day off", "no", "-"})
HOURS = re.compile(
    r"(?:с|со|from)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|до|по|to|till)\s*(\d{1,2})(?:[:.](\d{2}))?(?:\s*ч(?:ас(?:ов|а)?)?\.?)?"
)


def parse_day_hours(raw: str) -> tuple[time, time] | None:
    """Read (from, to); None for a day off. An end at 24:00 is 00:00, the end of the day. Raises Wrong."""
    text = squeeze(raw)
    if text in OFF:
        return None
    match = HOURS.fullmatch(text)
    if match is None:
        raise InvalidValue("hours.unknown", N_("Напишите, с какого и до какого часа, или «выходной»."), EXAMPLE)
    opens, closes = (int(match[1]), int(match[2] or 0)), (int(match[3]), int(match[4] or 0))
    if max(opens[0], closes[0] - 1) > 23 or max(opens[1], closes[1]) > 59 or closes > (24, 0):
        raise InvalidValue("hours.range", N_("Такого времени не бывает: в сутках 24 часа, в часе 60 минут."), EXAMPLE)
    if opens >= closes:
        raise InvalidValue("hours.order", N_("Рабочий день должен начаться раньше, чем кончится."), EXAMPLE)
    return time(*opens), time(closes[0] % 24, closes[1])
