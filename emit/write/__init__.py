"""Reports → files of a dataset folder."""
