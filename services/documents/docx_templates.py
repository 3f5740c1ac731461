"""The owner's own .docx as a template: tried at once when it comes, filled for each deal (K-11).

A template is a program written by somebody else, so every reading of it happens in a process of its own
(`docx_worker`) with limits of memory, CPU time and wall-clock time, without the environment's secrets.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText, StoredTitle
from models.values.template_flaw import TemplateFlaw

LARGEST = 10 * 1024 * 1024  # bytes of a template
LARGEST_FILLED = 40 * 1024 * 1024
PATIENCE = 20.0  # seconds of wall-clock time, start of the interpreter included
CPU_SECONDS = 8
MEMORY = 512 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]

TOO_LONG = N_(
    "Шаблон обрабатывается слишком долго — вероятно, в нём цикл без конца. Уберите его и пришлите файл снова."
)
TOO_BIG = N_("Шаблону нужно слишком много памяти — вероятно, в нём очень длинный цикл. Упростите его.")


class TemplateRefused(InvalidValue):
    """The template cannot be used; the message says why and what to do, `flaws` what of it would run or be fetched when
    the paper is opened. `detail` is for the log, not for people."""

    def __init__(
        self, code: str, message: ProductText, /, detail: str = "", flaws: tuple[TemplateFlaw, ...] = (), **data: object
    ) -> None:
        super().__init__(f"docx.{code}", message, None, **data)
        self.detail, self.flaws = detail, flaws

    @property
    def title(self) -> StoredTitle:
        """The message with what it quotes of the template."""
        return StoredTitle(str(self))


@dataclass(frozen=True)
class UnknownName:
    """A name in the template that nothing stands behind, and the one probably meant ("" if none is near)."""

    name: str
    nearest: str = ""


@dataclass(frozen=True)
class TemplateCheck:
    """What a template asks for, and which of it leaves a line to write on when it is empty (`printed`). It can be used
    if there is no problem and nothing unknown; what it is linked to (`dropped`) is left out of every paper."""

    variables: tuple[str, ...] = ()
    unknown: tuple[UnknownName, ...] = ()
    problem: TemplateRefused | None = None
    printed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def can_use(self) -> bool:
        return self.problem is None and not self.unknown


async def check(template: bytes, known: Mapping[str, str], sample: Mapping[str, Any]) -> TemplateCheck:
    """Read the template, and fill it with `sample` to see that it works.

    `known` are the names it may use, with what they are (`variables.variables`). Never raises for a bad template:
    that is the `problem`.
    """
    try:
        head, _ = await _work({"do": "check", "known": dict(known), "data": sample}, template)
    except TemplateRefused as refused:
        return TemplateCheck(problem=refused)
    unknown = tuple(UnknownName(one["name"], one["nearest"]) for one in head["unknown"])
    return TemplateCheck(
        tuple(head["variables"]), unknown, printed=tuple(head["printed"]), dropped=tuple(head["dropped"])
    )


async def fill(template: bytes, data: Mapping[str, Any]) -> bytes:
    """The template with the data in it, as a .docx; values are plain text, whatever they hold. Raises Refused."""
    _, filled = await _work({"do": "fill", "data": data}, template)
    return filled


async def _work(order: Mapping[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    if len(template) > LARGEST:
        megabytes = LARGEST // (1024 * 1024)
        raise TemplateRefused("big", N_("Файл больше {limit} МБ: уменьшите картинки в шаблоне."), limit=megabytes)
    head = {**order, "cpu_seconds": CPU_SECONDS, "memory": MEMORY, "largest": LARGEST_FILLED}
    said = await _run(json.dumps(head).encode() + b"\n" + template)
    first, _, rest = said.partition(b"\n")
    answer: dict[str, Any] = json.loads(first)
    if "refused" in answer:
        flaws = tuple(TemplateFlaw(*one) for one in answer.get("found", ()))
        raise TemplateRefused(answer["refused"], answer["message"], flaws=flaws, **answer.get("data", {}))
    return answer, rest


async def _run(said: bytes) -> bytes:
    """One life of the worker: give it everything, take its answer, and see that it is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.documents.docx_worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # the worker tells its errors in its answer
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await _talk(process, said)
            code = await process.wait()
    except TimeoutError:
        raise TemplateRefused("slow", TOO_LONG) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code == 0 and answer:
        return answer
    if -code in (signal.SIGXCPU, signal.SIGKILL):  # the limit of CPU time; the second is its hard end
        raise TemplateRefused("slow", TOO_LONG)
    # it died without a word: of memory, in all that is known
    raise TemplateRefused("memory", TOO_BIG, f"the worker ended with {code}")


async def _talk(process: asyncio.subprocess.Process, said: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(said)
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return b""  # it died before it had read everything: its exit code tells
    answer = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        answer += chunk
        if len(answer) > LARGEST_FILLED + (1 << 20):
            raise TemplateRefused("memory", TOO_BIG, "the answer has no end")
    return bytes(answer)
