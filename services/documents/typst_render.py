"""Papers of our own templates: typst in, PDF out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

# A fixed moment: the same data give the same bytes, whenever and wherever they are made.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def pdf(template: Path, data: Mapping[str, Any], made_at: datetime = EPOCH) -> bytes:
    """Fill the template and give the PDF. Blocking, tens of milliseconds: call it in a worker thread.

    The data travel as JSON through `sys.inputs.data`, so nothing in them is markup. Only files beside the template can
    be read; only the fonts inside typst are used; no package is fetched. `typst.TypstError` if the template is wrong.
    """
    result = _compile(template, data, "pdf", made_at)
    assert isinstance(result, bytes)
    return result


def pages(template: Path, data: Mapping[str, Any], ppi: float = 100) -> list[bytes]:
    """The same paper as PNG pages, for looking at and for tests."""
    result = _compile(template, data, "png", EPOCH, ppi)
    return result if isinstance(result, list) else [result]


def _compile(
    template: Path, data: Mapping[str, Any], kind: Any, made_at: datetime, ppi: float | None = None
) -> bytes | list[bytes]:
    result: bytes | list[bytes] = typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=True,
        format=kind,
        ppi=ppi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        timestamp=made_at,
        package_path=template.parent / "packages",
        package_cache_path=template.parent / "packages",
    )
    return result
