"""Backups of either database, with the files of the deals (promise 8)."""
