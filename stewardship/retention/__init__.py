"""Retention: data is deleted by a schedule that the school edits."""
