"""Trouble that a person at the command line can mend."""

from __future__ import annotations


class CliError(Exception):
    """Something cannot be done; the text says what and what to do, in one line."""
