"""What stands in a deal's history: a frozen value for each kind of line. Its words are made at the edge."""

from __future__ import annotations

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])  # a row may hold any of them
