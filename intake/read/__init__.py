"""Readers of CSV files, workbooks and XML files, as strict text."""
