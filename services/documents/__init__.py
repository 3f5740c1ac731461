"""Papers of deals: what they are made of, made, numbered, kept; the owner's own templates (K-11, K-12)."""
