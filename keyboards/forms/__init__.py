"""Questions of a form, and how the answers read: for each type of field a module, all imported here."""

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])
