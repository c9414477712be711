"""The bytes of an answer → links, files and further pages."""
