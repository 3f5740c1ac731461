"""Tables about the business, each a module that registers itself (`report_registry`)."""
