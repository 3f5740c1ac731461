"""Questions whose answer takes more than one typed line: a module each, all imported here."""

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])
