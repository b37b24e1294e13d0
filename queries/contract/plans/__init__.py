"""Plans for a child: for learning in care, and for special needs."""
