"""What stands open over HTTP is written down (proof 31, proof 32)."""

from __future__ import annotations

from typing import Any

from bot.http import http_routes
from bot.http.http_server import HttpServer
from bot.telegram_client import ALLOWED
from bot.updates.update_handler import SERVED
from tests.house.source import LAYERS, ROOT

ALWAYS = {"GET /health", "GET /health/live", "GET /health/ready", "GET /metrics"}
ASKED_FOR = {"POST /telegram/updates", "POST /intake/leads", "GET " + http_routes.CALENDAR_PATH.partition("{")[0]}
MINI_APP = ("web_app", "WebApp", "initData", "init_data")


def doors(**given: Any) -> set[str]:
    """Method and path of each, as far as the path says the same to everybody."""
    nothing: Any = None
    routes = HttpServer(nothing, dict, **given).application().router.routes()
    every = {(one.method, one.resource.canonical.partition("{")[0]) for one in routes if one.resource}
    return {f"{method} {path}" for method, path in every if method != "HEAD"}


def test_without_a_secret_only_health_and_figures_answer() -> None:
    assert doors() == ALWAYS


def test_every_other_door_is_known_and_none_has_a_token_in_its_path() -> None:
    anything: Any = object()
    opened = doors(intake=anything, webhook_secret="x" * 32, leads=anything, calendars=anything)
    assert opened == ALWAYS | ASKED_FOR


def test_no_mini_app_is_used_so_nothing_of_one_is_believed() -> None:
    """Neither a button that opens one, nor its data; were there one, its signature and its age would be asked."""
    files = [path for layer in LAYERS if layer != "sandbox" for path in (ROOT / layer).rglob("*.py")]
    using = [path.name for path in files if any(word in path.read_text("utf-8") for word in MINI_APP)]
    assert len(files) > 500 and using == []
    assert not [kind for kind in (*ALLOWED, *SERVED) if "web_app" in kind]
