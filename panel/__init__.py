"""A dataset folder → the panel: one line a body and year."""
