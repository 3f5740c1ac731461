"""What holds for files."""
