"""Tasks on the screen: a card, lists, checklists and their templates."""
