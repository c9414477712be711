"""Parameters of the command line → what pipeline and run take, or Refused in one line."""
