"""The one check of what people write in the report: what could identify a child, what to say.

Pure functions.  Nothing is forbidden here and nothing is kept: each finding is shown to the
person who writes, beside the words.
"""

import re
from collections.abc import Iterable
from datetime import date

from dashboard.text.words import NOT_SAID
from safeguards.wording.names import IsName
from safeguards.wording.pointers import MESSAGES, Finding, drop_overlapping, find_pointers


def check_text(text: str, is_name: IsName, *, as_at: date | None = None) -> tuple[Finding, ...]:
    """What is to be looked at in a text that somebody wrote, in the order of the text.

    is_name, as_at: as of `find_pointers`; as_at is the report's day.  Words that we do not say
    of children are told as well.
    """
    found = find_pointers(text, is_name, as_at=as_at)
    for pattern, instead in NOT_SAID.items():
        for match in re.finditer(f"(?i:{pattern})", text):
            found.append(Finding(*match.span(), "word", f'Say "{instead}".'))
    return tuple(sorted(drop_overlapping(found)))


def count_pointing(texts: Iterable[str], as_at: date, is_name: IsName) -> int:
    """How many places in what is kept could identify a child."""
    found = (each for text in texts for each in check_text(text, is_name, as_at=as_at))
    return sum(each.kind in MESSAGES for each in found)
