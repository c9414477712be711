"""Spreadsheets: what a sheet shows of its boxes."""
