"""What each kind of notice claims: a function for every kind, registered with `@states`."""

from __future__ import annotations

import sys

from models import discovery

discovery.import_all(sys.modules[__name__])
