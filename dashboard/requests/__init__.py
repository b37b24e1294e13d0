"""Requests about a child's data: what a person at this school does with each."""
