"""Whose words a text is: only the product's own, and a process file's, are ever translated or filled in.

What a person typed stays a `str`, which `keyboards.translator` does not take: mypy refuses it
(`tests/house/text_types.py`). So a brace in a client's name, or in a lead's source, is a brace and nothing else.
"""

from __future__ import annotations

from typing import NewType

ProductText = NewType("ProductText", str)  # a message id: of the code, or of a process file
NO_TEXT = ProductText("")

# a title that began as a process file's and that a person may have changed since: translated where the catalogue knows
# it word for word, and never filled in
StoredTitle = NewType("StoredTitle", str)
NO_TITLE = StoredTitle("")
