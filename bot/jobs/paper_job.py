"""A paper is printed: data out of the database, bytes outside of it, the version back into it (K-11, K-12).

May be carried out twice: what is made already is only sent to who asked, once for each job.
"""

from __future__ import annotations

import asyncio
from functools import partial

import typst

from bot import log
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from handlers.documents.papers import shown
from models.jobs import PrintPaper
from models.outbox import Scheduled
from services.documents import docx_templates, paper_templates, papers, printing, typst_render
from services.documents.docx_templates import TemplateRefused
from services.documents.paper_templates import PaperTemplate
from services.documents.printing import CannotPrint, PrintOrder
from services.files import blobs, stored_files
from services.files.blobs import BlobLost
from services.unit_of_work import UnitOfWork

ROUNDS = 3  # a card that changes more often while its paper is printed is left alone for a moment
AGAIN_IN = 2.0
logger = log.get("bot.jobs.paper_job")


def give_up(work: UnitOfWork, row: Scheduled, job: PrintPaper, why: str) -> None:
    """Every attempt has failed: whoever asked hears that it is not there, and that we know why."""
    _fail(work, row, job.paper, "broken")


@job_handler(PrintPaper, on_failure=give_up)
async def make(context: JobContext, row: Scheduled, job: PrintPaper) -> None:
    """Make the paper that the job names, and send it to who asked."""
    key = job.paper
    for _ in range(ROUNDS):
        try:
            order = await context.units.run(lambda work: _begin(work, row, key))
            if order is None or await _make(context, row, order):
                return
        except CannotPrint as failure:
            why = str(failure)
            await context.units.run(lambda work, why=why: _fail(work, row, key, why))  # type: ignore[misc]
            return
        except TemplateRefused as refused:
            assert order is not None and order.own is not None
            stop = partial(_stop, row=row, key=key, own=order.own, refused=refused)
            if await context.units.run(stop):
                return
    raise RetryLater(AGAIN_IN, f"the card of paper {key} keeps changing")


def _begin(work: UnitOfWork, row: Scheduled, key: int) -> PrintOrder | None:
    """What is to be printed; None if there is nothing to print: then whoever asked has what there is."""
    job = printing.gather(work, key, shown)
    if job is None:
        one = papers.find(work, key)
        if one is not None and one.state == papers.MADE:
            _tell(work, row, one)
        return None
    same = printing.settle_same(work, job)
    if same is not None:
        _tell(work, row, same, same=True)
        return None
    return job


async def _make(context: JobContext, row: Scheduled, job: PrintOrder) -> bool:
    """Print, keep and write down; False if the card has changed meanwhile."""
    data = await _printed(context, job)
    sha = await asyncio.to_thread(blobs.store, context.data_dir, data)

    def write(work: UnitOfWork) -> bool:
        made = printing.made(work, job, sha, len(data), shown)
        if made is not None:
            _tell(work, row, made)
            if job.own is not None and job.own.is_stopped:
                paper_templates.resume(work, job.own)
        else:
            stored_files.forget(work, sha)  # nobody's paper by now: its deal may be gone, with all that tells of it
        return made is not None

    return await context.units.run(write)


async def _printed(context: JobContext, job: PrintOrder) -> bytes:
    if job.own is None:
        try:
            sources = context.units.company.papers
            return await asyncio.to_thread(typst_render.pdf, sources, job.template, job.data)
        except typst.TypstError as error:
            logger.error("a template of ours does not print", template=job.template, exc_info=error)
            raise CannotPrint("ours", job.template) from error
    try:
        template = await asyncio.to_thread(blobs.read, context.data_dir, job.own.sha or "")
        return await docx_templates.fill(template, job.data)
    except TemplateRefused as refused:
        logger.error("the owner's template does not print", template=job.own.id, exc_info=refused)
        raise
    except (BlobLost, ValueError) as error:
        logger.error("the owner's template does not print", template=job.own.id, exc_info=error)
        raise CannotPrint("template", "") from error


def _stop(work: UnitOfWork, row: Scheduled, key: int, own: PaperTemplate, refused: TemplateRefused) -> bool:
    """It was taken before and is refused now: who asked hears that there is no paper, the owner what is to be done.
    False if another one is in use meanwhile: the paper is made by that."""
    now = paper_templates.in_use(work, own.process, own.name)
    if now is None or now.id != own.id:
        return False
    told = paper_templates.stop(work, own, refused.title, refused.flaws)
    failure = CannotPrint("stopped") if told and refused.flaws else CannotPrint("template", str(refused))
    _fail(work, row, key, str(failure))
    return True


def _tell(work: UnitOfWork, row: Scheduled, one: papers.Paper, *, same: bool = False) -> None:
    printing.tell(work, one, row.employee_id, f"errand-{row.id}", same=same)


def _fail(work: UnitOfWork, row: Scheduled, key: int, why: str) -> None:
    one = papers.find(work, key)
    if one is None or one.state != papers.ASKED:
        return
    printing.failed(work, one.id, why)
    printing.tell(work, one, row.employee_id, f"errand-{row.id}", failure=why)
