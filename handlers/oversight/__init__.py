"""The owner decides who sees which clients, and sees who looked at what."""
