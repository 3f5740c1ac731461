"""From rows of the schedule to messages."""
