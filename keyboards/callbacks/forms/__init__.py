"""Every press of a form: those of all questions, and those of the types of field that have their own."""
