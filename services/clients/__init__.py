"""Clients: persons and companies, found by phone on every way in."""
