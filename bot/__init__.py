"""The root: the only place where objects meet. It imports everything; nothing imports it."""
