"""The bytes of a response → links, files and further pages."""
