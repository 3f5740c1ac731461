"""«Учёт клиентов»: a view of the deals, never a second truth (M-5)."""
