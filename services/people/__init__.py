"""Employees: who is in the company, how one joins it, what one holds (C-8)."""
