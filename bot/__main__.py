"""`python -m bot` and `verstak`."""

from __future__ import annotations

import sys

from bot import log
from bot.cli import command_line


def main() -> None:
    """Do what the command line says and leave with its exit status."""
    log.hush_python()
    sys.exit(command_line.run(sys.argv[1:]))


if __name__ == "__main__":
    main()
