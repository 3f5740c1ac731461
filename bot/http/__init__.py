"""To the outside over HTTP: the webhook, the intake of leads, health and metrics."""
