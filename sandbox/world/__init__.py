"""The people, the bots, their chats, files, the clock, and what goes wrong on request."""
