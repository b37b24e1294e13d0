"""The rights of a child: access, correction, restriction, objection, erasure."""
