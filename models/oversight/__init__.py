"""Who looked at clients, took them out, or erased them: what is written down of it, and how much is too much."""
