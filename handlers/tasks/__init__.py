"""What is done with tasks: cards, lists, checklists, putting off."""
