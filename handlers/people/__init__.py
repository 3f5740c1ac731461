"""Coming in, the team, one's own preferences."""
