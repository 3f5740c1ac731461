"""What is found by which words."""
