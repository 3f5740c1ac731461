"""Deals: begun, moved, filled in, handed over; their history, numbers, lists."""
