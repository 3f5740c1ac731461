"""What Prometheus reads: numbers the parts keep anyway, gathered when asked for. No person, chat or text is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTERS = {
    "updates_handled": "Updates that took effect",
    "update_failures": "Tries of an update that failed",
    "updates_quarantined": "Updates put aside after three tries",
    "updates_silenced": "Updates of strangers put by without an answer",
    "inline_answered": "Inline queries answered",
    "inline_dropped": "Inline queries not answered because too many waited, or a stranger asked too often",
    "due_rung": "Timers, tasks and lists that rang",
    "letters_sent": "Messages delivered",
    "letters_delayed": "Sends put off by Telegram (429) or because it was out of reach",
    "letters_refused": "Messages Telegram refused, or people it does not deliver to",
    "letters_doubtful": "Sends whose outcome is unknown",
    "polling_conflicts": "Times somebody else polled with the same token",
    "bell_revived": "Times the second bell had to step in",
}
GAUGES = {
    "inbox_waiting": "Updates in memory, and chats with more in the table",
    "inbox_quarantined": "Updates waiting for somebody to look at them",
    "troubles": "Troubles that last and that somebody has to see to",
    "overdue_seconds": "Age of the oldest row that is due and not done",
    "tick_age_seconds": "Since the bell last rang to its end",
    "poll_age_seconds": "Since Telegram last answered a question for updates",
}


class NumberCollector(Collector):
    """Turns a mapping of numbers into metrics named `verstak_…`."""

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        for name, story in COUNTERS.items():
            if name in self._numbers:
                yield CounterMetricFamily(f"verstak_{name}", story, value=self._numbers[name])
        for name, story in GAUGES.items():
            if name in self._numbers:
                yield GaugeMetricFamily(f"verstak_{name}", story, value=self._numbers[name])


def text(numbers: Mapping[str, float]) -> bytes:
    """The numbers in Prometheus' format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(NumberCollector(numbers))
    return generate_latest(registry)
