"""Requests and answers: pace, robots.txt, redirects, private addresses, WARC."""
