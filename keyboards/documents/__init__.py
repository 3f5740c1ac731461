"""Papers, their templates and the company's requisites on the screen."""
