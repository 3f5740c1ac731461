"""The bill of materials of what runs, as CycloneDX JSON: from the lock with its hashes, the same twice over."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tests.supply import licences, locks, pyproject
from tests.supply.locks import Lock, LockEntry


def text(lock: Lock) -> str:
    """The whole document, indented; two runs over one lock give the same bytes."""
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, lock.text), metadata=None)
    bom.metadata.timestamp = _made(lock)
    ours = tomllib.loads((locks.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    root = Component(
        name=ours["name"],
        version=ours["version"],
        type=ComponentType.APPLICATION,
        bom_ref=ours["name"],
        licenses=[LicenseExpression(ours["license"])],
    )
    bom.metadata.component = root
    parts = {one.name: _component(one) for one in lock.entries}
    for part in parts.values():
        bom.components.add(part)
    needs = pyproject.needs(lock)
    for name, wanted in needs.items():
        of = root if name == pyproject.OURS else parts[name]
        bom.register_dependency(of, [parts[one] for one in sorted(wanted)])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _made(lock: Lock) -> datetime:
    """The day of whose releases the lock was made."""
    found = locks.COOLDOWN.search(lock.text)
    day = found[0].split()[1] if found else "1970-01-01"
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _component(entry: LockEntry) -> Component:
    purl = PackageURL("pypi", None, entry.name, entry.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        comment="the files that may be installed for it",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one.partition(":")[2]) for one in entry.hashes],
    )
    return Component(
        name=entry.name,
        version=entry.version,
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        purl=purl,
        licenses=[LicenseExpression(licences.licence(entry))],
        external_references=[files],
        properties=[Property(name="verstak:only-where", value=entry.marker)] if entry.marker else [],
    )
