"""Who looked at clients, took them out, or erased them; how many of others' clients a person may look at in a day."""
