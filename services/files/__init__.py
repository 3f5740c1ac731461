"""Files of deals: what came in, where it belongs, its bytes on our disk (K-7)."""
