"""What PDFium knows of a page → characters, paths, and which of them are no text of the report."""
