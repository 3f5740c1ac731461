"""What a field's answer may be: read, checked, kept as JSON. Pure."""
