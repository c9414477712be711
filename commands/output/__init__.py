"""Results → standard output: for terminals, and as JSON."""
