"""Requests and responses: pace, robots.txt, redirects, private addresses, WARC."""
