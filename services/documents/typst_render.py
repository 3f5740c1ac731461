"""Papers of our own templates: typst in, PDF out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import typst

from models import shipped
from models.paper_sources import PaperSources

# A fixed moment: the same data give the same bytes, whenever and wherever they are made.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def pdf(sources: PaperSources, template: str, data: Mapping[str, Any], made_at: datetime = EPOCH) -> bytes:
    """Fill the template and give the PDF. Blocking, tens of milliseconds: call it in a worker thread.

    The data travel as JSON through `sys.inputs.data`, so nothing in them is markup. Only the files of `sources` can
    be read; only the fonts inside typst are used; no package is fetched. `typst.TypstError` if the template is wrong.
    """
    result = _compile(sources, template, data, "pdf", made_at)
    assert isinstance(result, bytes)
    return result


def pages(sources: PaperSources, template: str, data: Mapping[str, Any], ppi: float = 100) -> list[bytes]:
    """The same paper as PNG pages, for looking at and for tests."""
    result = _compile(sources, template, data, "png", EPOCH, ppi)
    return result if isinstance(result, list) else [result]


def _compile(
    sources: PaperSources,
    template: str,
    data: Mapping[str, Any],
    kind: Any,
    made_at: datetime,
    ppi: float | None = None,
) -> bytes | list[bytes]:
    files: Any = {name: file.data for name, file in sources.files.items()}
    files["main.typ"] = files[template]  # the name by which typst knows what to begin with
    result: bytes | list[bytes] = typst.compile(
        files,
        root=shipped.PAPERS,
        ignore_system_fonts=True,
        format=kind,
        ppi=ppi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        timestamp=made_at,
        package_path=shipped.PAPERS / "packages",
        package_cache_path=shipped.PAPERS / "packages",
    )
    return result
