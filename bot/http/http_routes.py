"""What can be asked for over HTTP, and what whoever asks has to show: a route that is not listed is not served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WEBHOOK_PATH = "/telegram/updates"
CALENDAR_PATH = "/calendar/{secret:[A-Za-z0-9_-]{20,100}}.ics"


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """A row of the table of rights: no role asks here, but whoever has what is `needed`. `gives` says what for."""

    method: Literal["GET", "POST"]
    path: str
    needed: str
    gives: str


PAGE = HttpRoute("GET", "/health", "nothing", "whether all is well, in words; no data of anybody's")
LIVE = HttpRoute("GET", "/health/live", "nothing", "that the program runs")
READY = HttpRoute("GET", "/health/ready", "nothing", "whether it can work, with figures; no data of anybody's")
METRICS = HttpRoute("GET", "/metrics", "a private address, not through a proxy, or `METRICS_TOKEN`", "figures")
WEBHOOK = HttpRoute("POST", WEBHOOK_PATH, "the webhook's secret in a header", "nothing: takes Telegram's updates")
INTAKE = HttpRoute("POST", "/intake/leads", "`INTAKE_TOKEN` in a header", "the new lead's number: takes a lead")
CALENDAR = HttpRoute("GET", CALENDAR_PATH, "the person's own secret, in the address", "his visits, as he sees them")
HTTP_ROUTES = (PAGE, LIVE, READY, METRICS, WEBHOOK, INTAKE, CALENDAR)
