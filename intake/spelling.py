"""The one spelling of a value, where people write it in several ways and mean the same.

What cannot be made out for certain stays as it is, for the checks to judge.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from queries import reference
from queries.contract import ATTENDANCE, Column

#: What Windows shows for the bytes 0x80 to 0xBF, and those bytes themselves.
_SECOND_BYTES = "\u0080-\u00bf" + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
#: UTF-8 that was read as another code page and saved so: Siân as SiÃ¢n or Si√¢n, a curled
#: apostrophe as three signs; UTF-7; and what stands in place of a letter that was lost.
_GARBLED = re.compile(rf"[ÂÃÄÅ][{_SECOND_BYTES}]|â€|√.|\ufffd|(?<=\w)\?+(?=\w)|\+A[A-P]\w-")


def spell_value(column: Column, text: str) -> str:
    """The value as the column writes it: without blanks around it, its words as in the list."""
    if column.kind == "text":
        if is_garbled(text):
            return text  # a blank after it may be half of a letter
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if text and column.spell is not None:
        text = column.spell(text)
    return _get_words(column).get(text.casefold(), text)


def spell_texts(column: Column, texts: Iterable[str]) -> dict[str, str]:
    """The texts that are spelled in another way, and how the column spells them."""
    return {text: spelled for text in texts if (spelled := spell_value(column, text)) != text}


def is_garbled(text: str) -> bool:
    """Whether letters went through the wrong code page, or were lost on the way."""
    return _GARBLED.search(text) is not None


@cache
def list_codes(column: Column) -> tuple[str, ...]:
    """Every value that the column may have on some date; none if it is free."""
    if column.code_list:
        return tuple(reference.read(column.code_list)["code"].unique(maintain_order=True))
    return column.allowed


#: Every code of the register: any other text in its place may be a name.
MARK_CODES = frozenset(list_codes(ATTENDANCE.get_column("code")))


@cache
def _get_words(column: Column) -> dict[str, str]:
    """The words of a column by their letters alone; those that differ by case only are none."""
    words = [*list_codes(column), *column.also_allowed]
    counted = Counter(word.casefold() for word in words)
    return {word.casefold(): word for word in words if counted[word.casefold()] == 1}
