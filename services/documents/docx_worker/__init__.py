"""A program of its own that reads one foreign .docx, under limits, and dies; nothing of it is loaded into the bot."""
