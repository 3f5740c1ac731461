"""What is due leaves: messages written when they are due, sent outside any transaction, within Telegram's pace."""
