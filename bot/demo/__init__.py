"""A believable shop for the sandbox."""
