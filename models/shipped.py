"""Where the files lie that come with the package: what the business does, and what its papers look like.

They lie beside this package, in a clone of the repository as well as where the package is installed. An owner's own
files lie in his data folder and go before them.
"""

from __future__ import annotations

from pathlib import Path

PROCESSES = Path(__file__).resolve().parent.parent / "processes"
PAPERS = PROCESSES / "papers"
