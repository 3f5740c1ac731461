"""What is done with papers, templates and requisites."""
