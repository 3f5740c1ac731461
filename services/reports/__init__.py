"""Tables about the business, each a module that registers itself (`services.report_registry`).

One may import every other feature.
"""
