"""Grids and lines of text → the rows of the form's tables, and their boxes with the labels that govern them."""
