"""A month of an ordinary shop, played through the real services with the clock moved: who is told what, how often."""
