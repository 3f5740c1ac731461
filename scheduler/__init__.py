"""What time does. APScheduler is imported here and nowhere else; it rings, the table `due` is the truth."""
