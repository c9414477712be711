"""A dataset folder → Reports, Filings or DataFrames."""
