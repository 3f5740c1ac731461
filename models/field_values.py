"""The typed values of a deal's fields, by the field's name: what `models.fields` reads, checks and keeps as JSON.

What type a value has, the process's field of that name says; a name that the process no longer has stands for whatever
JSON was kept under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FieldValues = Mapping[str, Any]
NewFieldValues = dict[str, Any]  # the same while they are being gathered
KeptFieldValues = dict[str, Any]  # the same as JSON, as `models.fields.codec` writes them
