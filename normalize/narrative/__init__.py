"""Paragraphs → Sections, and the numbers in them → Mentions."""
