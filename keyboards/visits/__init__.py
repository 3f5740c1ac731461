"""Visits, hours and absences on the screen."""
