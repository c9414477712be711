"""A Panel → files that Stata, R, SPSS, Excel, pandas and databases open: one module a format."""
