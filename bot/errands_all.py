"""Every errand there is, imported so that it registers."""

from __future__ import annotations

from bot import errand_album as errand_album
from bot import errand_fetch as errand_fetch
from bot import errand_paper as errand_paper
from bot import errand_pin as errand_pin
from bot import errand_sms as errand_sms
from bot import errand_template as errand_template
from bot.errands import DOERS as DOERS
