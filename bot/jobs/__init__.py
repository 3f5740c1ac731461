"""What must happen outside a transaction: each kind of job in a file of its own."""
