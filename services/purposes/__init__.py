"""What forms are for, one module per feature."""
