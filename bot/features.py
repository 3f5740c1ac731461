"""Every feature, imported so that it registers what it contributes; and what is missing where parts belong together."""

from __future__ import annotations

import bot.jobs
import handlers
import keyboards
import services
from bot import language_parts
from bot.jobs import job_runner
from handlers import routes
from handlers import undo as undo_pages
from handlers.forms import purpose_registry
from handlers.notices import stated
from keyboards.deals import history_words
from keyboards.notices import notice_words
from models import discovery
from services import facts, undo
from services.deals import effect_appliers

PARTS = (
    language_parts,
    facts,
    effect_appliers,
    job_runner,
    notice_words,
    stated,
    history_words,
    routes,
    purpose_registry,
    undo,
    undo_pages,
)


def load() -> None:
    """Import every module of the layers whose parts register themselves."""
    for package in (services, keyboards, handlers, bot.jobs):
        discovery.import_all(package, deep=True)


def missing() -> list[str]:
    """A line for each part that lacks a piece: a word of the process language, an effect that nobody carries out, a
    notice without words or claims, a press that nothing answers, a form that nothing finishes."""
    return [line for part in PARTS for line in part.missing()]
