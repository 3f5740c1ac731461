"""Personal data outside the tables: the list of who was erased, and erasing them again after a restore."""
