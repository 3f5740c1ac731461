"""The files for whoever deploys name what there is: settings, commands, paths, figures. No image is built here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.cli import command_line
from bot.http import callers, http_routes, metrics
from bot.settings import Settings
from tests.stories.program import PARTS, ROOT

DEPLOY = ROOT / "deploy"
FOR_OTHERS = re.compile(r"POSTGRES_\w+|GF_\w+|DOMAIN|PATH|PYTHON\w+")
IMAGE = re.compile(r"[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)*")  # a whole version
UNIT = DEPLOY / "verstak.service"
SETTINGS = {name.upper() for name in Settings.model_fields}


def compose() -> Any:
    return YAML(typ="safe").load((ROOT / "compose.yaml").read_text("utf-8"))


def dockerfile() -> list[str]:
    """Its instructions, each on a line."""
    whole = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [line for line in whole.splitlines() if line and not line.startswith("#")]


def instruction(name: str) -> list[str]:
    return [line.split(maxsplit=1)[1] for line in dockerfile() if line.startswith(f"{name} ")]


# --- the image


def test_the_image_is_built_of_pinned_parts() -> None:
    bases = [one.split()[0] for one in instruction("FROM")]
    assert bases and all(IMAGE.fullmatch(one) and "-slim" in one for one in bases)
    installs = [one for one in instruction("RUN") if "pip install" in one]
    assert installs and all("--require-hashes --only-binary :all: -r requirements.txt" in one for one in installs)


def test_the_image_takes_in_every_part_of_the_program_and_nothing_else() -> None:
    copied = [one.split() for one in instruction("COPY") if not one.startswith("--from")]
    assert {one[0] for one in copied} == {*PARTS, "requirements.txt"}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert allowed == {*PARTS, "requirements.txt"}


def test_the_image_runs_without_rights_and_is_looked_after() -> None:
    names = [line.split()[0] for line in dockerfile()]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instruction("USER")[-1]), "by number, so that it is known not to be root"
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "/health/live" in instruction("HEALTHCHECK")[-1]
    assert json.loads(instruction("ENTRYPOINT")[-1]) == ["python", "-m", "bot"]
    assert json.loads(instruction("CMD")[-1])[0] in commands()


def test_the_healthcheck_of_the_image_can_be_run() -> None:
    """It asks, and says by its status that nobody answers."""
    command = json.loads(instruction("HEALTHCHECK")[-1].partition("CMD")[2])
    done = subprocess.run(
        [sys.executable, *command[1:]], env={"HTTP_PORT": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "URLError" in done.stderr


# --- the composition


def test_every_image_is_pinned() -> None:
    images = {name: one["image"] for name, one in compose()["services"].items()}
    assert all(IMAGE.fullmatch(one) for one in images.values()), images


def test_every_setting_that_is_named_is_one() -> None:
    named = {name for one in compose()["services"].values() for name in one.get("environment", {})}
    named |= {name for one in instruction("ENV") for name in re.findall(r"(\w+)=", one)}
    named |= set(re.findall(r"(\w+)=", " ".join(lines_of_unit("Environment"))))
    assert {one for one in named if not FOR_OTHERS.fullmatch(one)} <= SETTINGS


def test_two_bots_share_one_database_and_are_no_more_than_they_need_to_be() -> None:
    bots = [one for one in compose()["services"].values() if one["image"].startswith("verstak:")]
    assert len(bots) == 2 and bots[0] == bots[1]
    assert bots[0]["read_only"] and bots[0]["cap_drop"] == ["ALL"]
    assert bots[0]["environment"]["DATABASE_URL"].startswith("postgresql://")
    assert int(bots[0]["stop_grace_period"].removesuffix("s")) > 10


def test_nothing_in_the_composition_can_gain_rights() -> None:
    assert all(one["security_opt"] == ["no-new-privileges:true"] for one in compose()["services"].values())
    bots = [one for one in compose()["services"].values() if one["image"].startswith("verstak:")]
    assert all(one["tmpfs"] == ["/tmp"] and "privileged" not in one for one in bots)
    assert all(volume.split(":")[1] == "/data" for one in bots for volume in one["volumes"])


def test_what_is_mounted_from_here_is_here() -> None:
    mounted = [volume.split(":")[0] for one in compose()["services"].values() for volume in one.get("volumes", [])]
    assert all((ROOT / one).exists() for one in mounted if one.startswith("./"))
    assert {one for one in mounted if not one.startswith("./")} == set(compose()["volumes"])


def test_the_database_is_of_the_version_of_the_client_that_makes_backups() -> None:
    """Debian 13, of which the image is made, has PostgreSQL's client 17."""
    assert all(one.split()[0].endswith("-trixie") for one in instruction("FROM"))
    assert compose()["services"]["postgres"]["image"].startswith("postgres:17.")


