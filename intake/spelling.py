"""Give a value its one spelling, if people write it in several ways and mean the same.

A value that is not certain stays as it is, and the checks judge it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from queries import reference
from queries.contract import ATTENDANCE, Column

#: The characters that Windows shows for the bytes 0x80 to 0xBF, and those bytes themselves.
_SECOND_BYTES = "\u0080-\u00bf" + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
#: UTF-8 that was read as another code page and saved so: Siân as SiÃ¢n or Si√¢n, a curly
#: apostrophe as three signs; UTF-7; and the signs in place of a letter that was lost.
_GARBLED = re.compile(rf"[ÂÃÄÅ][{_SECOND_BYTES}]|â€|√.|\ufffd|(?<=\w)\?+(?=\w)|\+A[A-P]\w-")


def spell_value(column: Column, text: str) -> str:
    """Return the value as the column writes it: stripped, and its words as in the list."""
    if column.kind == "text":
        if is_garbled(text):
            return text  # a blank after it may be half of a letter
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if text and column.spell is not None:
        text = column.spell(text)
    return _get_words(column).get(text.casefold(), text)


def spell_texts(column: Column, texts: Iterable[str]) -> dict[str, str]:
    """Return the texts that the column spells in another way, with its spelling."""
    return {text: spelled for text in texts if (spelled := spell_value(column, text)) != text}


def is_garbled(text: str) -> bool:
    """Say whether letters went through the wrong code page, or were lost on the way."""
    return _GARBLED.search(text) is not None


@cache
def list_codes(column: Column) -> tuple[str, ...]:
    """Return every value that the column may have on some date; none if any text is allowed."""
    if column.code_list:
        return tuple(reference.read(column.code_list)["code"].unique(maintain_order=True))
    return column.allowed


#: Every code of the register. Any other text in place of a code may be a name.
MARK_CODES = frozenset(list_codes(ATTENDANCE.get_column("code")))


@cache
def _get_words(column: Column) -> dict[str, str]:
    """Return the words of a column by their lower case, except those that differ only by case."""
    words = [*list_codes(column), *column.also_allowed]
    counted = Counter(word.casefold() for word in words)
    return {word.casefold(): word for word in words if counted[word.casefold()] == 1}
