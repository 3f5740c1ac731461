"""Alembic migrations, one step per file. They run by themselves at start (`bot.database`)."""
