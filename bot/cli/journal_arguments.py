"""What can be asked of the journal on the command line; known before anything of the bot is imported."""

from __future__ import annotations

import argparse


def add(journal: argparse.ArgumentParser) -> None:
    """`verify` and `show`, with what narrows them."""
    asked = journal.add_subparsers(dest="asked", metavar="verify | show", required=True)
    verify = asked.add_parser("verify", help="say whether every row is as it was written, and where the chain breaks")
    known = "an earlier last row, as `verify` told it: it must be there"
    verify.add_argument("--known", metavar="ROW:HASH", help=known)
    show = asked.add_parser("show", help="list who looked at whom, took out or erased what, the newest first")
    since = "2026-11-23, or 7d for a week of days (default: 30d)"
    show.add_argument("--since", metavar="DAY", default="30d", help=since)
    show.add_argument("--person", metavar="WHO", help="of one person: his number, or a part of his name")
    show.add_argument("--client", type=int, metavar="NUMBER", help="only what this client was in")
