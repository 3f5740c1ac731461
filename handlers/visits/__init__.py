"""Hours, absences and one's own schedule."""
