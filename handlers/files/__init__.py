"""Files of a deal, and files that no question asked for."""
