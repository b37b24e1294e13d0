"""The content of a report, before it is Word or PDF."""
