"""Tasks with their checklists: given, ticked, closed, put off, taken back."""
