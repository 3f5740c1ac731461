"""Every press of the product, one module per feature."""
