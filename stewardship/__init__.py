"""What the school owes about the data that it holds: rights, retention, sharing, backups."""
