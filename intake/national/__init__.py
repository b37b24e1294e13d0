"""Readers of national files, which are recognised by their content and become our rows."""
