"""The reader of our texts: long sentences, words that we do not say, letters unexplained."""

import re

from dashboard.text.words import NOT_SAID, TERMS

#: Words of a machine, which no text on a screen says; and what ours do.
BANNED_ON_SCREEN = {
    r"(?-i:\b(?:null|NULL|NaN|None)\b)": "not recorded",
    r"\binvalid\b": "say what is wrong",
    r"\bforbidden\b": "say who can see it",
    r"\b(?:please|sorry|oops)\b": "say what happened and how to fix it",
    r"\bcohorts?\b": "group",
}

BANNED = {**NOT_SAID, **BANNED_ON_SCREEN}

#: Letters that need no explanation at a school office's desk.
_PLAIN_ACRONYMS = frozenset({"AM", "PM", "CSV", "JPEG", "PDF", "PNG", "SVG", "UTF", "OK"})

#: Letters that a text must spell out once.
ACRONYMS = {
    "MIS": "management information system",
    "DfE": "Department for Education",
    "NHS": "National Health Service",
    "DSL": "designated safeguarding lead",
    "INSET": "staff training day",
    "UPN": "unique pupil number",
}

#: Letters that each page spells out once, in a line of its own (`words.terms`).
PAGE_ACRONYMS = TERMS

_BREAK = re.compile(r"(?<=[.!?:;])\s+|\n+")
_EDGES = " \t\r-*#\u2022\u2013\u2014"
#: In words.
MAX_SENTENCE_WORDS = 20


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; lines, list items and colons end one too."""
    return [bare for part in _BREAK.split(text) if (bare := part.strip(_EDGES))]


def check_text(text: str) -> list[str]:
    """What is wrong with a text for the screen: long sentences, banned words, bare acronyms.

    Empty when all is well.  A percent sign in a sentence about children is wrong too,
    unless its base is sessions.
    """
    found = [
        f'"{match.group()}": say "{instead}"'
        for pattern, instead in BANNED.items()
        for match in re.finditer(f"(?i:{pattern})", text)
    ]
    for part in split_sentences(text):
        if len(part.split()) > MAX_SENTENCE_WORDS:
            found.append(f"{len(part.split())} words: {part}")
        if "%" in part and re.search(r"\bchild(?:ren)?\b", part) and "session" not in part:
            found.append(f"a percentage of children: {part}")
    for acronym in re.findall(r"\b(?:[A-Z]{2,}|DfE)s?\b", text):
        if acronym.removesuffix("s") in _PLAIN_ACRONYMS | PAGE_ACRONYMS.keys():
            continue
        meaning = ACRONYMS.get(acronym)
        if meaning is None or meaning.lower() not in text.lower():
            found.append(f"{acronym} is not spelled out")
    return found


def find_unexplained_acronyms(page: str) -> list[str]:
    """The letters that a whole page uses and does not spell out."""
    return [
        letters
        for letters, meaning in PAGE_ACRONYMS.items()
        if re.search(rf"\b{letters}s?\b", page) and meaning.lower() not in page.lower()
    ]
