"""Commands about a home: its making, its keys, its people, its backups."""
