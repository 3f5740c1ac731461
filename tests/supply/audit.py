"""`make audit`: what can be known of the locks here, what the index says of each release, and the known weaknesses.

Three ends: 0 all is well, 1 something is wrong, 3 nothing is wrong as far as could be asked, and something could not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.supply import licences, locks, pyproject

WELL, WRONG, NOT_ASKED = 0, 1, 3
PATIENCE = "10"  # seconds for one answer
WAIVED = Path(__file__).with_name("waived.txt")
SERVICES = (("osv", "api.osv.dev"), ("pypi", "the index of packages"))


@dataclass
class Findings:
    """What is wrong, and what nobody could be asked about."""

    wrong: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """How the program is to end."""
        return WRONG if self.wrong else NOT_ASKED if self.not_asked else WELL


def at_hand() -> dict[str, list[str]]:
    """What the locks, pyproject.toml and the installed packages say: no network."""
    run, dev = locks.read(locks.RUN), locks.read(locks.DEV)
    return {
        "faults in requirements.txt": locks.faults(run),
        "faults in requirements-dev.txt": locks.faults(dev),
        "packages that are tested in another release than runs": locks.differing(run, dev),
        "differences between pyproject.toml and requirements.txt": pyproject.faults(run, dev=False),
        "differences between pyproject.toml and requirements-dev.txt": pyproject.faults(dev, dev=True),
        "licences unknown or not allowed": licences.faults(dev.entries),
        "packages that their authors have given up": given_up(dev),
        "documents that are behind the locks": [] if _page_is_current() else ["docs/licences.md: `make docs`"],
    }


def given_up(lock: locks.Lock) -> list[str]:
    """Packages whose own metadata say that nobody looks after them."""
    found = ((one.name, licences.installed(one)) for one in lock.entries)
    classes = ((name, there.metadata.get_all("Classifier") or []) for name, there in found if there)
    return [name for name, given in classes if "Development Status :: 7 - Inactive" in given]


def _page_is_current() -> bool:
    return licences.PAGE.is_file() and licences.PAGE.read_text("utf-8") == licences.page()


def releases(lock: Path) -> Findings:
    """Have pip fetch every entry, for its hash, and say which releases were taken back; nothing is installed.

    Only wheels are taken. What the index does not answer is told as that, not as a fault.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = f"install --dry-run --ignore-installed --no-deps --require-hashes {locks.WHEELS} --quiet --retries 1"
        done = _run("pip", *options.split(), "--report", str(report), "-r", str(lock))
        if done.returncode:
            return _of_pip(done.stderr)
        told = json.loads(report.read_text("utf-8"))["install"]
    back = [one["metadata"] for one in told if one["is_yanked"]]
    return Findings([f"{one['name']} {one['version']} was taken back by its authors" for one in back])


def _of_pip(said: str) -> Findings:
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")] or said.splitlines()[-1:] or ["?"]
    if "DO NOT MATCH" in said or ("from versions:" in said and "from versions: none" not in said):
        return Findings(wrong=errors)
    return Findings(not_asked=[f"the index of packages: {errors[-1]}"])


def weaknesses(lock: Path) -> Findings:
    """Ask a list of advisories about every entry, by pip-audit; `ADVISORIES_URL` names another one that speaks OSV."""
    refused = []
    for service, name in SERVICES:
        options = f"--require-hashes --disable-pip --progress-spinner off -f json -s {service} --timeout {PATIENCE}"
        own = os.environ.get("ADVISORIES_URL")
        done = _run("pip_audit", *options.split(), *(["--osv-url", own] if own else ()), "-r", str(lock))
        found = read_advisories(own or name, done.stdout, done.stderr)
        if isinstance(found, Findings):
            return found
        refused.append(found)
    return Findings(not_asked=["no list of advisories could be asked; known weaknesses were NOT looked for", *refused])


def read_advisories(name: str, told: str, why: str = "") -> Findings | str:
    """What pip-audit has said of a list, or why the list was of no use.

    A list that knows nothing of a package has not cleared it: pip-audit ends well then, and we do not.
    """
    try:
        packages = json.loads(told)["dependencies"]
    except ValueError:
        return f"{name}: {(why.splitlines() or ['no answer'])[-1]}"
    silent = sum("skip_reason" in one for one in packages)
    if silent == len(packages):
        return f"{name}: knows none of our packages"
    return Findings(_unwaived(packages), [f"{name} knows nothing of {silent} packages"] if silent else [])


def _unwaived(told: list[dict[str, Any]]) -> list[str]:
    lines = (line for line in WAIVED.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    waived = {line.split()[0] for line in lines}
    return [
        f"{one['name']} {one['version']}: {weak['id']}, mended in {', '.join(weak['fix_versions']) or 'no release'}"
        for one in told
        for weak in one.get("vulns", ())
        if waived.isdisjoint({weak["id"], *weak.get("aliases", ())})
    ]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
