"""The process that reads one foreign .docx and dies: `python -m services.documents.docx_worker`.

In: a line of JSON (`do`, `data`, limits), then the file. Out: a line of JSON, then the filled file. Nothing heavy is
imported before the limits are set and the file has been looked at, and nothing is written to disk.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from services.documents.docx_worker import docx_safety
from services.documents.docx_worker.docx_findings import N_, TemplateUnusable

FILLING = "services.documents.docx_worker.docx_filling"  # with the parsers, which are to live under the limits


def main() -> None:
    """One order, one answer."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit(order)
    template = sys.stdin.buffer.read()
    try:
        dropped = docx_safety.check(template)
        head, body = import_module(FILLING).carry_out(order, template)
        head["dropped"] = dropped
    except TemplateUnusable as refused:
        head = {"refused": refused.code, "message": refused.message, "found": refused.found, "data": refused.data}
        body = b""
    except (MemoryError, RecursionError):
        head = {"refused": "memory", "message": N_("Шаблону нужно слишком много памяти: уберите длинные циклы.")}
        body = b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _limit(order: Mapping[str, Any]) -> None:
    seconds, memory = int(order["cpu_seconds"]), int(order["memory"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
