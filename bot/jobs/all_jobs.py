"""Every job there is, imported so that it registers."""

from __future__ import annotations

from bot.jobs import album_job as album_job
from bot.jobs import fetch_job as fetch_job
from bot.jobs import paper_job as paper_job
from bot.jobs import pin_job as pin_job
from bot.jobs import sms_job as sms_job
from bot.jobs import template_job as template_job
from bot.jobs.job_runner import HANDLERS as HANDLERS
