"""People on the screen: coming in, the team, roles, one's own preferences."""
