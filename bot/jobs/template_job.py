"""The owner's own template is tried as soon as it comes; samples are made for him to look at (K-11)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from models.jobs import ForgetBlob, MakeSample, TryTemplate
from models.notices.document_notices import TemplateTried
from models.outbox import Scheduled
from models.process.process import Process
from models.values.invalid_value import N_
from models.values.product_text import NO_TITLE, StoredTitle
from services.documents import docx_templates, paper_data, stored_requisites, typst_render
from services.documents import paper_templates as templates
from services.documents import sample_order as samples
from services.documents.docx_templates import TemplateCheck, TemplateRefused
from services.documents.paper_templates import PaperTemplate
from services.documents.requisites import Requisites
from services.files import blobs
from services.outbox import jobs, notices, queue, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

OUT_OF_REACH = 30.0
KEPT_FOR = timedelta(days=7)  # a trial is looked at and thrown away
GONE = N_("Telegram не отдаёт этот файл: он слишком большой или удалён. Пришлите его ещё раз.")
BROKEN = StoredTitle(N_("Проверить шаблон не получилось из-за ошибки на моей стороне. Пришлите его ещё раз."))
SAMPLE = "invoice.typ"


def give_up(work: UnitOfWork, row: Scheduled, job: TryTemplate, why: str) -> None:
    """Every attempt has failed: the owner is asked to send it again."""
    one = templates.find(work, job.template)
    if one is not None and one.state == templates.CHECKING:
        templates.refuse(work, one, BROKEN)
        _tell(work, one.author_id, f"template-{one.id}", TemplateTried(one.process, one.name, why=BROKEN))


@job_handler(TryTemplate, on_failure=give_up)
async def test(context: JobContext, row: Scheduled, job: TryTemplate) -> None:
    """Download, try, take or refuse; the owner hears of it."""
    one = await context.units.run(lambda work: templates.find(work, job.template))
    if one is None or one.state != templates.CHECKING:
        return
    process = context.units.company.processes.get(one.process)
    if process is None or one.name not in process.papers:
        return
    try:
        raw = await _download(context, one)
        sha = await asyncio.to_thread(blobs.store, context.data_dir, raw)
        own = await context.units.run(stored_requisites.get)
        filled = _sample(process, own)
        checked = await docx_templates.check(raw, templates.variables_of(process), filled)
        trial = await docx_templates.fill(raw, filled) if checked.can_use else b""
    except TemplateRefused as refused:
        checked, sha, trial = TemplateCheck(problem=refused), "", b""
    trial_sha = await asyncio.to_thread(blobs.store, context.data_dir, trial) if trial else ""
    await context.units.run(lambda work: _decide(work, one, process, checked, sha, trial_sha))


async def _download(context: JobContext, one: PaperTemplate) -> bytes:
    try:
        return await context.telegram.download(one.telegram_id)
    except TelegramRetryAfter as error:
        raise RetryLater(error.retry_after, "Telegram asked for a pause") from None
    except (TelegramNetworkError, TelegramServerError) as error:
        raise RetryLater(OUT_OF_REACH, f"Telegram is out of reach: {type(error).__name__}") from None
    except TelegramBadRequest as error:
        raise TemplateRefused("gone", GONE, detail=error.message) from None


def _sample(process: Process, own: Requisites) -> dict[str, Any]:
    """A believable order with the company's own requisites, if they are known."""
    facts = samples.sample_facts(templates.titles_of(process))
    return paper_data.data_of(facts if own.missing() else replace(facts, company=own))


def _decide(
    work: UnitOfWork, one: PaperTemplate, process: Process, checked: TemplateCheck, sha: str, trial: str
) -> None:
    fresh = templates.find(work, one.id)
    if fresh is None or fresh.state != templates.CHECKING:
        return
    if checked.can_use:
        templates.accept(work, one, sha, checked.printed)
        name = f"{process.papers[one.name].title} — проба.docx"
        said = TemplateTried(
            one.process, one.name, accepted=True, used=tuple(checked.variables), sha=trial, file=name,
            dropped=checked.dropped,
        )  # fmt: skip
    else:
        why = checked.problem.title if checked.problem else NO_TITLE
        unknown = tuple((found.name, found.nearest) for found in checked.unknown)
        flaws = checked.problem.flaws if checked.problem else ()
        said = TemplateTried(one.process, one.name, why=why, unknown=unknown, flaws=flaws)
        templates.refuse(work, one, why or StoredTitle(", ".join(name for name, _ in unknown)), flaws)
    _tell(work, one.author_id, f"template-{one.id}", said)


def not_made(work: UnitOfWork, row: Scheduled, job: MakeSample, why: str) -> None:
    """Every attempt has failed: the owner, who waits for it, is told."""
    said = TemplateTried(job.process, job.name, what=job.what, why=StoredTitle(why))
    _tell(work, row.employee_id, f"sample-{row.id}", said)


@job_handler(MakeSample, on_failure=not_made)
async def make(context: JobContext, row: Scheduled, job: MakeSample) -> None:
    """An invoice with the company's requisites, or a .docx to begin with."""
    if job.what == "invoice":
        own = await context.units.run(stored_requisites.get)
        facts = replace(samples.sample_facts(), company=own, number="ОБРАЗЕЦ")
        sources = context.units.company.papers
        made = await asyncio.to_thread(typst_render.pdf, sources, SAMPLE, paper_data.data_of(facts))
        name = "Образец счёта.pdf"
    else:
        process = context.units.company.processes.get(job.process)
        if process is None or job.name not in process.papers:
            return
        title = process.papers[job.name].title
        from services.documents.docx_worker import docx_example  # heavy, and seldom asked for

        made = await asyncio.to_thread(docx_example.docx, title, templates.variables_of(process))
        name = f"{title} — пример.docx"
    sha = await asyncio.to_thread(blobs.store, context.data_dir, made)
    said = TemplateTried(job.process, job.name, what=job.what, sha=sha, file=name)

    def hand_over(work: UnitOfWork) -> None:
        if queue.finish(work, row):  # this job ends and the message is there, or neither
            _tell(work, row.employee_id, f"sample-{row.id}", said)

    await context.units.run(hand_over)


def _tell(work: UnitOfWork, who: int | None, cause: str, said: TemplateTried) -> None:
    """A message to the owner, who is waiting for it; the bytes of a trial go from the disk after a week."""
    person = employees.find_working(work, who)
    if person is None:
        return
    schedule.put(work, [notices.to(work, person, said, rule=templates.RULE, cause=cause, at=work.now)])
    if said.sha:
        jobs.ask(work, ForgetBlob(said.sha), at=work.now + KEPT_FOR)
