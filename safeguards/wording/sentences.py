"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator

_BREAK = re.compile(r"(?<=[.!?:;])\s+|\n+")
_EDGES = " \t\r-*#\u2022\u2013\u2014"


def find_sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text are: (start, end); lines, list items, colons end one too."""
    start = 0
    for stop in (*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))):
        part = text[start : stop[0]]
        if bare := part.strip(_EDGES):
            begin = start + part.index(bare)
            yield begin, begin + len(bare)
        start = stop[1]
