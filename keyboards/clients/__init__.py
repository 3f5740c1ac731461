"""Clients on the screen."""
