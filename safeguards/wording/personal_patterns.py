"""Patterns of a child's marks in a text: numbers, dates, postcodes, titles, places, figures.

Each function yields the (start, end) of each place, in order.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from safeguards.handles import load_word_lists

Spans = Iterator[tuple[int, int]]

#: Births of children in a junior school are at least so many years back; a report's dates are not.
_YOUNGEST = 4

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_IN_DIGITS = re.compile(
    r"(?<![\w/.-])(?:\d{1,2}([/.-])\d{1,2}\1(?P<last>\d{4}|\d{2})"
    r"|(?P<first>(?:19|20)\d{2})([/.-])\d{1,2}\4\d{1,2})(?![\w/-])"
)
_WRITTEN_OUT = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+{_DAY}),?\s+(?P<year>(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_OF_BIRTH = re.compile(
    rf"""\b(?:date\s+of\s+birth|d\.?o\.?b\b\.?|birth\s?(?:day|date)s?|born\s+(?:on|in)
    |(?:turn(?:s|ed)|aged?)\s+(?:\d+|five|six|seven|eight|nine|ten|eleven|twelve)\b)
    (?:\W{{1,3}}(?:is\s+|was\s+|on\s+)?{_DAY}\s+{_MONTH}\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
#: A letter and twelve signs, eleven of them digits: the number of a child at any school.
_OF_A_CHILD = re.compile(r"(?<!\w)[A-Z](?:[ -]?\d){11}[ -]?[0-9A-Z](?!\w)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,/\u00a3-])(?:\+|\(0?|0)?\d(?:[ ()\u00a0-]{0,2}\d){6,14}(?![\w/])")
_E_MAIL = re.compile(r"(?<![^\s<(,;:])[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,255}(?<=\w)")
_POSTCODE = re.compile(
    r"\b(?!KS)(?:[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2})\b"
)
_POSTCODE_IN_SMALL = re.compile(
    r"\b[a-z]{1,2}\d[a-z\d]?\s?\d(?!(?:st|nd|rd|th|am|pm)\b)[abd-hjlnp-uw-z]{2}\b"
)

_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?\s+(?P<name>[A-Z][\w\u2019'-]*\w)")
_CHILDREN = r"(?:child(?:ren)?|pupils?|boys?|girls?)\b"
#: Things of which each child has one: so many of these are so many children.
_OF_EACH = (
    r"(?:(?:health\s+|dental\s+)?(?:checks?|assessments?)|plans?|PEPs?|SDQs?|EHCPs?|scores?"
    r"|suspensions?|exclusions?|siblings?|twins)\b"
)
#: Numbers only: all, most, half or none of the children are words that staff may use.
_SPOKEN = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|both|a\s+dozen"
)
#: Words that may stand between a number in words and the children whom it counts.
_BETWEEN = r"(?:of|the|our|these|those|all|looked|after|looked-after|younger|older|more|other|new)"
#: A number that counts no children: a year group, a table, a sum of money, a year.
_DIGITS = (
    r"(?<![\w\u00a3.,/:-])"
    r"(?<!\byear )(?<!\byears )(?<!\bstage )(?<!\bpart )(?<!\btable )(?<!\bsection )"
    r"(?!(?:19|20)\d{2}\b)\d[\d,]*(?![\w%/:.-]*\d)"
    rf"(?!\s*(?:%|per|st|nd|rd|th|am|pm|{_MONTH})\b)(?!%)"
)
_FIGURES = (
    re.compile(
        rf"\d[\d.]*\s*(?:%|per\s?cent)\s+of\s+(?:[\w'\u2019-]+\s+){{0,2}}?{_CHILDREN}",
        re.IGNORECASE,
    ),
    re.compile(rf"{_DIGITS}(?:\s+[\w'\u2019-]+){{0,3}}?[\s-]+{_CHILDREN}", re.IGNORECASE),
    re.compile(rf"\b(?:{_SPOKEN})(?:\s+{_BETWEEN}){{0,4}}\s+{_CHILDREN}", re.IGNORECASE),
    re.compile(rf"\b{_CHILDREN}:?\s+(?:[\w'\u2019-]+:?\s+){{0,2}}?{_DIGITS}", re.IGNORECASE),
    re.compile(
        rf"\b(?:{_SPOKEN}|a\s+couple\s+of|{_DIGITS})(?:\s+(?:{_BETWEEN}|dental|health))"
        rf"{{0,3}}\s+(?:{_OF_EACH}|{_CHILDREN})",
        re.IGNORECASE,
    ),
)
#: One child, by an article or a number with a year group, a sex, or a word for only one.
_SINGLE = (
    re.compile(
        r"\b(?:a|an|one|another|our|the|this|that|single|only)(?:\s+[\w\u2019'-]+){0,3}?\s+"
        r"(?:boy|girl)\b(?!['\u2019])(?:\s+in\s+year\s+\d)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:one|another|this|that|single|only|oldest|youngest|new|(?:a|an|the|our)\s+year\s+\d)"
        r"(?:\s+(?!the\b)[\w-]+)?\s+(?:child|pupil|young\s+person)\b(?!['\u2019])",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:a|the|our)(?:\s+[\w-]+)?\s+(?:child|pupil)\s+"
        r"(?:in|who|with|from|on|came|turned)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:the|our|my)\s+(?:only|one|oldest|youngest|newest|latest|first|last)\b"
        r"(?:\s+[\w-]+){0,3}?\s+(?:child|pupil|arrival|starter|joiner|leaver|one|to)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:the\s+only\s+one|our\s+(?:only|one|youngest|oldest|newest))\b(?!['\u2019])",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:someone|somebody)\b(?!['\u2019])", re.IGNORECASE),
    re.compile(
        r"\b(?:all|everyone|everybody|nobody|no\s+one|none)\s+(?:but|except)\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:twins?|sisters?|brothers?|lad|lass|he|she|his|hers?|him|himself|herself)\b",
        re.IGNORECASE,
    ),
    # "K. had a visit": an initial in place of a name
    re.compile(r"(?<![\w.])[A-Z]\.(?=\s+[a-z])"),
)
#: Each word with the one after it.
_TWO_WORDS = re.compile(
    r"\b(?P<first>[a-z]+)(?=[\s\u2010\u2011-]+(?P<second>[a-z]+)\b)", re.IGNORECASE
)
_NO_PLACE = (
    rf"(?!(?i:{_MONTH})\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Years?\b|Part\b|Key\b|Virtual\b"
    r"|English\b|Easter\b|Christmas\b|Headteacher|Governors?\b|Department\b|Ofsted|Table\b|PEP"
    r"|SDQ|EHC|SEN|ICT\b|PE\b|Section\b|Word\b|School\b|I\b|Autumn|Spring|Summer|Winter|Victorians"
    r"|Need\b|World\s|Forest\s)"
)
#: Names of groups at school, which are no places: Rose class, Robin group.
_NO_GROUP = r"(?!\w|[\u2019'-]\w|\s+(?:class|club|group|house|room|table|team|term)\b)"
_PROPER = rf"{_NO_PLACE}[A-Z][a-z\u2019']+(?:[ -][A-Z][a-z\u2019']+)*{_NO_GROUP}"
#: A town after a word of place, a street by its kind, a school or home by its own name.
_PLACES = (
    re.compile(rf"\b(?:in|from|near|to|at|outside|around)\s+(?P<place>{_PROPER})"),
    re.compile(
        r"\b(?P<place>(?:\d+[a-z]?\s+)?(?:[A-Z][a-z]+\s+)+(?:Road|Street|Lane|Avenue|Close|Drive|Way"
        r"|Crescent|Terrace|Court|Gardens|Grove|Hill|House))\b"
    ),
    re.compile(
        rf"\b(?P<place>{_NO_PLACE}[A-Z][a-z]+(?:\s+[A-Z][a-z]+)*\s+"
        r"(?:Primary|Junior|Infant|Academy|School|Hospital|Centre))\b(?<!Virtual School)"
    ),
)


#: The patterns of the kinds that have a shape; if one has a named part, only that part counts.
PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "number of a child": (_OF_A_CHILD,),
    "e-mail": (_E_MAIL,),
    "postcode": (_POSTCODE, _POSTCODE_IN_SMALL),
    "name": (_TITLED,),
    "one child": _SINGLE,
    "place": _PLACES,
}


def _spans(pattern: re.Pattern[str], text: str) -> Spans:
    return (match.span() for match in pattern.finditer(text))


def find_birth_dates(text: str, *, as_at: date | None) -> Spans:
    """Yield words about a birth or an age, and dates of long ago.

    `as_at` is the text's day; without it every date that has a year is yielded.
    """
    yield from _spans(_OF_BIRTH, text)
    dates = [(match, match["first"] or match["last"]) for match in _IN_DIGITS.finditer(text)]
    dates += [(match, match["year"]) for match in _WRITTEN_OUT.finditer(text)]
    for match, digits in dates:
        if as_at is None or _get_year(digits, as_at) <= as_at.year - _YOUNGEST:
            yield match.span()


def _get_year(digits: str, as_at: date) -> int:
    """Return the year; one of two digits is one that has begun, or the next."""
    if len(digits) > len("17"):
        return int(digits)
    year = as_at.year // 100 * 100 + int(digits)
    return year if year <= as_at.year + 1 else year - 100


def find_phone_numbers(text: str) -> Spans:
    """Yield runs of 7 to 15 digits, however they are separated, except dates in digits."""
    dates = list(_spans(_IN_DIGITS, text))
    for start, end in _spans(_PHONE, text):
        if not any(first < end and start < last for first, last in dates):
            yield start, end


def find_handles(text: str) -> Spans:
    """Yield code names of children: two words that one can be made of, in any spelling."""
    first, second = map(frozenset, load_word_lists())
    for match in _TWO_WORDS.finditer(text):
        if match["first"].lower() in first and match["second"].lower() in second:
            yield match.start("first"), match.end("second")


def find_by_pattern(kind: str, text: str) -> Spans:
    """Yield the places that have the shape of a kind of `PATTERNS`."""
    for pattern in PATTERNS[kind]:
        yield from (match.span(match.lastgroup or 0) for match in pattern.finditer(text))


def find_child_counts(line: str) -> Spans:
    """Yield numbers beside children: "3 children", "two of our children", "children: 3".

    Year groups, key stages, tables, days, years and sums of money do not count.
    """
    spans = sorted({span for pattern in _FIGURES for span in _spans(pattern, line)})
    last = 0
    for start, end in spans:
        if start >= last:
            yield start, end
            last = end
