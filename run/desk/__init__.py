"""A server on which people review the reports of a dataset, and what it shares with the pages on disk."""
