"""Who looks at clients: what a person is told, and what the owner sees and sets."""