# --- the proxy, Prometheus, Grafana


def test_the_proxy_lets_in_what_is_for_outsiders_and_asks_every_bot() -> None:
    said = (DEPLOY / "Caddyfile").read_text("utf-8")
    (paths,) = re.findall(r"@bot path (.+)", said)
    calendars = http_routes.CALENDAR_PATH.partition("{")[0] + "*"
    assert set(paths.split()) == {http_routes.WEBHOOK_PATH, "/intake/leads", calendars}
    (targets,) = re.findall(r"reverse_proxy (.+?) \{", said)
    assert set(targets.split()) == bots_by_address()
    assert "health_uri /health/live" in said


def test_the_bots_believe_their_own_proxy_and_nobody_else() -> None:
    bots = [one for one in compose()["services"].values() if one["image"].startswith("verstak:")]
    assert {one["environment"]["TRUSTED_PROXIES"] for one in bots} == {subnet()}
    assert not any("ports" in one for one in bots), "else strangers reach them past the proxy"
    said = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert f"header_up {callers.FORWARDED} {{remote_host}}" in said


def test_prometheus_asks_every_bot() -> None:
    said = YAML(typ="safe").load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    (job,) = said["scrape_configs"]
    assert {one for group in job["static_configs"] for one in group["targets"]} == bots_by_address()
    assert job.get("metrics_path", "/metrics") == "/metrics"
    (inside,) = callers.networks(subnet().partition(":-")[2].rstrip("}"))
    assert callers.is_inside(str(inside[4])), "else it needs METRICS_TOKEN"


def test_the_dashboard_draws_every_figure_that_the_bot_gives_and_no_other() -> None:
    numbers = dict.fromkeys([*metrics.COUNTERS, *metrics.GAUGES], 1.0)
    given = set(re.findall(r"^(verstak_\w+) ", metrics.text(numbers).decode(), re.MULTILINE))
    board = json.loads((DEPLOY / "grafana" / "dashboards" / "verstak.json").read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    assert set(re.findall(r"verstak_\w+", asked)) == given
    jobs = YAML(typ="safe").load((DEPLOY / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    assert set(re.findall(r'job="(\w+)"', asked)) <= {one["job_name"] for one in jobs}


def test_the_dashboard_is_found_and_has_its_source() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = YAML(typ="safe").load((provisioning / "datasources" / "prometheus.yaml").read_text("utf-8"))[
        "datasources"
    ]
    board = json.loads((DEPLOY / "grafana" / "dashboards" / "verstak.json").read_text("utf-8"))
    assert {target["datasource"]["uid"] for panel in board["panels"] for target in panel["targets"]} == {source["uid"]}
    assert source["url"].partition("//")[2].partition(":")[0] in compose()["services"]
    (provider,) = YAML(typ="safe").load((provisioning / "dashboards" / "verstak.yaml").read_text("utf-8"))["providers"]
    mounts = compose()["services"]["grafana"]["volumes"]
    assert any(one.split(":")[1] == provider["options"]["path"] for one in mounts)


# --- the service of the system


def test_the_unit_starts_what_there_is() -> None:
    (command,) = lines_of_unit("ExecStart")
    program, *arguments = command.split()
    assert program == "/opt/verstak/.venv/bin/python"
    assert arguments[:2] == ["-m", "bot"] and arguments[2] in commands()
    assert int(lines_of_unit("TimeoutStopSec")[0]) > 10


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_passes_the_systems_own_check(tmp_path: Path) -> None:
    """With a program and a folder that are there on this machine."""
    here = UNIT.read_text("utf-8").replace("/opt/verstak/.venv/bin/python", sys.executable)
    unit = tmp_path / "verstak.service"
    unit.write_text(here.replace("/opt/verstak", str(ROOT)), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "verstak" in line]
    assert done.returncode == 0, done.stderr
    assert told == []


def lines_of_unit(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.+)$", UNIT.read_text("utf-8"), re.MULTILINE)


def bots_by_address() -> set[str]:
    services = compose()["services"].items()
    return {f"{name}:8000" for name, one in services if one["image"].startswith("verstak:")}


def subnet() -> str:
    """The network of the services, as the file says it: a variable with a default."""
    (one,) = compose()["networks"]["default"]["ipam"]["config"]
    return str(one["subnet"])


def commands() -> set[str]:
    """The words that the command line knows."""
    return set(command_line.RUNNERS)
