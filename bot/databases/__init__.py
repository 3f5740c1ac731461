"""What the databases are read and written with."""
