"""Finding clients and deals, the client's card."""
