"""The types of field that a process can ask for: one module each (C-2), all imported here."""

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])
