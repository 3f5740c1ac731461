"""Messages to the client by SMS (K-21)."""
