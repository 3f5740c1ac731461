"""Personal data: consent, what is known of a person, erasing him."""
