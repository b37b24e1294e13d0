"""Twelve children with fixed stories, the same in every made-up school."""
