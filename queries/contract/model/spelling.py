"""The one spelling of values that people spell in several ways with one meaning.

These are pure functions of text without blanks around it.  They leave a value that they do not know
as it is, for the checks to judge: nothing is guessed.
"""

import re

_BETWEEN_WORDS = re.compile(r"[\s_.\-/]+")
_YEAR = re.compile(r"(?:y|yr|year)\.? ?(?:group )?0?([0-9]{1,2})|0([1-9])", re.IGNORECASE)
_INWARD_LENGTH = 3
_SEXES = {"girl": "F", "boy": "M", "female": "F", "male": "M"}
_POUNDS = re.compile(
    r"(?:(?P<minus>[-\u2212]£?|£[-\u2212]|(?P<bracket>\()£?)|£?)\s?"
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<pence>\.[0-9]{1,2})?(?(bracket)\))"
)
_HALVES = {"a.m.": "AM", "morning": "AM", "p.m.": "PM", "afternoon": "PM"}


def normalise_name(text: str) -> str:
    """Return a column's name without regard to case, blanks, dots, dashes and underscores."""
    return _BETWEEN_WORDS.sub("", text.strip()).casefold()


def spell_upn(text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


def spell_sex(text: str) -> str:
    """Return Female as F, Male as M."""
    return _SEXES.get(text.casefold(), text)


def spell_year_group(text: str) -> str:
    """Return Year 5, Y5 and 05 as 5, Reception as R."""
    if text.casefold() == "reception":
        return "R"
    match = _YEAR.fullmatch(text)
    return (match[1] or match[2]) if match else text


def spell_half(text: str) -> str:
    """Return morning as AM, afternoon as PM."""
    return _HALVES.get(text.casefold(), text)


def spell_mark(text: str) -> str:
    """Return a dash, as systems write where no mark was made, as blank."""
    return "" if text == "-" else text


def spell_pounds(text: str) -> str:
    """Return an amount without a pound sign and commas; one in brackets is written below 0."""
    match = _POUNDS.fullmatch(text)
    if match is None:
        return text
    minus = "-" if match["minus"] else ""
    return f"{minus}{match['whole'].replace(',', '')}{match['pence'] or ''}"


def spell_postcode(text: str) -> str:
    """Return the text in capitals, with the one blank before the inward part."""
    joined = re.sub(r"\s", "", text).upper()
    return f"{joined[:-_INWARD_LENGTH]} {joined[-_INWARD_LENGTH:]}"
