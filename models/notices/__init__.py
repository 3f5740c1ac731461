"""What the bot says by itself: a frozen value for each kind of message. Its words and buttons are made at the edge."""

from __future__ import annotations

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])  # a row may hold any of them
