"""Three real bots on one real PostgreSQL, struck while they work (`make cluster`).

Telegram's stand-in, its proxy for webhooks and leads, and every bot are processes of their own. What came of it is
judged by the stand-in's record and the database, never by what a bot says of itself.
"""
