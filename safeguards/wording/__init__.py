"""Checks of typed texts for marks of a child: names, numbers, days and places."""

from safeguards.wording.names import IsName, list_name_words
from safeguards.wording.pointers import ALWAYS_REFUSED, Finding, check_line

__all__ = ["ALWAYS_REFUSED", "Finding", "IsName", "check_line", "list_name_words"]
