"""Every table there is, a file for each feature. The `metadata` of this package knows them all."""

from __future__ import annotations

from models.tables import (
    backups as backups,
)
from models.tables import (
    change_requests as change_requests,
)
from models.tables import (
    claims as claims,
)
from models.tables import (
    clients as clients,
)
from models.tables import (
    deals as deals,
)
from models.tables import (
    documents as documents,
)
from models.tables import (
    files as files,
)
from models.tables import (
    forms as forms,
)
from models.tables import (
    journal as journal,
)
from models.tables import (
    outbox as outbox,
)
from models.tables import (
    payments as payments,
)
from models.tables import (
    people as people,
)
from models.tables import (
    personal as personal,
)
from models.tables import (
    settings as settings,
)
from models.tables import (
    sms as sms,
)
from models.tables import (
    tasks as tasks,
)
from models.tables import (
    troubles as troubles,
)
from models.tables import (
    undo as undo,
)
from models.tables import (
    updates as updates,
)
from models.tables import (
    visits as visits,
)
from models.tables.table_row import metadata as metadata
