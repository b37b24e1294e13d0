"""The school's duties about the data that it holds: rights, retention, sharing, backups."""
