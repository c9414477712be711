"""Plain text: tables between other signs than tabs, and JSON."""
