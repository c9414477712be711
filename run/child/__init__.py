"""Child processes: what is loaded for them, what they tell, where they work, and how they are ended."""
