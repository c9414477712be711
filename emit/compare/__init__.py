"""Two dataset folders → what changed from one to the other."""
