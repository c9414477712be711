"""PDFium's view of a page → characters, paths, and which characters are not text of the report."""
