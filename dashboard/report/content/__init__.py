"""What a report says, before it is Word or PDF."""
