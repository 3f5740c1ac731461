"""What keeps the shop running: troubles that a person hears of, updates that may be missing, backups."""
