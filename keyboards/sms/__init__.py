"""Messages to the client on the screen."""
