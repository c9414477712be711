"""Glyphs and ruling lines of a page, whatever drew them → Grids and Paragraphs; pure geometry."""
