"""The official form as data, and how printed labels and numbers are held against it."""
