"""The deal on the screen: its card, its pages, its stages, its history in words."""
