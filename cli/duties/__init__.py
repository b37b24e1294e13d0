"""Commands about the school's duties: the access log, identities, retention, sharing, reports."""
