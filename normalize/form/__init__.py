"""The official form as data, and what printed labels and numbers mean in it."""
