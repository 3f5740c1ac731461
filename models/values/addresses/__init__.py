"""Addresses as people write them in one line."""
