"""Dates, moments and spans of days as people say them in Russian and English."""
