"""The process language told to others, from its models: to editors as a JSON Schema, to people as a page."""
