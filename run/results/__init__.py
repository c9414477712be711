"""What earlier runs read, kept on disk: results by file, and the folder that they lie in."""
