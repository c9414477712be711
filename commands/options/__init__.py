"""What the command line names → what the roof takes; what is wrong is refused in one line."""
