"""Nouns and rules: tables, the process language, the pure engine. No session, no clock, no Telegram."""
