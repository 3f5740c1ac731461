"""Who asks over HTTP: the address that a pace is kept by, behind a proxy that is trusted and before any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

FORWARDED = "X-Forwarded-For"
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def networks(said: str) -> tuple[Network, ...]:
    """«10.0.0.0/8, 192.168.1.7» as networks; ValueError for what is none, and for one that is everybody."""
    found = tuple(ip_network(one.strip(), strict=False) for one in said.split(",") if one.strip())
    if any(one.prefixlen == 0 for one in found):
        raise ValueError("everybody is no proxy")
    return found


def caller(connection: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The last address that is none of our proxies, read from the right; «?» if the connection has none.

    A forwarded address is whatever somebody wrote, so each counts only as far as a trusted proxy has added it: behind
    the first stranger, or the first word that is no address, everything may be invented.
    """
    who = _address(connection or "")
    if who is None:
        return connection or "?"
    named = [part for line in forwarded for part in line.split(",")]
    while named and _is_in(who, trusted):
        before = _address(named.pop())
        if before is None:
            break
        who = before
    return str(who)


def is_inside(connection: str | None) -> bool:
    """Whether a connection comes from this machine or a private network."""
    who = _address(connection or "")
    return who is not None and who.is_private and not who.is_unspecified


def is_address(said: str) -> bool:
    """Whether it is an address without a port."""
    try:
        ip_address(said)
    except ValueError:
        return False
    return True


def _is_in(who: Address, trusted: Sequence[Network]) -> bool:
    return any(who in one for one in trusted)


def _address(said: str) -> Address | None:
    """The address of «1.2.3.4», «1.2.3.4:567», «[2001:db8::1]:567»; IPv4 within IPv6 is IPv4."""
    text = said.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
