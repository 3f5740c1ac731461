"""`make audit` against an index and a list of advisories on this machine: what each says, and what silence means."""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.supply import __main__ as supply
from tests.supply import audit, locks
from tests.supply.audit import Findings

WEAK = "PYSEC-2026-0001"


def wheel(name: str) -> bytes:
    """A package without content."""
    held = io.BytesIO()
    info = f"{name}-1.0.dist-info"
    with ZipFile(held, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return held.getvalue()


class Registry(ThreadingHTTPServer):
    """An index of two packages, and a list of advisories that knows of weaknesses in `weak`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = {name: wheel(name) for name in ("kept", "withdrawn")}
        self.weak: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, name: str) -> str:
        back = ' data-yanked="spoilt"' if name == "withdrawn" else ""
        return f'<a href="/files/{name}-1.0-py3-none-any.whl"{back}>{name}-1.0-py3-none-any.whl</a>'


class _Answer(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        """A page of the index, or a file."""
        kind, name = self.path.strip("/").split("/")
        name = name.partition("-")[0]
        if name not in self.server.files:
            self.send_error(404)
        elif kind == "files":
            self._say(self.server.files[name], "application/zip")
        else:
            self._say(self.server.page(name).encode(), "text/html")

    def do_POST(self) -> None:
        """What the list knows of a package."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
        weak = {"id": WEAK, "summary": "", "details": "", "aliases": [], "affected": []}
        self._say(json.dumps({"vulns": [weak]} if asked in self.server.weak else {}).encode(), "application/json")

    def _say(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
        monkeypatch.setenv("PIP_INDEX_URL", server.url + "/simple")
        monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
        monkeypatch.setenv("ADVISORIES_URL", server.url + "/advisories")
        yield server
        server.shutdown()


def lock(folder: Path, registry: Registry, *names: str, digest: str = "") -> Path:
    path = folder / "requirements.txt"
    known = {name: digest or hashlib.sha256(registry.files.get(name, b"")).hexdigest() for name in names}
    lines = [f"{name}==1.0 --hash=sha256:{value}" for name, value in known.items()]
    path.write_text("\n".join([locks.WHEELS, *lines]), "utf-8")
    return path


def test_a_release_that_was_taken_back_is_told_of(registry: Registry, tmp_path: Path) -> None:
    assert audit.releases(lock(tmp_path, registry, "kept", "withdrawn")).wrong == [
        "withdrawn 1.0 was taken back by its authors"
    ]


def test_a_file_of_another_content_is_told_of(registry: Registry, tmp_path: Path) -> None:
    found = audit.releases(lock(tmp_path, registry, "kept", digest="a" * 64))
    assert "DO NOT MATCH" in found.wrong[0] and found.status == audit.WRONG


def test_a_known_weakness_is_told_of(registry: Registry, tmp_path: Path) -> None:
    registry.weak.add("kept")
    found = audit.weaknesses(lock(tmp_path, registry, "kept", "withdrawn"))
    assert found == Findings([f"kept 1.0: {WEAK}, mended in no release"])


def test_a_weakness_that_is_waived_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = {"id": WEAK, "aliases": ["CVE-2026-1"], "fix_versions": ["1.1"]}
    told = json.dumps({"dependencies": [{"name": "kept", "version": "1.0", "vulns": [weak]}]})
    assert audit.read_advisories("the list", told) == Findings([f"kept 1.0: {WEAK}, mended in 1.1"])
    waived = tmp_path / "waived.txt"
    waived.write_text("# why\nCVE-2026-1 we do not call it; looked at until 2027-01-01\n", "utf-8")
    monkeypatch.setattr(audit, "WAIVED", waived)
    assert audit.read_advisories("the list", told) == Findings()


def test_a_list_that_knows_none_of_the_packages_has_cleared_none() -> None:
    """pip-audit makes a success of it."""
    silent = {"name": "kept", "skip_reason": "not found"}
    assert audit.read_advisories("the list", json.dumps({"dependencies": [silent]})) == (
        "the list: knows none of our packages"
    )
    some = json.dumps({"dependencies": [silent, {"name": "other", "version": "1", "vulns": []}]})
    assert audit.read_advisories("the list", some) == Findings([], ["the list knows nothing of 1 packages"])


def test_where_nobody_can_be_asked_the_audit_says_so_and_ends_differently(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("ADVISORIES_URL", "http://127.0.0.1:9/advisories")
    path = lock(tmp_path, registry, "kept")
    monkeypatch.setattr(audit, "SERVICES", (("osv", "the list"),))
    monkeypatch.setattr(locks, "DEV", path)
    monkeypatch.setattr(audit, "at_hand", dict)
    assert supply.main("audit") == audit.NOT_ASKED
    said = capsys.readouterr().out
    assert (
        "known weaknesses: NOT ASKED\n  no list of advisories could be asked; known weaknesses were NOT looked for"
        in said
    )
    assert "releases as pip gets them: NOT ASKED\n  the index of packages: " in said
