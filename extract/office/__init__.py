"""What DOCX, ODT and OFD share: the zipped package, and numbers that no text holds."""
