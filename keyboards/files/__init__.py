"""Files of a deal on the screen."""
