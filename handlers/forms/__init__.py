"""The one form runner: fields are asked one after another, then the wish completes itself (C-2, C-3)."""
