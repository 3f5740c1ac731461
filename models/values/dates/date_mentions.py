"""What a phrase about a date or a time has named so far."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from models.values.dates import date_words as words
from models.values.invalid_value import N_, InvalidValue

EXAMPLE = N_("завтра в 10:00 или 14 марта в 18:30")


@dataclass
class DateMentions:
    """What a phrase has named so far; each thing at most once."""

    today: date
    past: bool
    day: date | None = None
    weekday: int | None = None
    which: str = ""  # "next" or "this", of a weekday
    by_word: bool = False  # the last thing said was «завтра»: a bare number after it is an hour
    clock: time | None = None
    part: str = ""
    midnight: bool = False
    after: timedelta | None = None

    def has_day(self) -> bool:
        return self.day is not None or self.weekday is not None

    def set_day(self, day: date) -> None:
        if self.day is not None or self.after is not None:
            raise several()
        self.day = day

    def set_clock(self, hour: int, minute: int, second: int = 0, part: str = "") -> None:
        if self.clock is not None or self.after is not None:
            raise several()
        if hour > 23 or minute > 59 or second > 59:
            raise bad_time(f"{hour}:{minute:02d}")
        self.clock = time(hour, minute, second)
        if part:
            self.apply_part(part)

    def set_after(self, length: timedelta) -> None:
        if self.has_day() or self.clock is not None or self.part or self.after is not None:
            raise several()
        self.after = length

    def apply_part(self, part: str) -> None:
        """Read the clock time in the light of «вечера», or keep the word for a clock time still to come."""
        if self.part and self.part != part:
            raise several()
        self.part = part

    def settled_clock(self) -> time | None:
        """Give the clock time once all words are in; None if none was said."""
        if self.clock is None or not self.part:
            return self.clock or words.DEFAULTS.get(self.part)
        hour = words.hour_of(self.part, self.clock.hour)
        if hour is None:
            raise InvalidValue("when.contradiction", N_("Время суток и час не сходятся."), EXAMPLE)
        if self.clock.hour == 12 and self.part in ("night", "evening"):
            self.midnight = True
        return self.clock.replace(hour=hour)


def several() -> InvalidValue:
    return InvalidValue("when.several", N_("Здесь несколько дат или времён. Оставьте одно."), EXAMPLE)


def bad_time(shown: str) -> InvalidValue:
    return InvalidValue("when.bad_time", N_("Времени {time} не бывает."), EXAMPLE, time=shown)
