"""The one check of what people write in the report: what could identify a child, what to say.

Pure functions.  Nothing is forbidden here and nothing is kept: each finding is shown to the
person who writes, beside the words.
"""

import re
from collections.abc import Iterable
from datetime import date

from dashboard.text.words import NOT_SAID
from safeguards.wording.names import IsName
from safeguards.wording.pointers import (
    MESSAGES,
    Finding,
    build_finding,
    drop_overlapping,
    find_pointers,
)

#: A share, or a number of sessions or days missed: beside a total that the report leaves out, it
#: tells what the report must not. And a suspension, of which Part One says nothing.
_SHARES = re.compile(
    r"\b\d[\d.,]*\s*(?:%|per\s?cent\b)(?=[^.\n]{0,40}\b(?:child|pupil|session|group|them|are|were"
    r"|have|had|behind|miss|attend))"
    r"|\b(?:half|(?:a|one|two|three)[\s-]+(?:third|quarter)s?)\s+(?:of\s+)?(?:the|our|these|those"
    r"|all|them)\b(?!\s+(?:term|day|year|week|time|morning|afternoon|cost|money)s?\b)"
    r"|\b(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|several)\s+"
    r"(?:whole\s+|half\s+)?(?:sessions?|days?)\b"
    r"(?=[^.\n]{0,60}\b(?:miss|lost|absen|suspen|exclu|away))",
    re.IGNORECASE,
)
_SUSPENSIONS = re.compile(
    r"\b(?:was|were|is|are|been|being|got)\s+(?:\w+\s+)?(?:suspended|excluded)\b"
    r"|\b(?:\d[\d,]*|one|two|three|four|five|six|several|a|an|no)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:suspension|exclusion)s?\b"
    r"|\b(?:sessions?|days?)\s+(?:\w+\s+){0,4}?(?:suspension|exclusion)s?\b",
    re.IGNORECASE,
)


def check_text(text: str, is_name: IsName, *, as_at: date | None = None) -> tuple[Finding, ...]:
    """What is to be looked at in a text that somebody wrote, in the order of the text.

    is_name, as_at: as of `find_pointers`; as_at is the report's day.  Words that we do not say
    of children are told as well.
    """
    found = find_pointers(text, is_name, as_at=as_at)
    for kind, signs in (("figure", _SHARES), ("suspension", _SUSPENSIONS)):
        for match in signs.finditer(text):
            if not any(each.start < match.end() and match.start() < each.end for each in found):
                found.append(build_finding(kind, *match.span()))
    for pattern, instead in NOT_SAID.items():
        for match in re.finditer(f"(?i:{pattern})", text):
            found.append(Finding(*match.span(), "word", f'Say "{instead}".'))
    return tuple(sorted(drop_overlapping(found)))


def count_pointing(texts: Iterable[str], as_at: date, is_name: IsName) -> int:
    """How many places in what is kept could identify a child."""
    found = (each for text in texts for each in check_text(text, is_name, as_at=as_at))
    return sum(each.kind in MESSAGES for each in found)
