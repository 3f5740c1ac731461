"""What tells of a person, and what is known of what was erased (152-ФЗ)."""
