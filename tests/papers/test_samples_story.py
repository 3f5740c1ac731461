"""Samples that the owner asks for come, once, or he hears that they do not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.jobs import job_runner, template_job
from bot.jobs.job_runner import JobContext
from models.jobs import MakeSample
from models.outbox import Scheduled
from services.documents import typst_render
from services.documents.docx_worker import docx_example
from services.outbox import queue
from tests.papers.conftest import file_of
from tests.stories.driver import Phone, Shop


async def try_to_the_last(shop: Shop) -> None:
    """As often as a job is tried."""
    for _ in range(queue.MOST_FAILURES):
        await shop.later(minutes=10)


async def test_a_sample_that_cannot_be_made_is_not_given_up_in_silence(
    shop: Shop, owner: Phone, ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks it may be mended by then: the message's own button asks again."""

    def broken(*_: Any) -> bytes:
        raise OSError("no room for fonts")

    with monkeypatch.context() as fault:
        fault.setattr(typst_render, "pdf", broken)
        await owner.text("/settings")
        await owner.tap("🏢 Реквизиты компании")
        await owner.tap("Проверить: образец счёта")
        await try_to_the_last(shop)
        told = await owner.sees_only("Образец счёта не получился")
    await owner.tap("Проверить: образец счёта", told)
    sample = await owner.sees("Заказ выдуманный, реквизиты ваши")
    assert (await file_of(shop, sample.media)).startswith(b"%PDF")


async def test_an_example_that_cannot_be_made_is_told_too(
    shop: Shop, owner: Phone, ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> bytes:
        raise OSError("no room")

    monkeypatch.setattr(docx_example, "docx", broken)
    await owner.text("/settings")
    await owner.tap("📑 Шаблоны документов")
    await owner.tap("Договор")
    await owner.tap("Получить пример .docx")
    await try_to_the_last(shop)
    told = await owner.sees_only("Пример шаблона не получился: Договор")
    page = await owner.tap("К шаблону", told)
    assert "Шаблон: встроенный" in page.text


async def test_a_sample_comes_once_though_its_job_was_under_way_twice(
    shop: Shop, owner: Phone, ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot was killed between the message and the end of its job: there is no moment between them."""
    make = template_job.make

    async def twice(context: JobContext, row: Scheduled, job: MakeSample) -> None:
        await make(context, row, job)
        await make(context, row, job)

    monkeypatch.setitem(job_runner.HANDLERS, MakeSample, job_runner.Registered(twice, template_job.not_made))
    await owner.text("/settings")
    await owner.tap("🏢 Реквизиты компании")
    await owner.tap("Проверить: образец счёта")
    await owner.sees_only("Образец счёта")
