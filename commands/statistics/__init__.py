"""Commands that make of a dataset what people count and draw with: panel, export, plots."""
