"""Finding clients and deals by whatever a person has in the hand."""
