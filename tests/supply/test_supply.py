"""What is installed is what was looked at (proof 43): locks, licences, the bill of materials."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from tests.supply import audit, licences, locks, pyproject, sbom
from tests.supply.locks import Lock, LockEntry

GOOD = f"""# uv pip compile --exclude-newer 2026-11-20
{locks.WHEELS}

one==1.0 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
    # via verstak
two==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:{"c" * 64}
"""


def test_the_locks_and_the_list_of_licences_are_what_they_should_be() -> None:
    assert {what: faults for what, faults in audit.at_hand().items() if faults} == {}


def test_a_lock_is_read_with_its_markers_and_hashes() -> None:
    lock = locks.parse(GOOD)
    assert locks.faults(lock) == []
    assert lock.entries == (
        LockEntry("one", "1.0", (f"sha256:{'a' * 64}", f"sha256:{'b' * 64}")),
        LockEntry("two", "2.0", (f"sha256:{'c' * 64}",), 'sys_platform == "win32"'),
    )


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (f"\\\n    --hash=sha256:{'c' * 64}", "", "two: no hash"),
        ("sha256:" + "c" * 64, "md5:" + "c" * 32, "not a whole SHA-256"),
        ("one==1.0", "one>=1.0", "no exact release"),
        ("one==1.0", "one==1.*", "no exact release"),
        ("one==1.0", "one @ https://files.example/one-1.0.tar.gz", "no exact release"),
        ("one==1.0", "git+ssh://files.example/one", "no exact release"),
        (locks.WHEELS, "", "so that nothing is built here"),
        (locks.WHEELS, f"{locks.WHEELS}\n--no-binary one", "so that nothing is built here"),
        (locks.WHEELS, f"{locks.WHEELS}\n--index-url https://packages.example/simple", "it names an address"),
        ("--exclude-newer 2026-11-20", "", "which day's releases"),
    ],
)
def test_a_lock_that_lets_in_more_than_was_looked_at_is_told_of(good: str, bad: str, told: str) -> None:
    assert any(told in one for one in locks.faults(locks.parse(GOOD.replace(good, bad))))


def test_what_runs_is_tested_in_the_same_files() -> None:
    run = locks.parse(GOOD)
    assert locks.differing(run, locks.parse(GOOD.replace("a" * 64, "d" * 64))) == ["one: not the same in both locks"]
    assert locks.differing(run, locks.parse(locks.WHEELS)) != []


def test_a_lock_behind_pyproject_is_told_of() -> None:
    run = locks.read(locks.RUN)
    kept = {one.name: one for one in run.entries}

    def changed(*entries: LockEntry, without: str = "") -> list[str]:
        left = [one for name, one in kept.items() if name != without]
        return pyproject.faults(Lock(run.text, run.options, (*left, *entries)), dev=False)

    assert changed() == []
    assert "pyproject.toml asks for segno, which the lock does not have" in changed(without="segno")
    assert changed(LockEntry("iniconfig", "2.0", ())) == ["iniconfig: nobody asks for it any more"]
    assert changed(LockEntry("segno", "9.0", ()), without="segno")[0].endswith("the lock has 9.0")
    assert any(one.startswith("aiogram asks for magic-filter") for one in changed(without="magic-filter"))


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT AND PSF-2.0", True),
        ("GPL-3.0-only OR Apache-2.0", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-or-later", False),
        ("(MIT OR GPL-2.0-only) AND BSD-3-Clause", True),
        ("Our own words", False),
        (licences.UNKNOWN, False),
        ("", False),
    ],
)
def test_only_licences_that_we_may_take_pass(expression: str, allowed: bool) -> None:
    assert licences.is_allowed(expression) is allowed


def test_a_package_whose_licence_nobody_knows_is_told_of() -> None:
    assert "nobody-has-this: ? is not among the licences allowed" in licences.faults(
        (LockEntry("nobody-has-this", "1", ()),)
    )


def test_the_bill_of_materials_is_whole_valid_and_the_same_twice() -> None:
    lock = locks.read(locks.RUN)
    said = sbom.text(lock)
    assert said == sbom.text(lock)
    document = json.loads(said)
    check_schema(document)
    parts = {one["name"]: one for one in document["components"]}
    assert set(parts) == lock.names()
    for entry in lock.entries:
        (given,) = parts[entry.name]["externalReferences"]
        assert {f"sha256:{one['content']}" for one in given["hashes"]} == set(entry.hashes)
        assert parts[entry.name]["version"] == entry.version and parts[entry.name]["licenses"]
    ours = next(one["dependsOn"] for one in document["dependencies"] if one["ref"] == "verstak")
    assert f"pkg:pypi/aiogram@{parts['aiogram']['version']}" in ours


def check_schema(document: object) -> None:
    """Against CycloneDX's own schema, which comes with the library."""
    schemas = files("cyclonedx.schema") / "_res"
    known = {
        "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json": "spdx.SNAPSHOT.schema.json",
        "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json": "jsf-0.82.SNAPSHOT.schema.json",
    }
    parts = [
        (name, Resource.from_contents(json.loads((schemas / file).read_text("utf-8")))) for name, file in known.items()
    ]
    schema = json.loads((schemas / "bom-1.6.SNAPSHOT.schema.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema, registry=Registry().with_resources(parts)).validate(document)


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile", "docs/deployment.md"])
def test_nothing_is_installed_but_by_hash_and_from_wheels(file: str) -> None:
    installs = [one for one in (locks.ROOT / file).read_text("utf-8").splitlines() if "pip install" in one]
    assert installs
    assert all(f"--require-hashes {locks.WHEELS} -r requirements" in one for one in installs)


def test_a_lock_is_made_of_releases_that_are_a_week_old() -> None:
    said = (locks.ROOT / "Makefile").read_text("utf-8")
    (tool,) = (line for line in said.splitlines() if line.startswith("LOCKING = "))
    makes = [line for line in said.splitlines() if line.startswith("\t$(LOCKING)")]
    assert "timedelta(days=7)" in said
    assert "--generate-hashes" in tool and locks.WHEELS in tool
    assert len(makes) == 2 and all("--exclude-newer $(WEEK_AGO)" in one for one in makes)


def test_no_file_of_the_repository_says_where_packages_come_from() -> None:
    said = [(locks.ROOT / one).read_text("utf-8") for one in ("Makefile", "Dockerfile", "pyproject.toml", ".ci/run")]
    said += [path.read_text("utf-8") for path in Path(locks.ROOT / ".github").rglob("*.yml")]
    assert not [one for one in said if "index-url" in one or "find-links" in one]
