"""What the national return asks of a child in care beside health, and how care ends."""
