"""Visits to clients: who can come when, windows held and booked, hours and absences (K-19, K-20)."""
