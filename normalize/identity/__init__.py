"""Whose report it is and of which year: the title, the body, its division, and whether it is a report at all."""
