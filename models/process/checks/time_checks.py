"""Words of time: a text that says «завтра» or «третий день» is read on other days, so the bot computes such words.

A word is refused where it stands fixed; a placeholder that is computed is refused where its text stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.fields.groups import DateLike
from models.process.actions import Comment, PinText, SendSms
from models.process.annotations import ProcessModel, ShownText
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import TaskDefinition
from models.process.triggers import OnDate

COUNT = r"(?:\d+|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять|пару|несколько)"
UNIT = r"(?:минут\w*|час(?:а|ов)?|дн(?:я|ей)|недел\w+|месяц\w*)"
SPAN = rf"(?:полчаса|(?:минуту|час|день|сутки|неделю|месяц|год)|{COUNT}(?:\s+рабочих)?\s+{UNIT})"
NTH = r"(?:втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ой|ий|ый)"
SPANS_EN = r"(?:a|an|one|two|three|four|five|six|seven|several|\d+)\s+(?:minute|hour|day|week|month)s?"
# what a date is, as seen from the day on which it is said
DATES = re.compile(
    rf"\b(?:(?:после)?завтра|сегодня|(?:поза)?вчера|сейчас|(?:сегодня|завтра|вчера)шн\w+|(?<!чем )через\s+{SPAN}"
    rf"|{SPAN}\s+назад|today|tomorrow|yesterday|tonight|right\s+now|in\s+{SPANS_EN}|{SPANS_EN}\s+ago)\b",
    re.IGNORECASE,
)
# how long something has been so
STAYS = re.compile(
    rf"\b(?:уже\s+{SPAN}|{SPAN}\s+(?:ничего|никто|никого|не|без|тихо)|(?:{NTH}|\d+-[йм])\s+(?:рабочий\s+)?день"
    rf"|for\s+{SPANS_EN}|already\s+{SPANS_EN}|(?:second|third|fourth|fifth|\d+(?:nd|rd|th))\s+day)\b",
    re.IGNORECASE,
)
STAYING = ("days_here", "day_here")  # how long the deal has stood on its stage
OF_DATES = ("_when", "_day")
LASTING: dict[type[ProcessModel], str] = {
    Comment: "a comment", PinText: "a pinned message", SendSms: "an SMS", TaskDefinition: "a task",
}  # fmt: skip


def words_of(process: Process) -> list[str]:
    """The placeholders that are words of time: of each date, and of the stay on the stage."""
    dates = [name for name, field in process.fields.items() if isinstance(field, DateLike)]
    return [*STAYING, *(f"{name}{ending}" for name in dates for ending in OF_DATES)]


def check(process: Process, report: ProblemReport) -> None:
    """Report fixed words of time, and computed ones in texts that stay."""
    robots = {path: robot for path, _, robot in walk.robots(process)}
    computed = words_of(process)
    for name in process.fields.keys() & set(computed):
        report.add(("fields", name), f"`{name}` is a word of time of texts already; call the field otherwise")
    for found in walk.marked(process):
        if not isinstance(found.marker, ShownText) or not isinstance(found.value, str) or found.marker.is_label:
            continue
        text = re.sub(r"\{\w*\}", "{}", found.value)
        stays = LASTING.get(type(found.owner))
        cures = _cures(found.path, robots) if found.marker.holds == "deal" and stays is None else ()
        for said, cure in _fixed(text, cures):
            report.add(found.path, f"«{said}» is true on one day only; {cure}")
        for word in re.findall(r"\{(\w+)\}", found.value) if stays else ():
            if word in computed:
                report.add(found.path, f"`{{{word}}}` is true on one day only, and {stays} is read on others")


def _fixed(text: str, cures: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    by_rule = "say a date, or what is true on any day"
    for pattern, cure in zip((STAYS, DATES), cures or (by_rule, by_rule), strict=True):
        if match := pattern.search(text):
            yield match[0], cure
            return


def _cures(path: Path, robots: dict[Path, Robot]) -> tuple[str, ...]:
    """Which placeholders to write: how long it has been so, and when a date is."""
    robot = next((robot for at, robot in robots.items() if path[: len(at)] == at), None)
    field = robot.on.field if robot is not None and isinstance(robot.on, OnDate) else "field"
    dates = f"write `{{{field}_when}}` or `{{{field}_day}}`"
    return (
        "write `{days_here}` or `{day_here}`",
        dates if field != "field" else f"{dates} with the name of a date field",
    )
