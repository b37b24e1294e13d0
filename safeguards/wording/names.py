"""A search of a text for names of children on the roll, word by word, without identifying them.

The caller gives a function that says whether a word is part of a name on the roll.  A name that is
also an English word counts only where it reads as a person.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path

#: A function that says whether a word, as `fold_word` writes it, is part of a name on the roll.
IsName = Callable[[str], bool]

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_APOSTROPHES = "'\u2019\u2018\u02bc"
_TOKEN = re.compile(rf"(?:{_LETTER})+(?:[{_APOSTROPHES}](?:{_LETTER})+)*")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)
#: The text between two words that begins a sentence, a line, a quotation or a note.
_BREAK = re.compile(
    r"[.!?:;\n\"\u201c(*\u2022]|\s[-\u2013\u2014]\s|^\W*\d|[^\w\s][\s\"]*['\u2018]$"
)
#: Letters that no form of Unicode separates from their signs.
_FOLDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d"})
#: A shorter name is a word in small letters, and counts with a capital only.
_SHORTEST = 3


def fold_word(word: str) -> str:
    """Return a word in small letters, without accents, apostrophes and hyphens."""
    parts = unicodedata.normalize("NFKD", word).casefold().translate(_FOLDED)
    return "".join(letter for letter in parts if letter.isalpha())


def list_name_words(name: str) -> set[str]:
    """Return the folded words of a name, and the whole name as one word."""
    words = {fold_word(word) for word in _TOKEN.findall(name)} | {fold_word(name)}
    return {word for word in words if len(word) > 1}


def find_names(text: str, is_name: IsName) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each name on the roll, and whether it can only be a name."""
    tokens = [_Token(match, is_name) for match in _TOKEN.finditer(text)]
    for place, token in enumerate(tokens):
        token.begins = place == 0 or bool(_BREAK.search(text, tokens[place - 1].end, token.start))
    for place, token in enumerate(tokens):
        if token.is_name and (not token.is_common or _is_person(text, tokens, place)):
            yield token.start, token.start + token.length, token.has_capital and not token.is_common


class _Token:
    """A word of a text, with its properties."""

    def __init__(self, match: re.Match[str], is_name: IsName) -> None:
        self.text = match.group()
        self.start, self.end = match.span()
        self.begins = False
        owner = _POSSESSIVE.sub("", self.text)
        self.is_possessive = owner != self.text
        self.word = fold_word(owner)
        forms = [self.word]
        if self.word not in _words("common"):
            forms += [self.word.removesuffix(end) for end in ("s", "es")]
        self.word = next((form for form in forms if len(form) > 1 and is_name(form)), self.word)
        self.length = len(owner)
        self.is_name = len(self.word) > 1 and is_name(self.word)
        self.has_capital = self.text[0].isupper()
        self.is_common = self.word in _words("common") or (
            len(self.word) < _SHORTEST and not self.has_capital
        )
        self.is_capitals = len(self.text) > 1 and self.text.isupper()

    def is_in(self, *names: str) -> bool:
        """Say whether the word is in one of these lists."""
        return any(self.word in _words(name) for name in names)


def _is_person(text: str, tokens: Sequence[_Token], place: int) -> bool:
    """Say whether an English word is where only the name of a person can be."""
    token = tokens[place]
    before = None if token.begins else tokens[place - 1]
    after = next((word for word in tokens[place + 1 : place + 2] if not word.begins), None)
    is_shouted = token.is_capitals and any(word and word.is_capitals for word in (before, after))
    if not token.has_capital or is_shouted:
        return False
    if _names_people(tokens, place, before, after):
        return True
    if _is_thing(tokens, place, before, after) or _is_time(tokens, place, before):
        return False
    if after and after.has_capital and _is_joined(text, token, after):
        is_initial = len(after.text) == 1 and after.text != "I"
        if is_initial or after.is_name or not after.is_capitals:
            return is_initial or after.is_name
    if before is None or (_is_joined(text, before, token) and _makes_title(before)):
        return not token.is_in("by_work") and _acts(text, tokens, place)
    return True


def _names_people(
    tokens: Sequence[_Token], place: int, before: _Token | None, after: _Token | None
) -> bool:
    """Say whether it is one of two names with "and" between them, or a family's."""
    token = tokens[place]
    if after and after.word == "and":
        other = next((word for word in tokens[place + 2 : place + 3] if word.is_name), token)
        return other.has_capital and not other.is_in("calendar") and other is not token
    is_family = before is not None and after is not None and after.is_in("kin")
    return is_family and not token.is_in("calendar")


def _is_thing(
    tokens: Sequence[_Token], place: int, before: _Token | None, after: _Token | None
) -> bool:
    """Say whether the words beside it turn the word into a group, an event or a saying."""
    token = tokens[place]
    pairs = {f"{word.word}-{token.word}" for word in (before,) if word}
    pairs |= {f"{token.word}-{word.word}" for word in (after,) if word}
    return (
        not pairs.isdisjoint(_words("together"))
        or (before is not None and before.is_in("before_things"))
        or (before is not None and before.word == "of" and _makes_title(tokens[max(place - 2, 0)]))
        or (
            after is not None
            and after.is_in("things")
            and not (token.is_possessive or after.has_capital)
        )
    )


def _is_time(tokens: Sequence[_Token], place: int, before: _Token | None) -> bool:
    """Say whether it is a month, a season or a colour among words of its kind."""
    token = tokens[place]
    if not token.is_in("calendar"):
        return False
    near = [word for word in tokens[max(place - 3, 0) : place + 4] if word.word != token.word]
    return (
        (before is not None and before.is_in("before_calendar"))
        or (
            before is not None and before.word == "of" and not tokens[max(place - 2, 0)].has_capital
        )
        or any(word.has_capital and word.is_in("calendar") for word in near)
    )


def _is_joined(text: str, first: _Token, second: _Token) -> bool:
    """Say whether there is only a blank or a hyphen between two words."""
    return not text[first.end : second.start].strip(" -\u2010\u2011\u00a0")


def _makes_title(before: _Token) -> bool:
    """Say whether a word makes a title, such as Golden Bell, with the capital after it."""
    if before.is_name or not before.has_capital or before.is_in("no_title"):
        return False
    if before.begins:
        return not (before.is_in("openers") or before.word.endswith("ed"))
    return not before.is_capitals


def _acts(text: str, tokens: Sequence[_Token], place: int) -> bool:
    """Say whether the words after it are about what only a person does, is or has."""
    token, rest = tokens[place], list(tokens[place + 1 : place + 2])
    rest += takewhile(lambda word: not word.begins, tokens[place + 2 :])
    if not rest:
        return False
    gap = text[token.end : rest[0].start]
    is_heading = re.fullmatch(r"\s*[:\u2013\u2014-]\s+", gap) is not None
    if rest[0].begins and not is_heading:
        return False
    if token.is_possessive:
        return rest[0].is_in("belongings")
    if "," in gap:
        return rest[0].word in {"who", "whose"} or (rest[0].has_capital and rest[0].is_name)
    passed = list(takewhile(lambda word: word.is_in("between"), rest))
    verb = next(iter(rest[len(passed) :]), token)
    if verb.is_in("person"):
        return bool(passed) or not (token.is_in("modal") and verb.is_in("bare"))
    return bool(passed) and verb.word.endswith("ing") and not token.is_in("calendar")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_load_words()[name].split())


@cache
def _load_words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("word_lists.toml").read_text(encoding="utf-8"))
