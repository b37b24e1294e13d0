"""Commands about what the school owes: the log, requests, retention, sharing, reports."""
