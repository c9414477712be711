"""Document and Report → pictures and pages for people."""
