"""Pictures of pages → characters and ruling lines, as a page of a PDF has them."""
