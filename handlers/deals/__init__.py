"""What is done with a deal: its card, its stages, escalations, deferred demand, practice."""
