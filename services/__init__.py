"""Verbs: what can be done. Each takes a unit of work (transaction, who acts, when) and knows no Telegram."""
