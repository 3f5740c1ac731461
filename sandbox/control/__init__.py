"""The control side and what the page sees."""
