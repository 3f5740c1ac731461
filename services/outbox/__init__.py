"""What is to happen later: the schedule, who is told, jobs outside a transaction, pinned messages."""
