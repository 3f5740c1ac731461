"""Who asks over HTTP, behind proxies that are ours and before those that are not."""

from __future__ import annotations

import pytest

from bot.http import callers

OURS = callers.networks("10.0.0.0/8, 192.168.1.7")


@pytest.mark.parametrize(
    ("connection", "forwarded", "who"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["1.1.1.1"], "203.0.113.9"),  # no proxy of ours: he may write what he likes
        ("10.0.0.2", [], "10.0.0.2"),
        ("10.0.0.2", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.2", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),  # the left one came in with the request
        ("10.0.0.2", ["1.1.1.1", "203.0.113.9, 192.168.1.7"], "203.0.113.9"),
        ("10.0.0.2", ["1.1.1.1, 10.0.0.9, 203.0.113.9, 10.0.0.3"], "203.0.113.9"),
        ("10.0.0.2", ["10.0.0.4, 10.0.0.3"], "10.0.0.4"),
        ("10.0.0.2", ["unknown"], "10.0.0.2"),
        ("10.0.0.2", ["1.1.1.1, nonsense, 10.0.0.3"], "10.0.0.3"),
        ("10.0.0.2", [",,,"], "10.0.0.2"),
        ("10.0.0.2", ["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.2", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:10.0.0.2", ["203.0.113.9"], "203.0.113.9"),
        (None, ["1.1.1.1"], "?"),
        ("socket", ["1.1.1.1"], "socket"),
    ],
)
def test_the_caller_is_the_last_one_who_is_no_proxy_of_ours(
    connection: str | None, forwarded: list[str], who: str
) -> None:
    assert callers.caller(connection, forwarded, OURS) == who


def test_without_proxies_the_connection_counts() -> None:
    assert callers.networks("") == callers.networks(" , ") == ()
    assert callers.caller("10.0.0.2", ["203.0.113.9"], ()) == "10.0.0.2"


@pytest.mark.parametrize("said", ["proxy", "10.0.0.0/40", "0.0.0.0/0", "::/0", "10.0.0.1, x"])
def test_what_is_no_network_or_everybody_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        callers.networks(said)
