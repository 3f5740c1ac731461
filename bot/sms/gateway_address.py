"""SMS_URL: which gateway it means. A wrong one is refused at start; what is wrong is said without repeating it.

- `https://host/path?to={phone}&text={text}&id={id}`, `post+https://…`: any gateway, see `bot.sms.generic`
- `smsru://API_ID@sms.ru?from=NAME`
- `smsaero://EMAIL:KEY@gate.smsaero.ru?sign=NAME` (the @ of the e-mail is written %40)

`smsru+http://…` and `smsaero+http://…` speak plain HTTP: for tests and for a proxy of one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from aiohttp import ClientSession, encode_basic_auth

from bot.sms import generic
from bot.sms.gateway import SmsGateway
from bot.sms.gateway_calls import Caller
from bot.sms.generic import Generic
from bot.sms.smsaero import SmsAero
from bot.sms.smsru import SmsRu

Http = Callable[[], ClientSession]
SCHEMES = ("http", "https", "post+http", "post+https", "smsru", "smsru+http", "smsaero", "smsaero+http")
EXPECTED = "must begin with https://, post+https://, smsru:// or smsaero://"


def open_gateway(url: str, http: Http) -> SmsGateway:
    """The gateway of an address. ValueError says what is wrong, and repeats nothing of it: keys stand there."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(EXPECTED) from None
    if parts.scheme not in SCHEMES or not host:
        raise ValueError(EXPECTED)
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    match parts.scheme.partition("+")[0]:
        case "smsru":
            return _smsru(parts, netloc, http)
        case "smsaero":
            return _smsaero(parts, netloc, http)
        case _:
            return _generic(parts, netloc, http)


def check(url: str) -> None:
    """ValueError if no gateway can be made of it."""
    open_gateway(url, _nothing)


def name_of(url: str) -> str:
    """What the gateway is called: «sms.ru», «SMS Aero», or its host."""
    return open_gateway(url, _nothing).name


def _nothing() -> ClientSession:
    raise AssertionError("an address is only looked at")


def _generic(parts: SplitResult, netloc: str, http: Http) -> Generic:
    scheme = parts.scheme.removeprefix("post+")
    address = f"{scheme}://{netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    state = generic.state_address(address, parts.fragment)
    generic.check(address, state)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    fixed = [value for _, value in parse_qsl(parts.query) if "{" not in value and len(value) >= 6]
    login = encode_basic_auth(user, password, "utf-8") if user or password else None
    caller = Caller(http, (password, *fixed), login)
    return Generic(parts.hostname or "", caller, parts.scheme.startswith("post+"), address, state)


def _smsru(parts: SplitResult, netloc: str, http: Http) -> SmsRu:
    api_id, options = unquote(parts.username or ""), _options(parts, {"from", "test"})
    if not api_id:
        raise ValueError("must be smsru://API_ID@sms.ru")
    return SmsRu(_base(parts, netloc), Caller(http, (api_id,)), api_id, options.get("from"), options.get("test") == "1")


def _smsaero(parts: SplitResult, netloc: str, http: Http) -> SmsAero:
    email, key = unquote(parts.username or ""), unquote(parts.password or "")
    if "@" not in email or not key:
        raise ValueError("must be smsaero://EMAIL:KEY@gate.smsaero.ru, with %40 for the @ of the e-mail")
    options = _options(parts, {"sign"})
    caller = Caller(http, (key,), encode_basic_auth(email, key, "utf-8"))
    return SmsAero(_base(parts, netloc), caller, options.get("sign") or "SMS Aero")


def _base(parts: SplitResult, netloc: str) -> str:
    return f"{'http' if parts.scheme.endswith('+http') else 'https'}://{netloc}{parts.path.rstrip('/')}"


def _options(parts: SplitResult, known: set[str]) -> dict[str, str]:
    found = dict(parse_qsl(parts.query))
    if found.keys() - known:
        raise ValueError(f"knows after «?» only: {', '.join(sorted(known))}")
    return found
