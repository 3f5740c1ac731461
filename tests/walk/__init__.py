"""A random walk: people act, forget, fall ill; after each step nothing that was said may be untrue."""
