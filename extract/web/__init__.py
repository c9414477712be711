"""The elements of a web page → what a browser would show of them."""
