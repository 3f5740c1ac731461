"""Tables about the business, each a module that registers itself (`services.report_registry`); one may import every other feature."""
