"""Check what people write in the report, for what could identify a child and for words to avoid.

These are pure functions.  They forbid nothing and keep nothing: the writer sees each finding
beside the words.
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
#: would give that total away.  The same is done for suspensions, on which Part One says nothing.
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
    """Return what to look at in a text that somebody wrote, in the order of the text.

    `is_name` and `as_at`, the report's day, are as in `find_pointers`.  Words that we do not use
    about children are found too.
    """
    findings = find_pointers(text, is_name, as_at=as_at)
    for kind, signs in (("figure", _SHARES), ("suspension", _SUSPENSIONS)):
        for match in signs.finditer(text):
            if not any(row.start < match.end() and match.start() < row.end for row in findings):
                findings.append(build_finding(kind, *match.span()))
    for pattern, instead in NOT_SAID.items():
        for match in re.finditer(f"(?i:{pattern})", text):
            findings.append(Finding(*match.span(), "word", f'Say "{instead}".'))
    return tuple(sorted(drop_overlapping(findings)))


def count_pointing(texts: Iterable[str], as_at: date, is_name: IsName) -> int:
    """Count the places in the answers that could identify a child."""
    findings = (finding for text in texts for finding in check_text(text, is_name, as_at=as_at))
    return sum(finding.kind in MESSAGES for finding in findings)
